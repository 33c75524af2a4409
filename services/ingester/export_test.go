package ingester

import "vointi.fi/pkg/event"

// Unstorable returns why the rows of an event cannot be made. Decoding keeps such events out, so tests need this door.
func Unstorable(e *event.Event) error {
	r := newRows()
	err := r.rowsFromEvent(0, hashedFromEvent(e))
	for _, t := range r.facts {
		for _, c := range t.columns {
			if n := c.rows(); n != t.rows() || err != nil && n > 0 {
				panic("a row is half written")
			}
		}
	}
	return err
}
