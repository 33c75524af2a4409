//go:build unix

package secret

import (
	"os"
	"syscall"
)

// lockFile waits for the lock on a file, which ends when the file is closed or the process ends.
func lockFile(file *os.File) error { return syscall.Flock(int(file.Fd()), syscall.LOCK_EX) }
