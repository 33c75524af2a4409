package indicator_test

import (
	"slices"
	"testing"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/reference"
	"vointi.fi/schemas"
)

// TestInstruments: what answers make is said by the catalogue, which answers there are by the instruments; each names the other.
func TestInstruments(t *testing.T) {
	instruments, err := reference.LoadInstruments(schemas.FS)
	if err != nil {
		t.Fatal(err)
	}
	scored := map[string]bool{}
	for _, in := range instruments.All {
		asked := map[string]bool{}
		for _, id := range in.ScoredBy {
			i := slices.IndexFunc(catalogue(t), func(e *indicator.Entry) bool { return e.ID == id })
			if i < 0 {
				t.Errorf("%s is scored by %s, which is no indicator", in.ID, id)
				continue
			}
			scored[id] = true
			for _, rule := range rulesOf(catalogue(t)[i]) {
				for _, code := range rule.Items {
					asked[code] = true
					if !slices.ContainsFunc(in.Items, func(item reference.Item) bool { return item.Code == code }) {
						t.Errorf("%s asks for %s, which is no item of %s", id, code, in.ID)
						continue
					}
					for _, answer := range rule.OneOf {
						if !instruments.Item(code).Allows(answer) {
							t.Errorf("%s counts %d of %s, which is no answer", id, answer, code)
						}
					}
				}
			}
		}
		for _, item := range in.Items {
			if !asked[item.Code] && item.Code != "FEEDBACK" { // feedback-mean is made of measures
				t.Errorf("no indicator asks for %s of %s", item.Code, in.ID)
			}
		}
	}
	for _, e := range catalogue(t) {
		if e.Survey != nil && !scored[e.ID] {
			t.Errorf("no instrument is scored by %s", e.ID)
		}
	}
}

// rulesOf are the rules of an entry, the further ones too.
func rulesOf(e *indicator.Entry) (rules []*indicator.Survey) {
	if e.Survey != nil {
		rules = append(append(rules, e.Survey), e.Survey.And...)
	}
	return rules
}
