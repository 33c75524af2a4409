package ingester

import (
	"errors"
	"fmt"
	"slices"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
)

// batch is a number of messages on their way through the ingester, and the rows made of them. One batch is reused by
// its worker for ever, so that its memory is.
type batch struct {
	fetched  []stream.Message
	messages []message
	rows     *rows
	changes  *changeRows
	letters  *deadLetterRows
	receipts *receiptRows
	tombs    []tombstone // that follow from the messages
	stones   *tombstoneRows
}

// message is one message and what was found out about it.
type message struct {
	*stream.Message
	event    *hashed    // nil if it could not be read
	rejected *rejection // nil unless it ends as a dead letter
	erased   bool       // it ends as nothing
}

// rejection says why a message can never be stored as it is.
type rejection struct {
	reason           event.Reason
	detail           string // every fault
	source, id, name string // of the event, as far as they could be read
}

func newBatch() *batch {
	return &batch{rows: newRows(), changes: newChangeRows(), letters: newDeadLetterRows(), receipts: newReceiptRows(), stones: newTombstoneRows()}
}

func (b *batch) reset(fetched []stream.Message) {
	clear(b.messages) // so that the last batch's events can go
	b.fetched, b.messages = fetched, b.messages[:0]
	b.messages = slices.Grow(b.messages, len(fetched))
	b.rows.reset()
	for i := range fetched {
		b.messages = append(b.messages, message{Message: &fetched[i]})
	}
}

// decode reads every message. It has no effects. The sources in mayCorrect may amend the events of others.
func (b *batch) decode(mayCorrect []string) {
	for i := range b.messages {
		m := &b.messages[i]
		e, err := decode(m.Message, mayCorrect)
		if err != nil {
			m.rejected = rejectionFromError(err)
			continue
		}
		m.event = hashedFromEvent(e)
	}
}

// gather makes the rows of what is to be stored.
func (b *batch) gather() {
	b.rows.grow(b.messages)
	for i := range b.messages {
		m := &b.messages[i]
		if m.erased {
			m.rejected = nil
		}
		if m.event == nil || m.erased {
			continue
		}
		if err := b.rows.rowsFromEvent(i, m.event); err != nil {
			m.rejected = rejectionOfEvent(m.event.Event, err)
		}
	}
}

// decode makes an event of a message, and makes sure that it came the way it may come.
func decode(m *stream.Message, mayCorrect []string) (*event.Event, error) {
	e, err := event.Decode(m.Header, m.Data)
	if err != nil {
		return nil, err
	}
	if err := event.CheckSubject(e, m.Subject); err != nil {
		return nil, err
	}
	return e, event.CheckOriginal(e, mayCorrect)
}

func rejectionFromError(err error) *rejection {
	r := &rejection{reason: event.Malformed, detail: err.Error()}
	var invalid *event.InvalidError
	if errors.As(err, &invalid) {
		r.reason, r.source, r.id, r.name = invalid.Kind, invalid.Source, invalid.ID, invalid.Type
	}
	return r
}

func rejectionOfEvent(e *event.Event, err error) *rejection {
	return &rejection{reason: event.Unstorable, detail: err.Error(), source: e.Source, id: e.ID, name: string(e.Type)}
}

// refuse turns messages whose rows the warehouse refused into dead letters.
func (b *batch) refuse(refused []refusal) {
	for _, r := range refused {
		m := &b.messages[r.message]
		m.rejected = rejectionOfEvent(m.event.Event, fmt.Errorf("%w: %w", errUnstorable, r.cause))
	}
}

func (b *batch) dead(message int) bool { return b.messages[message].rejected != nil }

// delivered returns the messages that the bus waits for an answer to: all, or none if they were read again.
func (b *batch) delivered() []stream.Message {
	if len(b.fetched) > 0 && b.fetched[0].Delivered == 0 {
		return nil
	}
	return b.fetched
}
