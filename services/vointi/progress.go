package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// progress shows how far long work is: a bar on a terminal, a plain line now and then elsewhere. It is for one
// goroutine at a time.
type progress struct {
	out      io.Writer
	terminal bool
	brief    bool // tell only what takes long, unless on a terminal: for work of many short steps
	now      func() time.Time
	what     string
	shown    time.Time
	began    time.Time
}

func newProgress(out io.Writer, now func() time.Time) *progress {
	file, ok := out.(*os.File)
	return &progress{out: out, terminal: ok && term.IsTerminal(int(file.Fd())), now: now}
}

const (
	barWidth  = 30
	barEvery  = 100 * time.Millisecond
	lineEvery = 5 * time.Second
)

// show tells that done of total are done; total 0 is unknown. What is being done may change between calls; a new one
// begins a new line.
func (p *progress) show(what string, done, total int) {
	at := p.now()
	if what != p.what {
		p.end()
		p.what, p.began, p.shown = what, at, time.Time{}
		if p.brief && !p.terminal {
			p.shown = at
		}
	}
	every := lineEvery
	if p.terminal {
		every = barEvery
	}
	if at.Sub(p.shown) < every {
		return
	}
	p.shown = at
	p.write(done, total)
}

func (p *progress) write(done, total int) {
	switch {
	case p.terminal && total > 0:
		filled := min(barWidth, barWidth*done/total)
		fmt.Fprintf(p.out, "\r  %-28s [%s%s] %3d %%  ", p.what, strings.Repeat("█", filled), strings.Repeat("·", barWidth-filled), 100*done/total)
	case p.terminal:
		fmt.Fprintf(p.out, "\r  %-28s %d  ", p.what, done)
	case total > 0:
		fmt.Fprintf(p.out, "  %s: %d of %d\n", p.what, done, total)
	default:
		fmt.Fprintf(p.out, "  %s: %d\n", p.what, done)
	}
}

// end finishes the line of what is being done and says how long it took.
func (p *progress) end() {
	if p.what == "" {
		return
	}
	took := p.now().Sub(p.began).Round(100 * time.Millisecond)
	switch {
	case p.brief && !p.terminal && took < lineEvery:
	case p.terminal:
		fmt.Fprintf(p.out, "\r  %-28s done in %s%s\n", p.what, took, strings.Repeat(" ", barWidth))
	default:
		fmt.Fprintf(p.out, "  %s: done in %s\n", p.what, took)
	}
	p.what = ""
}
