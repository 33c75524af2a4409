package event

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Identity returns the hash of source and id.
func (e *Event) Identity() Identity { return IdentityOf(e.Source, e.ID) }

// IdentityOf returns the first 16 bytes of SHA-256 over source, a zero byte, and id.
func IdentityOf(source, id string) Identity {
	buf := make([]byte, 0, 256)
	return firstHalf(append(append(append(buf, source...), 0), id...))
}

func firstHalf(b []byte) uuid.UUID {
	sum := sha256.Sum256(b)
	return uuid.UUID(sum[:16])
}

// Original returns the reference of a correction, void or reversal to the first event of its entity; nil if there is none.
func (e *Event) Original() *Ref {
	switch p := e.Payload.(type) {
	case *Checkin:
		return p.Original
	case *Headcount:
		return p.Original
	case *Void:
		return &p.Original
	}
	return nil
}

// Chain returns the identity of the first event of the chain: the original's for corrections, voids and reversals, else
// the event's own.
func (e *Event) Chain() Identity {
	if ref := e.Original(); ref != nil {
		return IdentityOf(ref.Source, ref.ID)
	}
	return e.Identity()
}

// Key returns the hash of the entity key: the family and, for a check-in, its chain; for the others the attributes of the
// payload that name the entity. A void names only its original, so its key is that of the chain: whoever needs the
// entity's must look the original up.
func (e *Event) Key() Key {
	b := append(make([]byte, 0, 256), e.Family()...)
	parts := e.Payload.entity(e)
	if parts == nil {
		chain := e.Chain()
		return firstHalf(append(append(b, 0), chain[:]...))
	}
	for _, part := range parts {
		b = append(append(b, 0), part...)
	}
	return firstHalf(b)
}

// Family returns the family of the event's type.
func (e *Event) Family() Family { return e.Type.Family() }

// Hash returns a hash of all that the warehouse stores beside the identity: type, time, area, the extension pilotid, and
// the payload's meaning. White space, order of members, spelling of numbers, times and escapes, and defaults given
// explicitly make no difference. It does not change between releases: attributes that come later are hashed only if
// present.
func (e *Event) Hash() uint64 {
	buffer := hashBuffers.Get().(*[]byte)
	defer hashBuffers.Put(buffer)
	b := append(append((*buffer)[:0], e.Type...), 0)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Time.Unix()))
	b = binary.BigEndian.AppendUint32(b, uint32(e.Time.Nanosecond()))
	b = append(append(b, e.Area...), 0)
	b = append(append(b, e.Extensions["pilotid"]...), 0)
	if c := codecOf[e.Type]; c != nil {
		b, _ = c.write(b, e.Payload)
	}
	*buffer = b
	sum := sha256.Sum256(b)
	return binary.BigEndian.Uint64(sum[:8])
}

var hashBuffers = sync.Pool{New: func() any { return new([]byte) }}

// SubjectPrefix precedes the subjects of all events on the bus.
const SubjectPrefix = "vointi.events."

// BusSubject returns the NATS subject of the event: vointi.events.participation.checkin.v1.KU305.
func (e *Event) BusSubject() string { return SubjectPrefix + string(e.Type) + "." + e.Area }

// CheckSubject reports whether the event came on the subject that its type and areaid ask for; the error is of kind
// [SubjectMismatch].
func CheckSubject(e *Event, subject string) error {
	rest, ok := strings.CutPrefix(subject, SubjectPrefix)
	dot := strings.LastIndexByte(rest, '.')
	typeAgrees := ok && dot >= 0 && rest[:dot] == string(e.Type)
	areaAgrees := ok && rest[dot+1:] == e.Area
	if typeAgrees && areaAgrees {
		return nil
	}
	err := &InvalidError{Kind: SubjectMismatch, Source: e.Source, ID: e.ID, Type: string(e.Type)}
	if !typeAgrees {
		err.Faults = append(err.Faults, Fault{"/type", "does not agree with the subject"})
	}
	if !areaAgrees {
		err.Faults = append(err.Faults, Fault{"/areaid", "does not agree with the subject"})
	}
	return err
}

// CheckOriginal reports whether the event amends only events of its own source; sources granted correct:any may amend
// all. The error is of kind [ForeignOriginal].
func CheckOriginal(e *Event, granted []string) error {
	ref := e.Original()
	if ref == nil || ref.Source == e.Source {
		return nil
	}
	for _, source := range granted {
		if source == e.Source {
			return nil
		}
	}
	return &InvalidError{
		Kind: ForeignOriginal, Source: e.Source, ID: e.ID, Type: string(e.Type),
		Faults: []Fault{{"/data/original/source", "is not the event's own source, and the source is not granted correct:any"}},
	}
}

// MessageID returns the Nats-Msg-Id of a single publish: hexadecimal SHA-256 of source, 0, id, 0 and payload.
func (e *Event) MessageID() string {
	b := make([]byte, 0, 1024)
	b = append(append(b, e.Source...), 0)
	b = append(append(b, e.ID...), 0)
	sum := sha256.Sum256(append(b, e.Data...))
	return hex.EncodeToString(sum[:])
}

// idSpace is the name space of the ids that Vointi's services make.
var idSpace = uuid.NewSHA1(uuid.NameSpaceDNS, []byte("events.vointi.fi"))

// NewID returns the UUIDv5 of its parts, so that a client's retry makes the same event.
func NewID(parts ...string) string {
	return uuid.NewSHA1(idSpace, []byte(strings.Join(parts, "\x00"))).String()
}

// Order is what decides which of an entity's events counts.
type Order struct {
	Void     bool
	Sequence int64 // 0 in families that have none
	Time     time.Time
	ID       string
	Hash     uint64
}

// Order returns what decides the event's place in the fold.
func (e *Event) Order() Order {
	o := Order{Time: e.Time, ID: e.ID, Hash: e.Hash()}
	switch p := e.Payload.(type) {
	case *Void:
		o.Void = true
	case *Calendar:
		o.Sequence = p.Sequence
	}
	return o
}

// Less is the fold: of an entity's events the greatest counts. A void wins for good; else the greatest sequence; else the
// greatest (time, id, hash). It is a total order, so the result does not depend on the order of arrival.
func Less(a, b Order) bool {
	if a.Void != b.Void {
		return b.Void
	}
	if a.Sequence != b.Sequence {
		return a.Sequence < b.Sequence
	}
	if c := a.Time.Compare(b.Time); c != 0 {
		return c < 0
	}
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Hash, b.Hash)) < 0
}
