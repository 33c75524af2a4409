package aggregator

import (
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"vointi.fi/pkg/indicator"
)

// TestAnswers holds the measures of answers against their meaning read literally: how many, their sum and their sum of
// squares, in an area's quarter and by what the session was; and what is added and taken away again leaves nothing.
func TestAnswers(t *testing.T) {
	p := testPlan(t)
	rapid.Check(t, func(rt *rapid.T) {
		d, want := p.newDeltas(), map[string]int64{}
		var all []answer
		for i := range rapid.IntRange(0, 8).Draw(rt, "n") {
			x := answer{
				answerKey: answerKey{"F", fmt.Sprint(i), rapid.SampledFrom([]string{"FEEDBACK", "OTHER"}).Draw(rt, "item")},
				day:       19_800 + indicator.Date(rapid.IntRange(0, 200).Draw(rt, "day")), area: "KU305", code: int32(rapid.IntRange(1, 5).Draw(rt, "code")),
			}
			x.place(rapid.SampledFrom([]*session{nil, {activity: "culture", provider: "ORG1"}}).Draw(rt, "session"))
			all = append(all, x)
			p.addAnswer(d, x, +1)
			if x.item != "FEEDBACK" {
				continue
			}
			for m, n := range map[string]int64{"answered": 1, "answers": int64(x.code), "answer_squares": int64(x.code) * int64(x.code)} {
				for _, member := range []string{"", "activity_type " + x.activity, "provider " + x.provider} {
					want[fmt.Sprint(m, "[item=FEEDBACK] ", indicator.Quarter.Starts(x.day)[0], " ", member)] += n
				}
			}
		}
		got := map[string]int64{}
		for k, n := range d.all() {
			if f := p.facetOf(k); indicator.PeriodTypes[k.period] == indicator.Quarter && p.names.values[k.area] == "KU305" {
				member := ""
				if f.dimension != 0 {
					member = p.names.values[f.dimension] + " " + p.names.values[f.member]
				}
				got[fmt.Sprint(p.measures[k.measure], " ", k.start, " ", member)] = n
			}
		}
		if !maps.Equal(got, want) {
			rt.Fatalf("%v, want %v", got, want)
		}
		for _, x := range all {
			p.addAnswer(d, x, -1)
		}
		if left := d.nonzero(); len(left) > 0 {
			rt.Fatalf("left over: %v", left)
		}
	})
}
