package main

import (
	"fmt"
	"runtime"
)

// buildVersion is set when building: -ldflags '-X main.buildVersion=…'.
var buildVersion = "unknown"

func version() string { return buildVersion }

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(p *process) error {
	_, err := fmt.Fprintf(p.stdout, "vointi %s %s/%s %s\n", version(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	return err
}
