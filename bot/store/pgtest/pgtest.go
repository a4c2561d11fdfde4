// Package pgtest runs a PostgreSQL server of its own for tests, out of what is
// installed on the machine: a [Cluster] in a temporary directory, which only
// this machine can reach. It gives up durability for speed: what was committed
// survives the death of the server, but not of the machine.
package pgtest

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const owner = "footnote" // of every database

// ErrMissing says that PostgreSQL is not installed.
var ErrMissing = errors.New("PostgreSQL is not installed: neither is initdb on the PATH nor is there /usr/lib/postgresql; on Debian, apt-get install postgresql")

// Cluster is a running server. Its methods are for one goroutine at a time,
// but for URL.
type Cluster struct {
	dir      string // of everything; the socket is in it
	bin      string
	password string
	server   *exec.Cmd
	ended    chan error // what became of the server
}

// Open starts a server that keeps all it has in a new directory within dir, or
// the system's for temporary files if that is empty. As root it runs the
// server as another user, who must be able to enter dir. It fails with
// ErrMissing if there is no PostgreSQL.
func Open(dir string) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	// A socket's path is 107 bytes at most.
	dir, err = os.MkdirTemp(dir, "pg")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, bin: bin, password: rand.Text()}
	if err := c.init(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := c.start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
}

// binaries returns the directory of the newest server's programs.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		path, err = filepath.EvalSymlinks(path) // its siblings may have no link
		return filepath.Dir(path), err
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", ErrMissing
	}
	return filepath.Dir(found[len(found)-1]), nil
}

func (c *Cluster) init() error {
	if err := giveAway(c.dir); err != nil {
		return err
	}
	secret := filepath.Join(c.dir, "password")
	if err := os.WriteFile(secret, []byte(c.password), 0o600); err != nil {
		return err
	}
	if err := giveAway(secret); err != nil {
		return err
	}
	return c.run("initdb", "-D", c.data(), "-U", owner, "--pwfile", secret, "-A", "scram-sha-256",
		"-E", "UTF8", "--locale", "C", "--no-sync", "--no-instructions")
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// command is one of PostgreSQL's programs, run as whom the server belongs to.
func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = unprivileged()
	return cmd
}

func (c *Cluster) run(name string, args ...string) error {
	out, err := c.command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(out))
	}
	return nil
}

func (c *Cluster) start() error {
	log, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	c.server = c.command("postgres", "-D", c.data(), "-k", c.dir, "-c", "listen_addresses=", "-c", "fsync=off")
	c.server.Stdout, c.server.Stderr = log, log
	if err := c.server.Start(); err != nil {
		return err
	}
	c.ended = make(chan error, 1)
	go func() { c.ended <- c.server.Wait() }()
	return c.ready()
}

// ready waits until the server answers.
func (c *Cluster) ready() error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(time.Minute)
	for {
		err := c.run("pg_isready", "-q", "-h", c.dir, "-U", owner, "-d", "postgres")
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case end := <-c.ended:
			log, _ := os.ReadFile(filepath.Join(c.dir, "log"))
			c.ended <- end
			return fmt.Errorf("postgres ended: %v: %s", end, bytes.TrimSpace(log))
		case <-timeout:
			return errors.Join(fmt.Errorf("postgres does not answer: %w", err), c.stop(syscall.SIGQUIT))
		}
	}
}

// stop ends the server: SIGINT in order, SIGQUIT at once.
func (c *Cluster) stop(sig syscall.Signal) error {
	if err := c.server.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-c.ended
	return nil
}

// URL is the address of a database, which need not exist; "postgres" does.
func (c *Cluster) URL(db string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(owner, c.password), Path: "/" + db}
	u.RawQuery = url.Values{"host": {c.dir}}.Encode()
	return u.String()
}

// Create makes an empty database of that name and returns its URL.
func (c *Cluster) Create(db string) (string, error) {
	if err := c.run("createdb", "--maintenance-db", c.URL("postgres"), db); err != nil {
		return "", err
	}
	return c.URL(db), nil
}

// Restart ends the server as if it had crashed and starts it again. It returns
// when it answers; the URLs stay.
func (c *Cluster) Restart() error {
	if err := c.Stop(); err != nil {
		return err
	}
	return c.Continue()
}

// Stop ends the server as if it had crashed, until Continue.
func (c *Cluster) Stop() error { return c.stop(syscall.SIGQUIT) }

// Continue starts the server after Stop and returns when it answers.
func (c *Cluster) Continue() error { return c.start() }

// Close ends the server and removes all it had.
func (c *Cluster) Close() error {
	return errors.Join(c.stop(syscall.SIGQUIT), os.RemoveAll(c.dir))
}

// name makes the name of a database out of a test's.
func name(test string, n int) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(test))
	return fmt.Sprintf("t%d_%.40s", n, clean)
}
