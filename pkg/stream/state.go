package stream

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// StreamState is what a stream holds. Created and a sequence name a message for good: a stream made anew counts anew.
type StreamState struct {
	Created     time.Time
	First, Last uint64 // sequences; First > Last when the stream is empty
	Messages    uint64
	Bytes       uint64
	MaxBytes    int64 // Bytes at which publishers are refused
}

// StreamState asks the server about a stream.
func (c *Conn) StreamState(ctx context.Context, name string) (StreamState, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	stream, err := c.js.Stream(ctx, name)
	if err != nil {
		return StreamState{}, fmt.Errorf("state of stream %s: %w", name, explain(err))
	}
	info := stream.CachedInfo()
	return StreamState{
		Created:  info.Created.UTC(),
		First:    info.State.FirstSeq,
		Last:     info.State.LastSeq,
		Messages: info.State.Msgs,
		Bytes:    info.State.Bytes,
		MaxBytes: info.Config.MaxBytes,
	}, nil
}

// ConsumerState is how far a consumer is.
type ConsumerState struct {
	// AckFloor is the stream sequence up to which everything has been acked; nothing at or below it will come again.
	AckFloor uint64
	// Delivered is the highest stream sequence handed out.
	Delivered uint64
	// Pending messages have not been handed out, AckPending have no outcome yet, Redelivered are among those and have
	// been handed out more than once.
	Pending     uint64
	AckPending  int
	Redelivered int
	// Created is when the consumer was made: one made anew begins at the stream's first message again.
	Created time.Time
}

// ConsumerState asks the server about a consumer of a stream; anybody may ask.
func (c *Conn) ConsumerState(ctx context.Context, stream, durable string) (ConsumerState, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	consumer, err := c.js.Consumer(ctx, stream, durable)
	if err != nil {
		return ConsumerState{}, fmt.Errorf("state of consumer %s: %w", durable, explain(err))
	}
	info := consumer.CachedInfo()
	return ConsumerState{
		AckFloor:    info.AckFloor.Stream,
		Delivered:   info.Delivered.Stream,
		Pending:     info.NumPending,
		AckPending:  info.NumAckPending,
		Redelivered: info.NumRedelivered,
		Created:     info.Created.UTC(),
	}, nil
}

// State is [Conn.ConsumerState] of this consumer.
func (c *Consumer) State(ctx context.Context) (ConsumerState, error) {
	return c.conn.ConsumerState(ctx, c.cfg.Stream, c.cfg.Durable)
}

// Get reads one message of a stream again, whatever consumers have made of it. [ErrNotFound]: it is no longer there.
// The message has no outcome to give.
func (c *Conn) Get(ctx context.Context, stream string, sequence uint64) (Message, error) {
	message, err := c.get(ctx, stream, sequence)
	if err != nil {
		return Message{}, fmt.Errorf("get message %d of %s: %w", sequence, stream, err)
	}
	return message, nil
}

func (c *Conn) get(ctx context.Context, stream string, sequence uint64) (Message, error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	s, err := c.js.Stream(ctx, stream)
	if err != nil {
		return Message{}, explain(err)
	}
	raw, err := s.GetMsg(ctx, sequence)
	if err != nil {
		return Message{}, explain(err)
	}
	return Message{
		Subject:       raw.Subject,
		Header:        raw.Header,
		Data:          raw.Data,
		Sequence:      raw.Sequence,
		StreamCreated: s.CachedInfo().Created.UTC(),
		ReceivedAt:    raw.Time.UTC(),
	}, nil
}

// Delete removes one message and overwrites its bytes in the stream's files. One that is no longer there is as good as
// deleted.
func (c *Conn) Delete(ctx context.Context, stream string, sequence uint64) error {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	s, err := c.js.Stream(ctx, stream)
	if err != nil {
		return fmt.Errorf("delete message %d of %s: %w", sequence, stream, explain(err))
	}
	refused := s.SecureDeleteMsg(ctx, sequence)
	if refused == nil {
		return nil
	}
	if _, err := s.GetMsg(ctx, sequence); errors.Is(explain(err), ErrNotFound) { // the client does not tell why it was refused
		return nil
	}
	return fmt.Errorf("delete message %d of %s: %w", sequence, stream, explain(refused))
}
