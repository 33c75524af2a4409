// Command vointi is all of Vointi in one binary: `vointi up` runs everything on this machine on embedded engines, and
// `vointi <service>` runs one service against servers elsewhere.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
	_ "time/tzdata" // days are Helsinki's, also on a machine without a time zone database
)

// Exit codes, for scripts.
const (
	exitDone   = 0
	exitFailed = 1 // the text on standard error says what to do
	exitUsage  = 2 // nothing was begun: a flag, a variable or a key of the file is wrong
	exitDiffer = 3 // a check ran to its end and found differences
)

// errDiffer is returned by commands that check something and have told what they found.
var errDiffer = errors.New("differences found")

// process is what the program knows of the world. Nothing below [main] looks at os itself, so that tests can run a
// whole process in theirs.
type process struct {
	args           []string
	environ        []string
	stdin          io.Reader
	stdout, stderr io.Writer
	exe            string // started again as the engine's child process
	now            func() time.Time
}

// memoryGoal is the memory up to which short-lived garbage may pile up.
const memoryGoal = 2 << 30

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the process at once
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // live memory is small and much of it short-lived: ingest takes a fifth less time
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryGoal) // beyond it the collector works as hard as it must: a rebuild's garbage is no reason to grow
	}
	exe, err := os.Executable()
	if err != nil {
		exe = os.Args[0]
	}
	os.Exit(run(ctx, &process{
		args: os.Args[1:], environ: os.Environ(), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		exe: exe, now: time.Now,
	}))
}

// run reads the command line, runs the command and returns its exit code.
func run(ctx context.Context, p *process) int {
	command, code := parse(p)
	if command == nil {
		return code
	}
	err := command(ctx)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errDiffer):
		return exitDiffer
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return exitDone // interrupted, as asked
	default:
		fmt.Fprintln(p.stderr, "vointi:", err)
		return exitFailed
	}
}
