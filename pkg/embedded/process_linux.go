package embedded

import "syscall"

// childAttributes make the child die with its parent, and keep the terminal's Ctrl-C from reaching it: the parent stops
// it in its own order.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
