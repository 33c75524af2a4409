package ingester

import (
	"time"

	"github.com/google/uuid"

	"vointi.fi/pkg/access"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
)

// The values of outcome in receipts.
const (
	outcomeStored int8 = 1
	outcomeDead   int8 = 2
	outcomeErased int8 = 3
)

// receiptRows is the table receipts: what became of each message.
type receiptRows struct {
	table
	streamCreated *values[time.Time]
	sequence      *values[uint64]
	receivedAt    *values[time.Time]
	eventType     *values[string]
	identity      *values[uuid.UUID]
	hash          *values[uint64]
	outcome       *values[int8]
	storedAt      *values[time.Time]
	emitter       *values[string]
}

func newReceiptRows() *receiptRows {
	r := &receiptRows{table: table{name: "vointi_internal.receipts"}}
	t := &r.table
	r.streamCreated = column[time.Time](t, "stream_created")
	r.sequence = column[uint64](t, "sequence")
	r.receivedAt = column[time.Time](t, "received_at")
	r.eventType = column[string](t, "type")
	r.identity = column[uuid.UUID](t, "identity")
	r.hash = column[uint64](t, "hash")
	r.outcome = column[int8](t, "outcome")
	r.storedAt = column[time.Time](t, "stored_at")
	r.emitter = column[string](t, "emitter")
	return r
}

// fill replaces the rows by the receipts of a batch.
func (r *receiptRows) fill(b *batch, at time.Time) {
	r.truncate(0)
	r.grow(len(b.messages))
	for i := range b.messages {
		m := &b.messages[i]
		outcome := outcomeStored
		var name event.Type
		var identity event.Identity
		var hash uint64
		emitter := emitterOf(m.Header)
		if m.event != nil {
			name = m.event.Type
		}
		if m.event != nil && !m.erased { // of what is erased even the hashes are too much
			name, identity, hash = m.event.Type, m.event.identity, m.event.hash
		}
		if m.rejected != nil {
			outcome = outcomeDead
		}
		if m.erased {
			outcome, emitter = outcomeErased, ""
		}
		r.streamCreated.add(m.StreamCreated)
		r.sequence.add(m.Sequence)
		r.receivedAt.add(m.ReceivedAt)
		r.eventType.add(string(name))
		r.identity.add(identity)
		r.hash.add(hash)
		r.outcome.add(outcome)
		r.storedAt.add(at)
		r.emitter.add(emitter)
		r.message = append(r.message, i)
	}
}

// emitterOf returns who had a message published, as an edge says; "" if it was published on the bus itself. What is no name of
// an emitter did not come from an edge, and might be anything.
func emitterOf(header map[string][]string) string {
	if name := header[stream.EmitterHeader]; len(name) == 1 && access.IsEmitter(name[0]) {
		return name[0]
	}
	return ""
}

// deadLetterRows is the table dead_letters: what could not be stored, as it came.
type deadLetterRows struct {
	table
	streamCreated *values[time.Time]
	sequence      *values[uint64]
	source        *values[string]
	id            *values[string]
	eventType     *values[string]
	subject       *values[string]
	reason        *values[string]
	detail        *values[string]
	headers       *values[sorted[string]]
	payload       *values[string]
	blanked       *values[bool]
	receivedAt    *values[time.Time]
	storedAt      *values[time.Time]
	codeVersion   *values[string]
}

func newDeadLetterRows() *deadLetterRows {
	r := &deadLetterRows{table: table{name: "vointi_internal.dead_letters"}}
	t := &r.table
	r.streamCreated = column[time.Time](t, "stream_created")
	r.sequence = column[uint64](t, "sequence")
	r.source = column[string](t, "source")
	r.id = column[string](t, "id")
	r.eventType = column[string](t, "type")
	r.subject = column[string](t, "subject")
	r.reason = column[string](t, "reason")
	r.detail = column[string](t, "detail")
	r.headers = column[sorted[string]](t, "headers")
	r.payload = column[string](t, "payload")
	r.blanked = column[bool](t, "blanked")
	r.receivedAt = column[time.Time](t, "received_at")
	r.storedAt = column[time.Time](t, "stored_at")
	r.codeVersion = column[string](t, "code_version")
	return r
}

// fill replaces the rows by the dead letters of a batch.
func (r *deadLetterRows) fill(b *batch, at time.Time, version string) {
	r.truncate(0)
	for i := range b.messages {
		m := &b.messages[i]
		if m.rejected == nil {
			continue
		}
		l := letterFromMessage(m.Message, m.rejected)
		r.streamCreated.add(m.StreamCreated)
		r.sequence.add(m.Sequence)
		r.source.add(l.Source)
		r.id.add(l.ID)
		r.eventType.add(l.Type)
		r.subject.add(l.Subject)
		r.reason.add(string(l.Reason))
		r.detail.add(l.Detail)
		r.headers.add(l.Headers)
		r.payload.add(l.Payload)
		r.blanked.add(l.Blanked)
		r.receivedAt.add(m.ReceivedAt)
		r.storedAt.add(at)
		r.codeVersion.add(version)
		r.message = append(r.message, i)
	}
}
