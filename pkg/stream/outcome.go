package stream

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// Ack says that the messages are dealt with for good. It returns when the server has the acks; they are sent together
// and cost no round trip each. An error says that some may not have arrived: those messages come again.
func (c *Consumer) Ack(ctx context.Context, messages ...Message) error {
	return c.answer(ctx, "ack", nil, messages)
}

// Retry gives the messages back; they come again after delay, to any process that shares the consumer.
func (c *Consumer) Retry(ctx context.Context, delay time.Duration, messages ...Message) error {
	nak := []byte("-NAK")
	if delay > 0 {
		nak = strconv.AppendInt([]byte(`-NAK {"delay": `), int64(delay), 10)
		nak = append(nak, '}')
	}
	return c.answer(ctx, "retry", nak, messages)
}

// InProgress begins the messages' AckWait anew. Called more often than that, a batch can be worked at for ever.
func (c *Consumer) InProgress(ctx context.Context, messages ...Message) error {
	return c.answer(ctx, "in progress", []byte("+WPI"), messages)
}

// answer sends the same answer for each message, then waits once until the server has read them all.
func (c *Consumer) answer(ctx context.Context, what string, body []byte, messages []Message) error {
	if len(messages) == 0 {
		return nil
	}
	for i := range messages {
		if err := c.conn.nats.Publish(messages[i].ack, body); err != nil {
			return fmt.Errorf("%s %d messages: %w", what, len(messages), explain(err))
		}
	}
	ctx, cancel := c.conn.bounded(ctx)
	defer cancel()
	if err := c.conn.nats.FlushWithContext(ctx); err != nil {
		return fmt.Errorf("%s %d messages: %w", what, len(messages), explain(err))
	}
	return nil
}
