package pipeline_test

import (
	"fmt"
	"testing"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
)

// TestPrune: what the watermark covers is taken away once a day, also by a process that is killed half-way, and nothing is
// lost: neither what came meanwhile, nor a rebuild, nor a restart.
func TestPrune(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	changes := func() string { return p.query("SELECT toString(count()) FROM vointi_internal.changes")[0] }
	visits := func() int { return p.cell("visits", kuusamo, indicator.Month, "2024-03-01") }
	p.send(p.crowd("A", 1, 10)...)
	p.equal("changes that were taken in", changes(), "0")
	p.ingest(p.crowd("B", 2, 10)...)
	p.equal("changes that were not", changes(), "10")
	p.must(p.agg.Step(p.Context()))
	p.equal("kept for the rest of the day", changes(), "10")
	p.equal("visits", visits(), 20)

	p.ingest(p.crowd("C", 3, 10)...)
	p.now = p.now.AddDate(0, 0, 1)
	p.doom("prune changes")
	p.equal("after a kill", changes(), "0")
	p.restartAggregator()
	p.must(p.agg.Step(p.Context()))
	p.equal("visits after it", visits(), 30)
	p.verify()

	p.restartAggregator()
	p.must(p.agg.Rebuild(p.Context(), func(string, int) {}))
	p.send(p.event(event.CheckinRecorded, "late", helsinki("17:02"), fixtureCheckin(p1, 1950)))
	p.equal("visits after a rebuild without changes", visits(), 31)
	p.verify()
}

// TestPruneJournal: partitions before the last generation's go, and the last generation stays.
func TestPruneJournal(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	p.send(p.crowd("A", 1, 10)...)
	generation := p.query("SELECT toString(max(gen)) FROM vointi_internal.journal")[0]
	p.must(p.db.Exec(p.Context(), "INSERT INTO vointi_internal.journal SELECT gen + 5000, part, target, body, at FROM vointi_internal.journal WHERE gen = "+generation))
	p.now = p.now.AddDate(0, 0, 1)
	p.restartAggregator()
	p.must(p.agg.Step(p.Context()))
	p.equal("partitions of the journal", fmt.Sprint(p.query("SELECT DISTINCT toString(intDiv(gen, 1000)) FROM vointi_internal.journal")), "[5]")
	p.send(p.crowd("B", 2, 10)...)
	p.equal("visits", p.cell("visits", kuusamo, indicator.Month, "2024-03-01"), 20)
	p.verify()
}

// TestPruneWriters: writers of whom nothing has come for a day, of processes that are gone and of erasures, are remembered no longer, and one
// that comes again all the same is heard.
func TestPruneWriters(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	p.send(p.crowd("A", 1, 10)...)
	writes := func(writer, wseq int) {
		p.must(p.db.Exec(p.Context(), fmt.Sprintf(`INSERT INTO vointi_internal.changes (writer, wseq, family, scope, chain, at)
			SELECT toUUID('00000000-0000-0000-0000-0000000000%d'), %d, family, scope, chain, now() FROM vointi_internal.keys LIMIT 1`, writer, wseq)))
		p.must(p.agg.Step(p.Context()))
	}
	last := func() string {
		return p.query("SELECT toString(arrayFilter(w -> startsWith(w, '00000000-'), JSONExtractKeys(argMax(body, gen), 'Watermark'))) FROM vointi_internal.journal WHERE target = ''")[0]
	}
	for writer := range 5 {
		writes(10+writer, 1)
	}
	for day := range 3 {
		p.now = p.now.AddDate(0, 0, 1)
		p.send(p.crowd(string(rune('B'+day)), 2+day, 10)...)
	}
	p.equal("writers remembered", last(), "[]")
	p.equal("visits", p.cell("visits", kuusamo, indicator.Month, "2024-03-01"), 40)
	writes(12, 2)
	p.equal("one that comes again", last(), "['00000000-0000-0000-0000-000000000012']")
	p.verify()
}
