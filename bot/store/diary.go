package store

import (
	"io"
	"os"
	"strings"
)

// The lock file is a diary as well: while the ledger is in use it names the boot
// of the machine that uses it, and it is empty when all that was committed is on
// disk. A machine that lost power can be told from a process that was killed,
// which takes nothing with it.

// openDiary begins a use of the ledger. It reports whether the machine may have
// died during the last one.
func openDiary(f *os.File) (died bool, err error) {
	last, err := io.ReadAll(f)
	if err != nil {
		return false, err
	}
	boot := bootID()
	died = len(last) > 0 && (boot == unknownBoot || string(last) != boot)
	if err := f.Truncate(0); err != nil {
		return died, err
	}
	if _, err := f.WriteAt([]byte(boot), 0); err != nil {
		return died, err
	}
	return died, f.Sync()
}

// closeDiary ends a use of the ledger of which everything is on disk.
func closeDiary(f *os.File) error { return f.Truncate(0) }

const unknownBoot = "unknown"

// bootID names this run of the machine's operating system.
func bootID() string {
	id, err := os.ReadFile("/proc/sys/kernel/random/boot_id") // Linux alone has it
	if err != nil {
		return unknownBoot
	}
	return strings.TrimSpace(string(id))
}
