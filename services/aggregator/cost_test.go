package aggregator

import (
	"testing"

	"pgregory.net/rapid"
)

// TestAllocate: shares add up to the cent, follow the weights, and do not depend on order.
func TestAllocate(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cents := rapid.Int64Range(0, 1_000_000_000_000).Draw(rt, "cents")
		key := rapid.SampledFrom([]string{"session_hours", "sessions", "visits"}).Draw(rt, "key")
		var sessions []*session
		total := int64(0)
		for i := range rapid.IntRange(0, 9).Draw(rt, "n") {
			s := &session{
				id: string(rune('a' + i)), held: rapid.Bool().Draw(rt, "held"), minutes: rapid.Int64Range(0, 600).Draw(rt, "minutes"),
				anonymous: rapid.Int64Range(0, 50).Draw(rt, "visits"),
			}
			sessions = append(sessions, s)
			total += s.weight(key)
		}
		parts := allocate(cents, key, sessions)
		if total == 0 {
			if parts != nil {
				rt.Fatalf("nobody can take a share, but %v", parts)
			}
			return
		}
		sum := int64(0)
		for _, s := range sessions {
			part := parts[s.id]
			sum += part
			exact := float64(cents) * float64(s.weight(key)) / float64(total)
			if d := float64(part) - exact; d > 1.001 || d < -1.001 {
				rt.Fatalf("%s gets %d, its share is %f", s.id, part, exact)
			}
		}
		if sum != cents {
			rt.Fatalf("shares sum to %d of %d", sum, cents)
		}
		reversed := make([]*session, 0, len(sessions))
		for i := range sessions {
			reversed = append(reversed, sessions[len(sessions)-1-i])
		}
		for id, part := range allocate(cents, key, reversed) {
			if parts[id] != part {
				rt.Fatalf("%s gets %d or %d, by order", id, parts[id], part)
			}
		}
	})
}
