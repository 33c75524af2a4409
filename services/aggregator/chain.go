package aggregator

import "vointi.fi/pkg/event"

// beatenReason says why a claim is not in force.
type beatenReason uint8

const (
	beatenVoided  beatenReason = 1
	beatenMoved   beatenReason = 2
	beatenWaiting beatenReason = 3 // a correction whose original has not come
)

// chainClaims is everything known of one chain: its rows in all scopes it ever named, and whether it was voided.
type chainClaims struct {
	rows   []claim
	voided bool
}

// resolve says which scopes' claims of the chain are not in force, and why. A void beats all for good; a chain without
// its original waits; else the last in the fold counts, and the claims in other scopes have moved away.
func (c *chainClaims) resolve() map[string]beatenReason {
	beaten := map[string]beatenReason{}
	reason := beatenMoved
	winner := ""
	switch {
	case c.voided:
		reason = beatenVoided
	case !c.hasOriginal():
		reason = beatenWaiting
	default:
		winner = c.last().scope
	}
	for _, r := range c.rows {
		if r.scope != winner {
			beaten[r.scope] = reason
		}
	}
	return beaten
}

func (c *chainClaims) hasOriginal() bool {
	for _, r := range c.rows {
		if r.original {
			return true
		}
	}
	return false
}

func (c *chainClaims) last() claim {
	winner := c.rows[0]
	for _, r := range c.rows[1:] {
		if event.Less(winner.order, r.order) {
			winner = r
		}
	}
	return winner
}

// chains collects claims by chain.
type chains map[link]*chainClaims

func (cs chains) add(c claim) {
	cc := cs.of(c.link())
	cc.rows = append(cc.rows, c)
}

func (cs chains) of(l link) *chainClaims {
	cc, ok := cs[l]
	if !ok {
		cc = &chainClaims{}
		cs[l] = cc
	}
	return cc
}
