package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// Fetch returns as soon as maxCount messages or maxBytes of them have come, or wait is over; then with fewer or none.
// A message larger than maxBytes comes alone.
//
// An error wraps [ErrUnavailable] or [ErrNoStream] and comes without messages; calling again is right. When ctx ends,
// the error is that of ctx, and what had come is for the next Fetch, or for [Consumer.Close] to give back.
func (c *Consumer) Fetch(ctx context.Context, maxCount, maxBytes int, wait time.Duration) ([]Message, error) {
	f := fetch{consumer: c, count: maxCount, bytes: maxBytes, until: time.Now().Add(wait)}
	f.messages = make([]Message, 0, min(c.last, maxCount))
	messages, err := f.run(ctx)
	c.last = len(messages)
	if err != nil {
		return nil, fmt.Errorf("fetch from %s: %w", c.cfg.Durable, err)
	}
	return messages, nil
}

// pullBytes is the most that one pull asks for; a fetch of more takes several. What a client does not read at once piles
// up in the server, which at 64 MiB takes it for dead (max_pending by default) and hangs up: what was under way would come
// again only after AckWait. Two pulls may be under way, since one can outlive its fetch.
const pullBytes = 24 << 20

// fetch is one call of Fetch under way: what it may bring, and what it has.
type fetch struct {
	consumer     *Consumer
	count, bytes int
	until        time.Time
	pull         string // the subject of the server's remarks on the pull under way
	before       int    // how many messages there were when it was asked for
	messages     []Message
	size         int
}

func (f *fetch) run(ctx context.Context) ([]Message, error) {
	ctx, cancel := context.WithDeadline(ctx, f.until)
	defer cancel()
	if err := f.consumer.conn.Await(ctx); err != nil {
		return nil, err
	}
	if f.takeArrived() {
		return f.messages, nil
	}
	done, err := false, f.askMore()
	for err == nil && !done {
		select {
		case msg := <-f.consumer.arrived:
			done, err = f.take(msg)
		case <-ctx.Done():
			return f.leave(ctx)
		}
	}
	if len(f.messages) > 0 {
		return f.messages, nil
	}
	return nil, err
}

// leave ends a fetch for want of time: its own, or that of its caller.
func (f *fetch) leave(ctx context.Context) ([]Message, error) {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return f.messages, nil
	}
	f.consumer.left = append(f.messages, f.consumer.left...)
	return nil, ctx.Err()
}

// takeArrived takes what was left by the fetches before or came too late for them, and says whether that is enough.
func (f *fetch) takeArrived() (full bool) {
	c := f.consumer
	for len(c.left) > 0 && !full {
		next := c.left[0]
		c.left = c.left[1:]
		full = f.add(next)
	}
	for !full {
		select {
		case msg := <-c.arrived:
			full = msg.Reply != "" && f.receive(msg)
		default:
			return false
		}
	}
	return true
}

// askMore asks for what the batch has room for, or a part of it.
func (f *fetch) askMore() error {
	return f.ask(f.count-len(f.messages), min(f.bytes-f.size, pullBytes))
}

// ask sends a pull request. The server forgets it when the fetch is over.
func (f *fetch) ask(count, bytes int) error {
	c := f.consumer
	body, err := json.Marshal(struct {
		Batch    int           `json:"batch"`
		MaxBytes int           `json:"max_bytes,omitempty"`
		Expires  time.Duration `json:"expires"`
	}{count, bytes, max(time.Until(f.until), time.Millisecond)})
	if err != nil {
		return err
	}
	c.pulls++
	f.before = len(f.messages)
	f.pull = fmt.Sprintf("%s%d", c.inbox, c.pulls)
	subject := "$JS.API.CONSUMER.MSG.NEXT." + c.cfg.Stream + "." + c.cfg.Durable
	return explain(c.conn.nats.PublishRequest(subject, f.pull, body))
}

// take takes what came in: a message of the stream, or the server's remark on a pull.
func (f *fetch) take(msg *nats.Msg) (done bool, err error) {
	switch {
	case msg.Reply != "":
		return f.receive(msg), nil
	case msg.Subject == f.pull:
		return f.remark(msg.Header.Get("Status"), msg.Header.Get("Description"))
	default:
		return false, nil // a remark on a pull that is over
	}
}

// receive adds a message of the stream.
func (f *fetch) receive(msg *nats.Msg) (full bool) {
	message, err := fromNATS(msg)
	if err != nil {
		return false // a stranger wrote to the inbox
	}
	message.StreamCreated = f.consumer.created
	return f.add(message)
}

// add puts a message into the batch, or leaves it for the next if its bytes are too many, and says whether the batch is
// full.
func (f *fetch) add(m Message) (full bool) {
	if len(f.messages) > 0 && f.size+m.size > f.bytes {
		f.consumer.left = append([]Message{m}, f.consumer.left...)
		return true
	}
	f.messages = append(f.messages, m)
	f.size += m.size
	return len(f.messages) >= f.count || f.size >= f.bytes
}

// exceeded: the next message does not fit into the pull under way. It may fit into another.
func (f *fetch) exceeded() (done bool, err error) {
	switch len(f.messages) {
	case 0:
		return false, f.ask(1, 0) // alone, for otherwise it would bar the way for ever
	case f.before:
		return true, nil
	default:
		return false, f.askMore()
	}
}

// remark handles what the server says about a pull instead of a message. It mostly ends the pull; what the pull has
// brought is the batch then.
func (f *fetch) remark(status, text string) (done bool, err error) {
	switch {
	case status == "404", status == "408", strings.HasPrefix(text, "Batch Completed"):
		return true, nil
	case strings.HasPrefix(text, "Message Size Exceeds MaxBytes"):
		return f.exceeded()
	case status == "503", strings.HasPrefix(text, "Consumer Deleted"):
		return true, f.consumer.gone()
	default:
		return true, fmt.Errorf("%w: %s %s", ErrUnavailable, status, oneLine(text))
	}
}
