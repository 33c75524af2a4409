//go:build unix

package main

import (
	"os"
	"syscall"
)

// lockFile takes the lock, which ends with the process, however that ends.
func lockFile(file *os.File) error {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
