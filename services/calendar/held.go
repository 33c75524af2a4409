package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
)

// maxConfirmation is more bytes than a confirmation has.
const maxConfirmation = 4 << 10

// held takes a person's word that an occurrence was held, and publishes it.
func (c *Calendar) held(r *http.Request, body []byte) (edge.Events, error) {
	said := &confirmation{ByHand: true}
	var given struct {
		ActualStart time.Time `json:"actual_start"`
		ActualEnd   time.Time `json:"actual_end"`
		Attendance  *int      `json:"attendance"`
	}
	if len(bytes.TrimSpace(body)) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&given); err != nil || decoder.More() {
			return edge.Events{}, &event.InvalidError{Kind: event.Schema, Faults: []event.Fault{
				{Reason: "must be an object with actual_start and actual_end, times in RFC 3339, and attendance, a whole number"},
			}}
		}
	}
	said.ActualStart, said.ActualEnd, said.Attendance = given.ActualStart, given.ActualEnd, given.Attendance
	allow := func(e *event.Event) error { return edge.Allow(r.Context(), e) }
	e, err := c.keeper.confirm(r.Context(), r.PathValue("id"), said, allow)
	var invalid *event.InvalidError
	if errors.As(err, &invalid) {
		for i := range invalid.Faults {
			invalid.Faults[i].Pointer = strings.TrimPrefix(invalid.Faults[i].Pointer, "/data")
		}
	}
	return edge.Events{All: []*event.Event{e}, Published: true}, err
}
