package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
)

func nopLog() *zap.Logger { return zap.NewNop() }

func TestProgress(t *testing.T) {
	at := time.Unix(0, 0)
	var out bytes.Buffer
	p := newProgress(&out, func() time.Time { return at })
	for i := range 11 {
		p.show("storing", i*100, 1000)
		at = at.Add(time.Second)
	}
	p.show("computing", 3, 0)
	p.end()
	p.end()
	want := "  storing: 0 of 1000\n  storing: 500 of 1000\n  storing: 1000 of 1000\n  storing: done in 11s\n  computing: 3\n  computing: done in 0s\n"
	if out.String() != want {
		t.Errorf("it says\n%swant\n%s", out.String(), want)
	}
}

// TestBriefProgress: of many short steps nothing is told, of a long one what it is and how long it took.
func TestBriefProgress(t *testing.T) {
	at := time.Unix(0, 0)
	var out bytes.Buffer
	p := newProgress(&out, func() time.Time { return at })
	p.brief = true
	for range 5 {
		p.show("messages", 1, 0)
		p.show("waiting", 0, 0)
	}
	at = at.Add(6 * time.Second)
	p.show("waiting", 6, 0)
	p.end()
	if want := "  waiting: 6\n  waiting: done in 6s\n"; out.String() != want {
		t.Errorf("it says %q, want %q", out.String(), want)
	}
}

func TestProgressOnATerminal(t *testing.T) {
	at := time.Unix(0, 0)
	var out bytes.Buffer
	p := newProgress(&out, func() time.Time { return at })
	p.terminal = true
	for i := range 100 {
		p.show("storing", i, 99)
		at = at.Add(50 * time.Millisecond)
	}
	p.end()
	if n := strings.Count(out.String(), "["); n != 50 {
		t.Errorf("drawn %d times", n)
	}
	if n := strings.Count(out.String(), "\n"); n != 1 {
		t.Errorf("it takes %d lines", n)
	}
}
