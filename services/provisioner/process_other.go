//go:build !unix

package provisioner

import "syscall"

func ownGroup() *syscall.SysProcAttr { return nil }
