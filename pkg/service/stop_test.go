package service_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/service"
)

func TestStackStopsInReverseOrderAndOnce(t *testing.T) {
	var stack service.Stack
	var order []string
	for _, name := range []string{"bus", "warehouse", "listener"} {
		stack.Push(name, func(context.Context) error {
			order = append(order, name)
			return nil
		})
	}
	noErr(t, stack.Stop(zap.NewNop(), time.Minute))
	noErr(t, stack.Stop(zap.NewNop(), time.Minute))
	if want := []string{"listener", "warehouse", "bus"}; !slices.Equal(order, want) {
		t.Errorf("stopped %v, want %v", order, want)
	}
}

func TestStackNamesWhatFailed(t *testing.T) {
	var stack service.Stack
	stack.Push("bus", func(context.Context) error { return errors.New("boom") })
	stack.Push("listener", func(context.Context) error { return nil })
	wantText(t, stack.Stop(zap.NewNop(), time.Minute), "stop bus: boom")
}

func TestStackDoesNotWaitForWhatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stack service.Stack
		release := make(chan struct{})
		ran := false
		stack.Push("bus", func(context.Context) error {
			ran = true
			return nil
		})
		stack.Push("hangs", func(context.Context) error {
			<-release
			return nil
		})
		began := time.Now()
		wantText(t, stack.Stop(zap.NewNop(), time.Second), "stop hangs: did not end in time")
		if waited := time.Since(began); waited > 2*time.Second {
			t.Errorf("waited %s", waited)
		}
		if !ran {
			t.Error("what came after the one that hangs had no turn")
		}
		close(release)
	})
}

func TestStackTellsCleanUpsWhenTheTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stack service.Stack
		stack.Push("patient", func(ctx context.Context) error {
			<-ctx.Done()
			return nil
		})
		_ = stack.Stop(zap.NewNop(), time.Second) // either of them may win
	})
}

func TestStackConcurrently(t *testing.T) {
	var stack service.Stack
	var mu sync.Mutex
	runs := 0
	for range 50 {
		stack.Push("part", func(context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			runs++
			return nil
		})
	}
	var stoppers sync.WaitGroup
	for range 4 {
		stoppers.Go(func() { _ = stack.Stop(zap.NewNop(), time.Minute) })
	}
	stoppers.Wait()
	if runs != 50 {
		t.Errorf("%d clean-ups ran, want 50", runs)
	}
}
