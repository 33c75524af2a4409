//go:build unix && !linux

package embedded

import "syscall"

// childAttributes keep the terminal's Ctrl-C from reaching the child; that its parent died it sees on standard input.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
