package stream

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/synadia-io/orbit.go/jetstreamext"
)

// Record is something that a service must remember: the last data written under a key of dots and words, such as
// calendar.feed.library.
type Record struct {
	Key      string
	Data     []byte
	Sequence uint64 // of the stream; grows with every record that is written, of whatever key
}

// recordPage is how many records are asked for at a time, by number and by size.
const recordPage, recordPageBytes = 1000, 4 << 20

// Records returns the records whose keys match a pattern with * and >, in the order in which they were last written.
func (c *Conn) Records(ctx context.Context, pattern string) (records []Record, err error) {
	for from := uint64(1); ; {
		page, err := c.recordPage(ctx, pattern, from)
		if err != nil {
			return nil, fmt.Errorf("read records %s: %w", pattern, err)
		}
		if len(page) == 0 {
			return records, nil
		}
		records = append(records, page...)
		from = page[len(page)-1].Sequence + 1
	}
}

// LastRecords returns the records whose keys match one of several patterns, at most [MaxBatch] of them.
func (c *Conn) LastRecords(ctx context.Context, patterns []string) ([]Record, error) {
	subjects := make([]string, len(patterns))
	for i, p := range patterns {
		subjects[i] = StatePrefix + p
	}
	records, err := c.getRecords(ctx, func(ctx context.Context) (iter.Seq2[*jetstream.RawStreamMsg, error], error) {
		return jetstreamext.GetLastMsgsFor(ctx, c.js, State, subjects, jetstreamext.GetLastMsgsBatchSize(MaxBatch))
	})
	if err != nil {
		return nil, fmt.Errorf("read records of %d patterns: %w", len(patterns), err)
	}
	return records, nil
}

func (c *Conn) recordPage(ctx context.Context, pattern string, from uint64) ([]Record, error) {
	return c.getRecords(ctx, c.pageOf(State, StatePrefix+pattern, from))
}

func (c *Conn) getRecords(ctx context.Context, ask asking) (page []Record, err error) {
	messages, err := c.getMessages(ctx, ask)
	for _, m := range messages {
		page = append(page, Record{Key: m.Subject[len(StatePrefix):], Data: m.Data, Sequence: m.Sequence})
	}
	return page, err
}

// Page returns messages of a stream on subjects that match a pattern, in order, the first ones from a sequence on; none if
// there are no more. Whoever goes on after the last one's sequence reads all there is, and later what has come since. They
// have no outcome to give.
func (c *Conn) Page(ctx context.Context, stream, subject string, from uint64) ([]Message, error) {
	messages, err := c.getMessages(ctx, c.pageOf(stream, subject, from))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", subject, err)
	}
	page := make([]Message, len(messages))
	for i, m := range messages {
		page[i] = Message{Subject: m.Subject, Header: m.Header, Data: m.Data, Sequence: m.Sequence, ReceivedAt: m.Time.UTC()}
	}
	return page, nil
}

// asking is a question that the server answers with messages.
type asking func(context.Context) (iter.Seq2[*jetstream.RawStreamMsg, error], error)

func (c *Conn) pageOf(stream, subject string, from uint64) asking {
	return func(ctx context.Context) (iter.Seq2[*jetstream.RawStreamMsg, error], error) {
		return jetstreamext.GetBatch(ctx, c.js, stream, recordPage,
			jetstreamext.GetBatchSeq(from), jetstreamext.GetBatchSubject(subject), jetstreamext.GetBatchMaxBytes(recordPageBytes))
	}
}

// getMessages asks, and takes what is answered as a whole.
func (c *Conn) getMessages(ctx context.Context, ask asking) (page []*jetstream.RawStreamMsg, err error) {
	ctx, cancel := c.bounded(ctx)
	defer cancel()
	if err := c.Check(ctx); err != nil {
		return nil, err
	}
	messages, err := ask(ctx)
	if err != nil {
		return nil, explain(err)
	}
	for m, err := range messages {
		switch {
		case errors.Is(err, jetstreamext.ErrNoMessages):
			return page, nil
		case err != nil:
			return nil, explain(err)
		}
		page = append(page, m)
	}
	return page, nil
}

// WriteRecords stores all records or none, and returns the sequence of the last; the first has that less their number
// plus one. [ErrConflict]: the first key was written by somebody else after the sequence last, which is 0 if it should not
// be there yet. Whoever lets a key that all writers share go first has them write one after the other. At most [MaxBatch].
func (c *Conn) WriteRecords(ctx context.Context, last uint64, records []Record) (uint64, error) {
	batch := make([]*nats.Msg, len(records))
	for i, r := range records {
		batch[i] = &nats.Msg{Subject: StatePrefix + r.Key, Header: nats.Header{}, Data: r.Data}
	}
	batch[0].Header.Set(jetstream.ExpectedLastSubjSeqHeader, strconv.FormatUint(last, 10))
	ack, err := c.publishBatch(ctx, batch)
	if err != nil {
		return 0, fmt.Errorf("write %d records of %s: %w", len(records), records[0].Key, err)
	}
	return ack, nil
}
