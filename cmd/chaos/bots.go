package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// program is the footnote program, and the directory where it works and leaves
// its logs.
type program struct {
	binary, dir string
	settings    []string // the environment of a replica: NAME=value
}

// build makes the program, if it is not given, and returns it.
func build(ctx context.Context, binary, dir string) (*program, error) {
	if binary == "" {
		binary = filepath.Join(dir, "footnote")
		out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "footnote/cmd/footnote").CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("build footnote: %w\n%s", err, out)
		}
	}
	binary, err := filepath.Abs(binary)
	return &program{binary: binary, dir: dir}, err
}

// process is a run of the program that ends with ctx and whose errors go to a
// log of the given name. The caller closes the log when it has ended.
func (p *program) process(ctx context.Context, log string, args ...string) (*exec.Cmd, *os.File, error) {
	f, err := os.OpenFile(filepath.Join(p.dir, log), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.CommandContext(ctx, p.binary, args...)
	cmd.Dir, cmd.Stderr = p.dir, f
	cmd.Env = append([]string{"FOOTNOTE_ADMIN_ADDRESS=off"}, p.settings...) // and nothing of the caller's own bot
	return cmd, f, nil
}

// workspace starts the workspace and returns how to reach it and how to end
// it. It keeps what it prints for the replicas.
func (p *program) workspace() (*workspace, func(), error) {
	cmd, log, err := p.process(context.Background(), "workspace.log", "sim", "--workspace-only", "--listen", "127.0.0.1:0", "--retry-forever", "5s", "--rate-limit")
	if err != nil {
		return nil, nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("start the workspace: %w", err)
	}
	stop := func() {
		_ = cmd.Process.Kill() // it keeps nothing
		_ = cmd.Wait()
		_ = log.Close()
	}
	var api string
	lines := bufio.NewReader(stdout)
	for range 3 {
		line, err := lines.ReadString('\n')
		if err != nil {
			stop()
			return nil, nil, fmt.Errorf("the workspace did not start: see %s", log.Name())
		}
		line = strings.TrimSpace(line)
		p.settings = append(p.settings, line)
		if url, ok := strings.CutPrefix(line, "SLACK_API_URL="); ok {
			api = url
		}
	}
	return newWorkspace(strings.TrimSuffix(api, "/api/")), stop, nil
}

// replica is one bot process after the other.
type replica struct {
	*program
	n     int
	rand  *rand.Rand
	kills []time.Duration
	begun time.Time

	killed  atomic.Int64
	crashed atomic.Int64 // it ended by itself
}

// hopeless is how many processes in a row may end by themselves. A database is
// away for less than it takes to start so many.
const hopeless = 60

// keep runs the replica until ctx is done, and kills it when it is time to. It
// returns an error if no process stays, or if the last one does not stop when
// it is told to.
func (r *replica) keep(ctx context.Context) error {
	for inRow := 0; inRow < hopeless; inRow++ {
		cmd, log, err := r.process(context.WithoutCancel(ctx), r.log(), "run")
		if err != nil {
			return err
		}
		if err := cmd.Start(); err != nil {
			return fmt.Errorf("start replica %d: %w", r.n+1, err)
		}
		ended := make(chan error, 1)
		go func() {
			ended <- cmd.Wait()
			_ = log.Close()
		}()
		pause := 50*time.Millisecond + time.Duration(r.rand.Int64N(int64(500*time.Millisecond)))
		select {
		case <-r.doom():
			_ = cmd.Process.Kill() // or else it has just ended by itself
			<-ended
			r.killed.Add(1)
			r.kills = r.kills[1:]
			inRow = 0
		case <-ended:
			r.crashed.Add(1)
		case <-ctx.Done():
			return r.stop(cmd, ended)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
	}
	return fmt.Errorf("replica %d ended by itself %d times in a row: see %s", r.n+1, hopeless, filepath.Join(r.dir, r.log()))
}

func (r *replica) log() string { return fmt.Sprintf("replica-%d.log", r.n+1) }

// doom is when the process that runs is to be killed; never if it is to live.
func (r *replica) doom() <-chan time.Time {
	if len(r.kills) == 0 {
		return nil
	}
	return time.After(time.Until(r.begun.Add(r.kills[0])))
}

// stop ends a process as an operator does.
func (r *replica) stop(cmd *exec.Cmd, ended <-chan error) error {
	const patience = 20 * time.Second
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return errors.Join(fmt.Errorf("stop replica %d: %w", r.n+1, err), cmd.Process.Kill(), <-ended)
	}
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("replica %d did not stop cleanly: %w", r.n+1, err)
		}
		return nil
	case <-time.After(patience):
		return errors.Join(fmt.Errorf("replica %d did not stop within %s of SIGTERM", r.n+1, patience), cmd.Process.Kill(), <-ended)
	}
}

// entry is a line of the ledger.
type entry struct {
	Key     string `json:"key"`
	State   string `json:"state"`
	Tries   int    `json:"tries"`
	Error   string `json:"error"`
	ReplyTS string `json:"reply_ts"`
}

// ledger asks the program what its ledger holds: what is owed and set aside, and
// so many of what was answered.
func (p *program) ledger(ctx context.Context, answered int) ([]entry, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	cmd, log, err := p.process(ctx, "ledger.log", "ledger", "--json", "--last", strconv.Itoa(answered))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("footnote ledger: %w: see %s", err, log.Name())
	}
	var all []entry
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var e entry
		if err := dec.Decode(&e); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("footnote ledger: %w", err)
		}
		all = append(all, e)
	}
}
