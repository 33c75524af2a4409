package main

import (
	"context"

	"vointi.fi/pkg/embedded"
	"vointi.fi/pkg/service"
)

type clickhouseCommand struct {
	Log service.LogConfig `embed:""`
}

// Run is the embedded engine: it reads what it needs, a password's hash among it, from standard input.
func (c *clickhouseCommand) Run(ctx context.Context, proc *process) error {
	log, err := service.NewLogger(c.Log)
	if err != nil {
		return err
	}
	return embedded.ServeClickHouse(ctx, proc.stdin, log)
}
