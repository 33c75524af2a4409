package calendar_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"vointi.fi/services/calendar"
)

// TestShippedFeeds: the example is one that the service reads, with what it says are the defaults.
func TestShippedFeeds(t *testing.T) {
	text, err := os.ReadFile("../../deploy/calendar-feeds.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := feeds(t, string(text))
	if len(all) != 2 || all[1].Every != 15*time.Minute || all[1].Kind != calendar.LinkedEvents || all[1].Horizon != all[0].Horizon || all[1].Vanished != "cancel" {
		t.Errorf("%+v", all)
	}
}

func TestFaultsOfFeeds(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"empty":    {"", []string{"there are no feeds in it"}},
		"no feeds": {"feeds: []", []string{"there are no feeds in it"}},
		"unknown":  {"feeds: [{id: a, area: KU305, provider: P, venues: x}]", []string{"line 1: field venues not found"}},
		"twice":    {"feeds: [{id: a, area: KU305, provider: P}, {id: a, area: KU305, provider: P}]", []string{`feed "a": its id is given twice`}},
		"all": {
			`feeds: [{id: A B, url: "ftp://x", kind: rss, every: 1s, timezone: Kuusamo, language: fin, horizon: 1h, id_prefix: aaaaaaaaaaaaaaaaaaaa, vanished: maybe,
				area: Kuusamo, provider: P, activity_type: sports, class: fun, categories: {x: {target_groups: [kids]}}, locations: {y: {area: KUU}}, audiences: {z: all}}]`,
			[]string{
				"id: must be", "url: must be", "kind: must be", "every: must be", "timezone: ", "horizon: ", "id_prefix: ", "vanished: ", "area_id must be", "activity_type must be", "class must be",
				"categories: x: target_groups/0 must be", "audiences: z: target_groups",
			},
		},
		"a place":  {"feeds: [{id: a, area: KU305, provider: P, locations: {y: {area: KUU}}}]", []string{`feed "a": locations: y: area_id must be`}},
		"required": {"feeds: [{id: a}]", []string{"provider: is required", "area: is required"}},
	} {
		_, err := calendar.ReadFeeds([]byte(test.text))
		if err == nil {
			t.Errorf("%s: no fault", name)
			continue
		}
		for _, want := range test.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v\nwant %s", name, err, want)
			}
		}
	}
}
