package ingester

import (
	"errors"
	"fmt"
	"time"
)

// Config is what an operator decides about the ingester. Start from [DefaultConfig].
type Config struct {
	// BatchCount, BatchBytes and BatchAge end a batch, whichever comes first. Larger batches cost the warehouse less;
	// the age bounds how long an event waits for company.
	BatchCount int
	BatchBytes int
	BatchAge   time.Duration
	// Workers is how many batches are under way at a time: while one is inserted, another is fetched and decoded.
	Workers int
	// RetryFirst and RetryLongest bound the wait between attempts while the warehouse or the bus is out of reach.
	RetryFirst   time.Duration
	RetryLongest time.Duration
	// Extend is how often the deadlines of the messages in hand are extended. It must be well below the consumer's
	// AckWait.
	Extend time.Duration
	// StallAfter is how long messages may wait without any batch being finished before the ingester calls itself
	// unhealthy.
	StallAfter time.Duration
	// AccountEvery is how often receipts are held against the stream.
	AccountEvery time.Duration
	// StopGrace is how long batches in hand may take to finish once the ingester is told to stop. After that they are
	// given back.
	StopGrace time.Duration
	// CorrectAny lists the sources that may correct and void the events of other sources.
	CorrectAny []string
	// Version of this program, for dead letters.
	Version string
	// Fault, if set, is called at each boundary between two effects. It is for tests that kill the process there.
	Fault func(Step) `json:"-"`
}

// DefaultConfig returns the settings that suit one machine.
func DefaultConfig() Config {
	return Config{
		BatchCount:   100_000,
		BatchBytes:   96 << 20,
		BatchAge:     250 * time.Millisecond,
		Workers:      2,
		RetryFirst:   50 * time.Millisecond,
		RetryLongest: 10 * time.Second,
		Extend:       15 * time.Second,
		StallAfter:   time.Minute,
		AccountEvery: 10 * time.Second,
		StopGrace:    5 * time.Second,
		Version:      "unknown",
	}
}

// Validate returns all faults at once.
func (c Config) Validate() error {
	var faults []error
	positive := func(name string, ok bool, value any) {
		if !ok {
			faults = append(faults, fmt.Errorf("%s must be positive, is %v", name, value))
		}
	}
	positive("batch_count", c.BatchCount > 0, c.BatchCount)
	positive("batch_bytes", c.BatchBytes > 0, c.BatchBytes)
	positive("batch_age", c.BatchAge > 0, c.BatchAge)
	positive("workers", c.Workers > 0, c.Workers)
	positive("retry_first", c.RetryFirst > 0, c.RetryFirst)
	positive("extend", c.Extend > 0, c.Extend)
	positive("stall_after", c.StallAfter > 0, c.StallAfter)
	positive("account_every", c.AccountEvery > 0, c.AccountEvery)
	positive("stop_grace", c.StopGrace > 0, c.StopGrace)
	if c.StallAfter <= c.AccountEvery {
		faults = append(faults, fmt.Errorf("stall_after %v must exceed account_every %v, or an idle ingester looks stalled", c.StallAfter, c.AccountEvery))
	}
	if c.RetryLongest < c.RetryFirst {
		faults = append(faults, fmt.Errorf("retry_longest %v must be at least retry_first %v", c.RetryLongest, c.RetryFirst))
	}
	if len(faults) > 0 {
		return fmt.Errorf("ingester: %w", errors.Join(faults...))
	}
	return nil
}
