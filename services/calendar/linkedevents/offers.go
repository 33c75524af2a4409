package linkedevents

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"vointi.fi/services/calendar/occurrence"
)

// offers tells whether all that is offered is free, and the price if there is just one that can be read.
func (r *reader) offers(o *occurrence.Occurrence) {
	raw, ok := r.present("offers")
	if !ok {
		return
	}
	var offers []struct {
		IsFree *bool           `json:"is_free"`
		Price  json.RawMessage `json:"price"`
	}
	if err := json.Unmarshal(raw, &offers); err != nil {
		r.note("offers", false, "is no list of offers")
		return
	}
	free, known := true, false
	for _, offer := range offers {
		if offer.IsFree != nil {
			known, free = true, free && *offer.IsFree
		}
	}
	if known {
		o.IsFree = &free
	}
	if len(offers) == 1 && !(known && free) {
		o.PriceCents = priceOf(text(offers[0].Price))
	}
}

// text is a text, or the first of a text's languages.
func text(raw json.RawMessage) string {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return one
	}
	var by map[string]string
	if json.Unmarshal(raw, &by) == nil {
		for _, language := range []string{"fi", "sv", "en"} {
			if by[language] != "" {
				return by[language]
			}
		}
	}
	return ""
}

// price is a single amount in euros: 5, 5,50 €, 5.00 EUR.
var price = regexp.MustCompile(`^(\d{1,5})(?:[.,](\d{2}))?(?:,-)? ?(?i:€|e|eur|euroa?|euro)?$`)

func priceOf(text string) *int64 {
	m := price.FindStringSubmatch(strings.TrimSpace(strings.ReplaceAll(text, "\u00a0", " ")))
	if m == nil {
		return nil
	}
	cents, err := strconv.ParseInt(m[1]+(m[2] + "00")[:2], 10, 64)
	if err != nil {
		return nil
	}
	return &cents
}
