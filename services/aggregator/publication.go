package aggregator

import (
	"encoding/binary"
	"hash/maphash"
	"math"
	"slices"
	"time"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// slot names a published row within its period.
type slot struct {
	indicator string
	area      string
	scheme    string
	group     string
	sex       string
	dimension string
	member    string
}

// total reports whether the row is an area's total, which is published at once while its period is open.
func (k slot) total() bool { return k.group == everyone && k.sex == everyone && k.dimension == "" }

// totalOf names the row of an area's total, whichever entry shows it.
func totalOf(area string) slot { return slot{area: area, group: everyone, sex: everyone} }

// pubKey names a published row.
type pubKey struct {
	period indicator.Period
	wave   string
	slot
}

// publication is a row of the read model. NaN is NULL.
type publication struct {
	pubKey
	value, lower95, upper95, lower998, upper998 float64
	numerator, denominator, crude, effective    float64
	respondents                                 int64 // −1: NULL
	denominatorKind                             string
	unit, direction, method, status             string
	protected                                   bool
	flags                                       []string
	revision                                    uint32
	reason                                      string
	deleted                                     bool
}

// The statuses of a row.
const (
	statusProvisional = "provisional"
	statusFinal       = "final"
	statusNoData      = "no_data"
)

// protect hides every number that could give the cell away.
func (p *publication) protect() {
	nan := math.NaN()
	p.protected = true
	p.value, p.lower95, p.upper95, p.lower998, p.upper998 = nan, nan, nan, nan, nan
	p.numerator, p.denominator, p.crude, p.effective, p.respondents = nan, nan, nan, nan, -1
	p.flags = slices.DeleteFunc(slices.Clone(p.flags), func(f string) bool { return f != indicator.FlagDataGap }) // which tells of venues, not of the cell
}

var fingerprintSeed = maphash.MakeSeed()

// What the lowest bits of a fingerprint say.
const (
	protectedBit = 1 << iota
	tellingBit   // the row tells a number that is not 0
	allBits      = protectedBit | tellingBit
)

// tells reports whether the row says of how much it is.
func (p *publication) tells() bool {
	return !p.protected && (p.numerator > 0 || p.denominator > 0)
}

// fingerprint is a hash of all that a reader sees, except when it was computed and what revision it is. Its lowest bits say
// whether the row is protected, and whether it tells anything.
func (p *publication) fingerprint() uint64 {
	var h maphash.Hash
	h.SetSeed(fingerprintSeed)
	var b [8]byte
	for _, f := range []float64{
		p.value, p.lower95, p.upper95, p.lower998, p.upper998, p.numerator, p.denominator, p.crude, p.effective,
		float64(p.respondents),
	} {
		if !exists(f) {
			f = math.NaN() // one of the many that there are: all of them are NULL
		}
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(f))
		_, _ = h.Write(b[:])
	}
	for _, s := range append([]string{p.denominatorKind, p.unit, p.direction, p.method, p.status}, p.flags...) {
		_, _ = h.WriteString(s)
		_ = h.WriteByte(0)
	}
	return h.Sum64()&^allBits | protectedBit*uint64(flag(p.protected)) | tellingBit*uint64(flag(p.tells()))
}

// exists reports whether a number is one: what is not is NULL.
func exists(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// nullableColumn is a column of numbers, of which those that are none are NULL.
func nullableColumn(name string, n int, of func(int) float64) warehouse.Column {
	numbers := make([]float64, n)
	return column(name, n, func(i int) *float64 {
		if numbers[i] = of(i); !exists(numbers[i]) {
			return nil
		}
		return &numbers[i]
	})
}

func nullableCount(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}

func protectedWord(p bool) string {
	if p {
		return "protected"
	}
	return ""
}

// publicationColumns are the columns of publications and publication_log.
func publicationColumns(rows []publication, now time.Time, version uint64) []warehouse.Column {
	n := len(rows)
	text := func(name string, of func(*publication) string) warehouse.Column {
		return column(name, n, func(i int) string { return of(&rows[i]) })
	}
	number := func(name string, of func(*publication) float64) warehouse.Column {
		return nullableColumn(name, n, func(i int) float64 { return of(&rows[i]) })
	}
	return []warehouse.Column{
		text("indicator", func(p *publication) string { return p.indicator }),
		text("area", func(p *publication) string { return p.area }),
		text("age_scheme", func(p *publication) string { return p.scheme }),
		text("age_group", func(p *publication) string { return p.group }),
		text("sex", func(p *publication) string { return p.sex }),
		text("dimension", func(p *publication) string { return p.dimension }),
		text("member", func(p *publication) string { return p.member }),
		text("period_type", func(p *publication) string { return string(p.period.Type) }),
		column("period_start", n, func(i int) time.Time { return rows[i].period.Start.Time() }),
		text("wave", func(p *publication) string { return p.wave }),
		number("value", func(p *publication) float64 { return p.value }),
		number("lower95", func(p *publication) float64 { return p.lower95 }),
		number("upper95", func(p *publication) float64 { return p.upper95 }),
		number("lower998", func(p *publication) float64 { return p.lower998 }),
		number("upper998", func(p *publication) float64 { return p.upper998 }),
		number("numerator", func(p *publication) float64 { return p.numerator }),
		number("denominator", func(p *publication) float64 { return p.denominator }),
		text("denominator_kind", func(p *publication) string { return p.denominatorKind }),
		number("crude_value", func(p *publication) float64 { return p.crude }),
		column("respondents", n, func(i int) *int64 { return nullableCount(rows[i].respondents) }),
		number("effective_sample_size", func(p *publication) float64 { return p.effective }),
		text("unit", func(p *publication) string { return p.unit }),
		text("direction", func(p *publication) string { return p.direction }),
		text("method", func(p *publication) string { return p.method }),
		text("status", func(p *publication) string { return p.status }),
		text("suppressed", func(p *publication) string { return protectedWord(p.protected) }),
		column("flags", n, func(i int) []string { return rows[i].flags }),
		column("revision", n, func(i int) uint32 { return rows[i].revision }),
		text("reason", func(p *publication) string { return p.reason }),
		column("computed_at", n, func(int) time.Time { return now }),
		column("version", n, func(int) uint64 { return version }),
		column("deleted", n, func(i int) uint8 { return flag(rows[i].deleted) }),
	}
}
