package ingester

import (
	"time"

	"github.com/google/uuid"
)

// keyRows is the table keys: which scopes the events of a chain ever named.
type keyRows struct {
	table
	chain  *values[uuid.UUID]
	family *values[string]
	scope  *values[string]
}

func newKeyRows() keyRows {
	r := keyRows{table: table{name: "vointi_internal.keys"}}
	r.chain = column[uuid.UUID](&r.table, "chain")
	r.family = column[string](&r.table, "family")
	r.scope = column[string](&r.table, "scope")
	return r
}

func (r *keyRows) add(t touch) {
	r.chain.add(t.chain)
	r.family.add(string(t.family))
	r.scope.add(t.scope)
	r.message = append(r.message, t.message)
}

// changeRows is the table changes: what one batch of one writer touched. What a batch touches twice, which only the same
// event delivered twice does, stands twice until a merge; its readers ask for distinct rows.
type changeRows struct {
	table
	writer *values[uuid.UUID]
	wseq   *values[uint64]
	family *values[string]
	scope  *values[string]
	chain  *values[uuid.UUID]
	at     *values[time.Time]
}

func newChangeRows() *changeRows {
	r := &changeRows{table: table{name: "vointi_internal.changes"}}
	r.writer = column[uuid.UUID](&r.table, "writer")
	r.wseq = column[uint64](&r.table, "wseq")
	r.family = column[string](&r.table, "family")
	r.scope = column[string](&r.table, "scope")
	r.chain = column[uuid.UUID](&r.table, "chain")
	r.at = column[time.Time](&r.table, "at")
	return r
}

// fill replaces the rows by the touches of one batch, without those of messages that ended as dead letters.
func (r *changeRows) fill(writer uuid.UUID, wseq uint64, at time.Time, touched []touch, dead func(message int) bool) {
	r.truncate(0)
	r.grow(len(touched))
	for _, t := range touched {
		if dead(t.message) {
			continue
		}
		r.writer.add(writer)
		r.wseq.add(wseq)
		r.family.add(string(t.family))
		r.scope.add(t.scope)
		r.chain.add(t.chain)
		r.at.add(at)
		r.message = append(r.message, t.message)
	}
}
