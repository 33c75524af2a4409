package event

import (
	"errors"
	"strconv"
	"strings"
)

// ErrInvalid is what every error about an event itself wraps: sending the same bytes again cannot help.
var ErrInvalid = errors.New("invalid event")

// Reason says in one word why an event cannot be stored. The set is closed; it is a column value and a metric label.
type Reason string

// The reasons, in the order in which the pipeline can find them.
const (
	TooLarge        Reason = "too_large"        // larger than MaxSize, or too many events in a batch
	Malformed       Reason = "malformed"        // not JSON, or not a CloudEvent at all
	UnknownType     Reason = "unknown_type"     // a CloudEvent of a type that this release does not know
	Schema          Reason = "schema"           // against the schema of its type
	SubjectMismatch Reason = "subject_mismatch" // published on another subject than type and areaid say
	ForeignOriginal Reason = "foreign_original" // corrects or voids another source's event
	Unstorable      Reason = "unstorable"       // valid, yet refused by the warehouse
)

// Reasons returns every reason, for metrics that start at 0.
func Reasons() []Reason {
	return []Reason{TooLarge, Malformed, UnknownType, Schema, SubjectMismatch, ForeignOriginal, Unstorable}
}

// Fault is one thing wrong with an event. Neither part ever repeats a value of the event.
type Fault struct {
	Pointer string // JSON pointer into the structured form, "/data/session_id"; "" is the whole
	Reason  string
}

// InvalidError lists all that is wrong with one event or batch.
type InvalidError struct {
	Kind   Reason
	Faults []Fault
	// Source, ID and Type as far as they could be read, for whoever keeps the rejected event; empty where unknown.
	Source, ID, Type string
}

// Error lists every fault.
func (e *InvalidError) Error() string {
	list := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		list[i] = strings.TrimPrefix(f.Pointer+" "+f.Reason, " ")
	}
	return string(e.Kind) + ": " + strings.Join(list, "; ")
}

// Unwrap returns [ErrInvalid].
func (e *InvalidError) Unwrap() error { return ErrInvalid }

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func invalid(kind Reason, pointer, reason string) *InvalidError {
	return &InvalidError{Kind: kind, Faults: []Fault{{pointer, reason}}}
}

// step is one part of a JSON pointer: a name, or an index if the name is empty.
type step struct {
	name  string
	index int
}

var pointerEscapes = strings.NewReplacer("~", "~0", "/", "~1")

func pointer(path []step) string {
	var b strings.Builder
	for _, s := range path {
		b.WriteByte('/')
		if s.name == "" {
			b.WriteString(strconv.Itoa(s.index))
			continue
		}
		b.WriteString(pointerEscapes.Replace(s.name))
	}
	return b.String()
}
