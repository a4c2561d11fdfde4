package pgtest

import "syscall"

// unprivileged ends the server with the program, however that dies.
func unprivileged() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: servant(), Setpgid: true, Pdeathsig: syscall.SIGQUIT}
}
