//go:build !unix

package main

import "os"

// lockFile takes no lock: the taken ports keep a second instance away.
func lockFile(*os.File) error { return nil }
