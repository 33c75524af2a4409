package ingester

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
)

// Querier reads from the warehouse.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (warehouse.Rows, error)
}

// Warehouse is what the accounts and the dead letters need of it.
type Warehouse interface {
	Inserter
	Querier
}

// RawPublisher puts bytes on the bus as they are.
type RawPublisher interface {
	PublishRaw(ctx context.Context, subject string, header map[string][]string, data []byte) error
}

// DeadLetters is what could not be stored, for operators: to look at, and to send again once the cause is mended.
type DeadLetters struct {
	db  Warehouse
	bus RawPublisher
}

// NewDeadLetters returns the dead letters of a warehouse. The bus is needed for Redrive only.
func NewDeadLetters(db Warehouse, bus RawPublisher) *DeadLetters {
	return &DeadLetters{db: db, bus: bus}
}

// DeadLetter is one message that could not be stored.
type DeadLetter struct {
	// StreamCreated and Sequence name the message.
	StreamCreated time.Time
	Sequence      uint64
	// Source, ID and Type of the event as far as they could be read.
	Source, ID, Type string
	Subject          string
	Reason           event.Reason
	Detail           string // every fault
	Headers          map[string]string
	Payload          string
	// Blanked says that headers and payload were not kept, because a personal identity code stood in the message.
	// Such a letter cannot be redriven: its producer must send it again, without the code.
	Blanked     bool
	ReceivedAt  time.Time
	StoredAt    time.Time
	CodeVersion string
	RedrivenAt  time.Time // zero: not redriven
}

// Filter narrows which dead letters are meant. The zero value means all that were not redriven yet.
type Filter struct {
	Reason   event.Reason // any if empty
	Type     string       // any if empty; with or without fi.vointi.
	Redriven bool         // those that were redriven, too
	Limit    int          // no limit if 0
	// after is the last letter of the page before.
	after DeadLetter
}

// List returns the dead letters that f means, oldest first.
func (d *DeadLetters) List(ctx context.Context, f Filter) ([]DeadLetter, error) {
	letters, err := d.list(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	return letters, nil
}

func (d *DeadLetters) list(ctx context.Context, f Filter) (letters []DeadLetter, err error) {
	limit := uint64(1) << 62
	if f.Limit > 0 {
		limit = uint64(f.Limit)
	}
	after := int64(-1)
	if !f.after.StreamCreated.IsZero() {
		after = f.after.StreamCreated.UnixMilli()
	}
	rows, err := d.db.Query(ctx, statement("dead_letters"),
		warehouse.Param("reason", string(f.Reason)), warehouse.Param("type", f.Type), warehouse.Param("redriven", f.Redriven),
		warehouse.Param("after_created", after), warehouse.Param("after_sequence", f.after.Sequence),
		warehouse.Param("limit", limit))
	if err != nil {
		return nil, err
	}
	defer func() { err = firstError(err, rows.Close()) }()
	for rows.Next() {
		var l DeadLetter
		var reason string
		if err := rows.Scan(&l.StreamCreated, &l.Sequence, &l.Source, &l.ID, &l.Type, &l.Subject, &reason, &l.Detail,
			&l.Headers, &l.Payload, &l.Blanked, &l.ReceivedAt, &l.StoredAt, &l.CodeVersion, &l.RedrivenAt); err != nil {
			return nil, err
		}
		l.Reason = event.Reason(reason)
		if l.RedrivenAt.UnixMilli() <= 0 {
			l.RedrivenAt = time.Time{}
		}
		letters = append(letters, l)
	}
	return letters, rows.Err()
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// Redriven tells what became of a redrive.
type Redriven struct {
	Published int
	// Blanked letters were left alone, since their payload was not kept.
	Blanked int
}

const redrivePage = 200

// Redrive publishes the original messages of the dead letters that f means once more, on their subjects, and marks them.
// They come back as new messages with receipts of their own: stored, or dead again. A letter is marked after it was
// published, so a crash between makes the next Redrive publish it twice, which counts once. progress, if not nil, is
// called now and then.
func (d *DeadLetters) Redrive(ctx context.Context, f Filter, progress func(Redriven)) (Redriven, error) {
	var done Redriven
	left := f.Limit
	for {
		f.Limit = redrivePage
		if left > 0 {
			f.Limit = min(left-done.Published-done.Blanked, redrivePage)
		}
		page, err := d.List(ctx, f)
		if err != nil || len(page) == 0 {
			return done, err
		}
		if err := d.redrive(ctx, page, &done); err != nil {
			return done, fmt.Errorf("redrive: %w", err)
		}
		if progress != nil {
			progress(done)
		}
		if f.after = page[len(page)-1]; left > 0 && done.Published+done.Blanked >= left {
			return done, nil
		}
	}
}

// redrive publishes one page, and then marks it.
func (d *DeadLetters) redrive(ctx context.Context, page []DeadLetter, done *Redriven) error {
	marks := newRedriveRows()
	var group errgroup.Group
	group.SetLimit(16)
	now := time.Now()
	for i := range page {
		l := &page[i]
		if l.Blanked {
			done.Blanked++
			continue
		}
		marks.add(l, now)
		group.Go(func() error { return d.bus.PublishRaw(ctx, l.Subject, redriveHeader(l.Headers), []byte(l.Payload)) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if marks.rows() > 0 {
		if err := d.db.Insert(ctx, marks.name, marks.cut(0, marks.rows())...); err != nil {
			return fmt.Errorf("mark: %w", err)
		}
	}
	done.Published += marks.rows()
	return nil
}

// redriveHeader returns the header of a message without what it told the bus: its message id would make the stream drop
// it as a duplicate, and its place in an atomic batch means nothing any more.
func redriveHeader(kept map[string]string) map[string][]string {
	header := make(map[string][]string, len(kept))
	for name, value := range kept {
		if !strings.HasPrefix(strings.ToLower(name), "nats-") {
			header[name] = []string{value}
		}
	}
	return header
}

// redriveRows is the table redrives.
type redriveRows struct {
	table
	streamCreated *values[time.Time]
	sequence      *values[uint64]
	redrivenAt    *values[time.Time]
}

func newRedriveRows() *redriveRows {
	r := &redriveRows{table: table{name: "vointi_internal.redrives"}}
	r.streamCreated = column[time.Time](&r.table, "stream_created")
	r.sequence = column[uint64](&r.table, "sequence")
	r.redrivenAt = column[time.Time](&r.table, "redriven_at")
	return r
}

func (r *redriveRows) add(l *DeadLetter, at time.Time) {
	r.streamCreated.add(l.StreamCreated)
	r.sequence.add(l.Sequence)
	r.redrivenAt.add(at)
	r.message = append(r.message, 0)
}

// letterFromMessage keeps a message that could not be stored, as it came. Of a message in which a Finnish personal
// identity code stands, nothing is kept that could hold it.
func letterFromMessage(m *stream.Message, r *rejection) DeadLetter {
	l := DeadLetter{
		Source: r.source, ID: r.id, Type: r.name, Subject: m.Subject, Reason: r.reason, Detail: r.detail,
		Headers: make(map[string]string, len(m.Header)), Payload: string(m.Data),
	}
	for name, list := range m.Header {
		l.Headers[name] = strings.Join(list, ", ")
		l.Blanked = l.Blanked || event.HoldsPersonalCode([]byte(name+" "+l.Headers[name]))
	}
	for _, field := range []*string{&l.Source, &l.ID, &l.Type, &l.Subject, &l.Detail, &l.Payload} {
		if event.HoldsPersonalCode([]byte(*field)) {
			*field, l.Blanked = "", true
		}
	}
	if l.Blanked {
		l.Headers, l.Payload = map[string]string{}, ""
	}
	return l
}
