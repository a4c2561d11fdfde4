//go:build unix

package pgtest

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// servant is whom the server runs as: PostgreSQL refuses to run as root. It is
// nil for whoever runs the program.
func servant() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32) // numbers on Unix
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return nil
}

func giveAway(path string) error {
	if s := servant(); s != nil {
		return os.Chown(path, int(s.Uid), int(s.Gid))
	}
	return nil
}
