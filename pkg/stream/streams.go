package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// StreamConfig is what an operator decides about the streams. The zero value is usable.
type StreamConfig struct {
	// MaxBytes of the events stream; when it is full, publishers are refused. 8 GiB when zero.
	MaxBytes int64
	// MaxAge of an event in the stream, counted from its arrival; 30 days when zero.
	MaxAge time.Duration
	// Replicas of each stream; 1 when zero.
	Replicas int
}

const (
	day               = 24 * time.Hour
	defaultMaxBytes   = 8 << 30
	updatesMaxBytes   = 256 << 20
	updatesMaxAge     = 7 * day
	stateMaxBytes     = 1 << 30
	deduplicateWithin = 2 * time.Minute // covers a publisher's retry, not a replay
)

func (cfg StreamConfig) withDefaults() StreamConfig {
	if cfg.MaxBytes <= 0 {
		cfg.MaxBytes = defaultMaxBytes
	}
	if cfg.MaxAge <= 0 {
		cfg.MaxAge = 30 * day
	}
	cfg.Replicas = max(cfg.Replicas, 1)
	return cfg
}

// EnsureStreams makes the streams, or changes them to what cfg says; done already, it changes nothing. It waits for
// the server as long as ctx allows.
func (c *Conn) EnsureStreams(ctx context.Context, cfg StreamConfig) error {
	if err := c.Await(ctx); err != nil {
		return fmt.Errorf("ensure streams: %w", err)
	}
	cfg = cfg.withDefaults()
	for _, config := range []jetstream.StreamConfig{eventsStream(cfg), updatesStream(cfg), stateStream(cfg)} {
		if err := c.ensureStream(ctx, config); err != nil {
			return fmt.Errorf("ensure stream %s: %w", config.Name, err)
		}
	}
	return nil
}

func (c *Conn) ensureStream(ctx context.Context, config jetstream.StreamConfig) error {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	_, err := c.js.CreateOrUpdateStream(ctx, config)
	return explain(err)
}

// eventsStream keeps what it has: when full it refuses new events, whose publishers are told, instead of dropping old
// ones, which nobody would notice. Stream time is arrival, so events of any age are kept for MaxAge.
func eventsStream(cfg StreamConfig) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:               Events,
		Description:        "events of all services; subjects are type and area",
		Subjects:           []string{EventsPrefix + ">"},
		Retention:          jetstream.LimitsPolicy,
		Storage:            jetstream.FileStorage,
		Discard:            jetstream.DiscardNew,
		MaxAge:             cfg.MaxAge,
		MaxBytes:           cfg.MaxBytes,
		Replicas:           cfg.Replicas,
		Duplicates:         deduplicateWithin,
		AllowAtomicPublish: true,
		AllowDirect:        true,
	}
}

// updatesStream drops old news: whoever needs the state reads the read model.
func updatesStream(cfg StreamConfig) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:               Updates,
		Description:        "what the pipeline tells the world; never ingested",
		Subjects:           []string{UpdatesPrefix + ">"},
		Retention:          jetstream.LimitsPolicy,
		Storage:            jetstream.FileStorage,
		Discard:            jetstream.DiscardOld,
		MaxAge:             min(cfg.MaxAge, updatesMaxAge),
		MaxBytes:           min(cfg.MaxBytes, updatesMaxBytes),
		Replicas:           cfg.Replicas,
		Duplicates:         min(cfg.MaxAge, deduplicateWithin),
		AllowAtomicPublish: true,
		AllowDirect:        true,
	}
}

// stateStream keeps the last record of each key for good; when full it refuses, since nothing may be forgotten.
func stateStream(cfg StreamConfig) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:               State,
		Description:        "what services that emit must remember; the last of each subject",
		Subjects:           []string{StatePrefix + ">"},
		Retention:          jetstream.LimitsPolicy,
		Storage:            jetstream.FileStorage,
		Discard:            jetstream.DiscardNew,
		MaxMsgsPerSubject:  1,
		MaxBytes:           min(cfg.MaxBytes, stateMaxBytes),
		Replicas:           cfg.Replicas,
		AllowAtomicPublish: true,
		AllowDirect:        true,
	}
}
