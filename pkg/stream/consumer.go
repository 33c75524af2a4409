package stream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ConsumerConfig names a durable consumer and what it asks for.
type ConsumerConfig struct {
	// Durable is the consumer's name. All processes that open one name share its messages.
	Durable string
	// Stream is [Events] when empty.
	Stream string
	// Subjects narrows what is delivered; everything when empty.
	Subjects []string
	// Batch is the largest number of messages that will be asked for at a time; 1 000 when zero. Up to four batches
	// may be without an outcome at a time, over all processes.
	Batch int
	// AckWait is how long a message may be without an outcome before it comes again; 2 min when zero. It must exceed
	// the longest wait between two calls of InProgress.
	AckWait time.Duration
}

func (cfg ConsumerConfig) withDefaults() ConsumerConfig {
	cfg.Stream = cmp.Or(cfg.Stream, Events)
	cfg.Batch = cmp.Or(cfg.Batch, 1000)
	cfg.AckWait = cmp.Or(cfg.AckWait, 2*time.Minute)
	return cfg
}

// Message is one message of a stream, as it was published.
type Message struct {
	Subject string
	Header  map[string][]string
	Data    []byte
	// Sequence is the message's place in the stream that was created at StreamCreated; together they are its name.
	Sequence      uint64
	StreamCreated time.Time
	// ReceivedAt is when the stream stored it.
	ReceivedAt time.Time
	// Delivered counts deliveries, this one included; 0 when the message came from [Conn.Get].
	Delivered int

	ack  string // the subject that takes its outcome
	size int    // as the server counts it
}

// Consumer fetches the messages of a durable consumer with explicit acks and without a limit on deliveries: what
// becomes poison is decided by who consumes. Fetch is for one goroutine; the outcomes may be given by any.
type Consumer struct {
	conn    *Conn
	cfg     ConsumerConfig
	created time.Time // of the stream
	inbox   string
	sub     *nats.Subscription
	arrived chan *nats.Msg
	left    []Message // taken from arrived for a batch they were not handed out with
	last    int       // how many messages the last fetch brought
	pulls   int
}

// Consumer opens a durable consumer, and makes it if it does not exist. A new one begins at the stream's first message.
func (c *Conn) Consumer(ctx context.Context, cfg ConsumerConfig) (*Consumer, error) {
	cfg = cfg.withDefaults()
	consumer := &Consumer{conn: c, cfg: cfg, inbox: c.nats.NewInbox() + "."}
	if err := consumer.ensure(ctx); err != nil {
		return nil, fmt.Errorf("open consumer %s: %w", cfg.Durable, err)
	}
	// No more can arrive than may be without an outcome, plus the server's remarks on a few pulls.
	consumer.arrived = make(chan *nats.Msg, consumer.maxAckPending()+64)
	sub, err := c.nats.ChanSubscribe(consumer.inbox+"*", consumer.arrived)
	if err != nil {
		return nil, fmt.Errorf("open consumer %s: %w", cfg.Durable, explain(err))
	}
	consumer.sub = sub
	return consumer, nil
}

func (c *Consumer) maxAckPending() int { return 4 * c.cfg.Batch }

// ensure makes the consumer and learns when its stream was created.
func (c *Consumer) ensure(ctx context.Context) error {
	if err := c.conn.Check(ctx); err != nil {
		return err
	}
	ctx, cancel := c.conn.bounded(ctx)
	defer cancel()
	stream, err := c.conn.js.Stream(ctx, c.cfg.Stream)
	if err != nil {
		return explain(err)
	}
	_, err = stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable:        c.cfg.Durable,
		FilterSubjects: c.cfg.Subjects,
		DeliverPolicy:  jetstream.DeliverAllPolicy,
		AckPolicy:      jetstream.AckExplicitPolicy,
		AckWait:        c.cfg.AckWait,
		MaxDeliver:     -1,
		MaxAckPending:  c.maxAckPending(),
	})
	c.created = stream.CachedInfo().Created
	return explain(err)
}

// gone: nobody answers for the consumer. The server may have just started, or somebody has deleted the consumer or
// its stream. It is made again, which at worst brings messages again that were dealt with.
//
// A server that has only just started may lose the question, so the wait for its answer is short: asking again is cheap,
// and whoever fetches must not stand still for the whole timeout of the connection.
func (c *Consumer) gone() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := c.ensure(ctx); err != nil {
		return err
	}
	return fmt.Errorf("%w: consumer %s did not answer; it stands now", ErrUnavailable, c.cfg.Durable)
}

func fromNATS(msg *nats.Msg) (Message, error) {
	meta, err := msg.Metadata()
	if err != nil {
		return Message{}, err
	}
	return Message{
		Subject:    msg.Subject,
		Header:     msg.Header,
		Data:       msg.Data,
		Sequence:   meta.Sequence.Stream,
		ReceivedAt: meta.Timestamp.UTC(),
		Delivered:  int(meta.NumDelivered),
		ack:        msg.Reply,
		size:       msg.Size(),
	}, nil
}

// Close stops receiving, and gives back what has come but was not handed out.
func (c *Consumer) Close() error {
	err := explain(c.sub.Unsubscribe())
	rest := fetch{consumer: c, count: math.MaxInt, bytes: math.MaxInt}
	rest.takeArrived()
	ctx, cancel := c.conn.bounded(context.Background())
	defer cancel()
	return errors.Join(err, c.Retry(ctx, 0, rest.messages...))
}
