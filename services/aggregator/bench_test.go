package aggregator

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"

	"vointi.fi/pkg/indicator"
)

// BenchmarkAddPerson is what a rebuild spends most on: three years of visits of one person, six on average.
func BenchmarkAddPerson(b *testing.B) {
	p := testPlan(b)
	d := p.newDeltas()
	r := rand.New(rand.NewPCG(1, 2))
	people := make([][]visit, 5000)
	visits := 0
	for i := range people {
		home := []string{"KU305", "KU208", "KU853-01"}[r.IntN(3)]
		for range 1 + r.IntN(11) {
			people[i] = append(people[i], visit{
				person: uuid.UUID{byte(i), byte(i >> 8)}, session: fmt.Sprint(r.Int()), day: indicator.Date(19_000 + r.IntN(1096)),
				area: home, home: home, birthYear: 1940 + r.IntN(80), sex: "1", activity: []string{"culture", "sport", "peer"}[r.IntN(3)],
				provider: fmt.Sprint("ORG", r.IntN(20)),
			})
		}
		sortVisits(people[i])
		visits += len(people[i])
	}
	all := func(indicator.Period) bool { return true }
	var parts []*contribution
	for i := range d {
		parts = append(parts, p.newContribution(d, i, +1))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		t := p.trace(people[i%len(people)], 18_000, past{})
		for _, c := range parts {
			p.addTrace(c, t, all)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(visits)*float64(len(people)), "ns/visit")
}
