package calendar

import (
	"context"
	"time"
)

// Poll reads the first feed once, and tells how long to wait until the next time.
func (c *Calendar) Poll(ctx context.Context) time.Duration { return c.pollers[0].poll(ctx) }

// OnWait replaces waiting between two tries.
func (c *Calendar) OnWait(wait func(time.Duration)) {
	c.pollers[0].fetcher.Wait = func(_ context.Context, d time.Duration) error {
		wait(d)
		return nil
	}
}
