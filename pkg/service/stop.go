package service

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"
)

// Stack holds named clean-ups and runs them in the reverse order of their pushing, so that whatever was started last,
// and may use the rest, stops first. The zero value is ready; it is safe for concurrent use.
type Stack struct {
	mu    sync.Mutex
	items []cleanup
}

type cleanup struct {
	name string
	run  func(context.Context) error
}

// Push adds a clean-up. Its context ends when the time given to [Stack.Stop] is over.
func (s *Stack) Push(name string, run func(context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items = append(s.items, cleanup{name, run})
}

// Stop runs all clean-ups once, the last pushed first, and returns within the given time: a clean-up that does not is
// left behind and named in the error, and those after it still get their turn. Called again it does nothing.
func (s *Stack) Stop(log *zap.Logger, within time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	var errs []error
	for {
		item, ok := s.pop()
		if !ok {
			return errors.Join(errs...)
		}
		log.Debug("stopping", zap.String("part", item.name))
		if err := item.stop(ctx); err != nil {
			errs = append(errs, fmt.Errorf("stop %s: %w", item.name, err))
		}
	}
}

func (s *Stack) pop() (cleanup, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.items) == 0 {
		return cleanup{}, false
	}
	last := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return last, true
}

// stop waits for the clean-up, but no longer than ctx. One whose turn comes when the time is over has a moment.
func (c cleanup) stop(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- c.run(ctx) }()
	over := ctx.Done()
	if ctx.Err() != nil {
		moment, cancel := context.WithTimeout(context.Background(), lastMoment)
		defer cancel()
		over = moment.Done()
	}
	select {
	case err := <-done:
		return err
	case <-over:
		return errors.New("did not end in time")
	}
}

// lastMoment is what each clean-up still gets after the time for all of them is over.
const lastMoment = 100 * time.Millisecond
