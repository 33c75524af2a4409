package attack

import "slices"

// family is measures that determine or bound each other, and so are attacked together.
type family struct {
	name     string
	measures []measure
	// within lists pairs of measures, of which the first counts some of what the second does.
	within [][2]int
	// same lists pairs of measures that are one, in rows of two indicators.
	same [][2]int
	// country lists pairs that are one in the country only, where it does not matter which area a person is counted in; members are
	// not compared.
	country [][2]int
	// groups lists pairs that have the same people of each target group in the country.
	groups [][2]int
	// card are visits, those without a card, which are of unknown age and sex, and the visits of participants: in the country the
	// first are the other two together.
	card []int
	// season is a pair of measures that are one in periods of 90 days, and of which the first is part of the second in others.
	season [2]int
	// adds: months add up to quarters and years, days to weeks and months; ages too, where agesAdd.
	adds, agesAdd bool
}

// echo reports whether a measure is another one once more: hidden in its own rows for its neighbours' sake, it may be shown
// in those of the other.
func (f *family) echo(i int) bool {
	return slices.ContainsFunc(f.same, func(pair [2]int) bool { return pair[0] == i })
}

// measure is a count that rows tell.
type measure struct {
	indicator   string
	number      number
	ages, sexes bool // it is broken down by them
	dimensions  []string
	overlaps    bool // somebody can be in several members of a dimension
	shares      bool // a row is hidden for the sake of another measure too, and this one may be 0 in it
	sparse      bool // a row that is missing says nothing, rather than nobody
	residents   bool // there are rows where somebody lives only, so none of those of whom age or sex is not known
	country     bool // only the country's rows belong here
	ratio       bool // its total row is those in any target group, who are held against all others; from a row that is shown their number follows
	lent        bool // what is protected of it is attacked in another family
}

// mute reports whether there is no row that would say that there is nobody.
func (m *measure) mute(k key) bool {
	return m.sparse || m.residents && (k.Group == unknown || k.Sex == unknown)
}

// unknown is the age group and the sex of those of whom it is not known.
const unknown = "unknown"

// number says where in a row the count stands.
type number int

const (
	numerator number = iota
	denominator
	respondents
)

// targetGroup is a dimension in which somebody can be in several members, or in none.
const targetGroup = "target_group"

const ratioOfGroups = "target-reach-ratio"

var byOffer = []string{"activity_type", "provider"}

var families = append([]family{
	{
		name: "visits", adds: true, within: [][2]int{{1, 0}, {2, 0}, {3, 0}}, card: []int{0, 1, 5},
		measures: []measure{
			{indicator: "participation-visits", ages: true, sexes: true, dimensions: byOffer},
			{indicator: "anonymous-share", dimensions: byOffer, shares: true},
			{indicator: "cost-per-visit", number: denominator, dimensions: byOffer, shares: true},
			{indicator: "session-occupancy", dimensions: byOffer, shares: true},
			{indicator: "anonymous-share", number: denominator, dimensions: byOffer, shares: true},
			{indicator: "visits-per-participant", ages: true, dimensions: byOffer[:1], shares: true, country: true, lent: true},
		},
		same: [][2]int{{4, 0}},
	},
	{name: "referrals", measures: []measure{{indicator: "referrals", dimensions: byOffer}}, adds: true},
	{
		name:    "persons",
		within:  [][2]int{{1, 0}, {0, 3}, {7, 6}, {9, 8}, {12, 10}, {10, 13}, {14, 15}},
		same:    [][2]int{{2, 0}, {4, 0}, {5, 0}, {11, 10}},
		country: [][2]int{{0, 10}, {1, 8}, {13, 3}},
		season:  [2]int{6, 0},
		groups:  [][2]int{{0, 14}},
		measures: []measure{
			{indicator: "unique-participants", ages: true, sexes: true, dimensions: append([]string{targetGroup}, byOffer...), overlaps: true},
			{indicator: "first-time-share", ages: true, dimensions: byOffer[:1], overlaps: true, shares: true},
			{indicator: "first-time-share", number: denominator, ages: true, dimensions: byOffer[:1], overlaps: true, shares: true},
			{indicator: "visits-per-participant", ages: true, dimensions: byOffer[:1], shares: true},
			{indicator: "visits-per-participant", number: denominator, ages: true, dimensions: byOffer[:1], overlaps: true, shares: true},
			{indicator: "cost-per-participant", number: denominator, dimensions: byOffer, overlaps: true, shares: true},
			{indicator: "regular-share", number: denominator, ages: true, dimensions: []string{"activity_type", targetGroup}, overlaps: true, shares: true},
			{indicator: "regular-share", ages: true, dimensions: []string{"activity_type", targetGroup}, overlaps: true, shares: true},
			{indicator: "retention-90d", number: denominator, ages: true, dimensions: byOffer, shares: true},
			{indicator: "retention-90d", ages: true, dimensions: byOffer, shares: true},
			{indicator: "participation-reach", ages: true, sexes: true, residents: true},
			{indicator: "participation-reach-std", sexes: true, residents: true},
			{indicator: "newly-active-residents", ages: true, sexes: true, lent: true},
			{indicator: "visit-rate-dsr", sexes: true, dimensions: byOffer[:1], residents: true},
			{indicator: ratioOfGroups, dimensions: []string{targetGroup}, shares: true, ratio: true},
			{indicator: ratioOfGroups, number: denominator, dimensions: []string{targetGroup}, shares: true, ratio: true},
		},
	},
	{
		name: "newly active", adds: true, agesAdd: true, same: [][2]int{{1, 0}},
		measures: []measure{
			{indicator: "newly-active-residents", ages: true, sexes: true},
			{indicator: "cost-per-newly-active", number: denominator, shares: true},
		},
	},
	{name: "culture", measures: []measure{{indicator: "culture-visit-rate", ages: true, residents: true}}}, // by the home at the last visit of the period
	{name: "families with children", measures: []measure{{indicator: "family-reach"}}},
	{name: "volunteers", measures: []measure{{indicator: "volunteers-active", ages: true, dimensions: byOffer[1:], overlaps: true}}},
	{ // an hour is taken for one of anything else: k of them is how wide a sum must stay
		name: "volunteer hours", adds: true, same: [][2]int{{1, 0}},
		measures: []measure{{indicator: "volunteer-hours", dimensions: byOffer}, {indicator: "volunteer-hour-value", dimensions: byOffer[1:]}},
	},
	{name: "participant hours", measures: []measure{{indicator: "cost-per-participant-hour", number: denominator, dimensions: byOffer, shares: true}}, adds: true},
	{name: "feedback", measures: []measure{{indicator: "feedback-mean", number: denominator, dimensions: byOffer}}, adds: true},
	{name: "pupils", measures: []measure{{indicator: "youth-no-close-friend", number: respondents, sexes: true, sparse: true}}},
	{name: "partners", measures: []measure{{indicator: "partner-satisfaction", number: respondents, dimensions: []string{"type"}, sparse: true}}},
	{name: "complete answers", measures: []measure{{indicator: "survey-response-rate", ages: true, sexes: true, sparse: true}}},
}, questions()...)

// questions returns a family for the respondents to each question of the surveys.
func questions() (list []family) {
	for _, id := range []string{
		"association-active-share", "barrier-share", "choice-share", "culture-active-share", "inclusion-esis-mean", "life-satisfaction-mean",
		"loneliness-share", "ltpa-inactive-share", "neighbourhood-satisfied", "pa-guideline-share", "qol-good-share", "qol-mean",
		"relationships-satisfied", "srh-average-or-worse", "unmet-need-share", "volunteering-share",
	} {
		list = append(list, family{name: id, measures: []measure{{
			indicator: id, number: respondents, ages: true, sexes: true, dimensions: []string{"education"}, sparse: true,
		}}})
	}
	return list
}

// noCount are the indicators that are hidden with others and show no count of people or of their visits themselves: sessions, and
// sums of what is shown.
var noCount = []string{"full-session-share", "newly-active-progress"}

// indicators lists whatever the families are made of.
func indicators() (ids []string) {
	for _, f := range families {
		for _, m := range f.measures {
			ids = append(ids, m.indicator)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
