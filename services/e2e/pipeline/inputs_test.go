package pipeline_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/edge/edgetest"
	"vointi.fi/pkg/indicator"
	"vointi.fi/services/calendar"
	"vointi.fi/services/participation"
	"vointi.fi/services/survey"
)

// TestInputsOverHTTP: what comes over HTTP, from a calendar's server page by page, from doors and from a survey, is what
// readers see.
func TestInputsOverHTTP(t *testing.T) {
	p := newPipeline(t, "2024-03-20")
	p.takeLinkedEvents()
	post := func(handler http.Handler, path, body string) {
		t.Helper()
		if a := edgetest.Send(t, handler, http.MethodPost, path, strings.NewReader(body)); a.Status != http.StatusAccepted {
			t.Fatalf("%s: %+v", path, a)
		}
	}
	door, err := participation.New(zap.NewNop(), prometheus.NewRegistry(), participation.Bus{Publisher: p.bus.Publisher(), Reader: p.bus},
		participation.Config{Keys: filepath.Join(t.TempDir(), "keys.json")})
	p.must(err)
	const place = `"venue_id":"tprek:7","venue_area_id":"KU305","activity_type":"sport","provider_id":"P1"`
	var visits, answers []string
	for n := range 40 {
		if n < 12 {
			visits = append(visits, fmt.Sprintf(`{"session_id":"le:1","card_id":"KORTTI-%d","checked_in_at":"2024-03-05T15:%02d:00Z","channel":"card","home_area_id":"KU305","birth_year":1960,"sex":"2",%s}`, 1000+n, n, place))
		}
		answer := 3
		if n < 10 {
			answer = 5
		}
		var items []string
		for item := range 8 {
			items = append(items, fmt.Sprintf(`"EUROHIS%d":%d`, item+1, answer))
		}
		answers = append(answers, fmt.Sprintf(`{"response_id":"R%d","wave_id":"W1","instrument_id":"kysely","version":"1","submitted_at":"2024-03-05T15:00:00Z","complete":true,"area_id":"KU305","age_band":"30-34","sex":"1","items":{%s}}`,
			n, strings.Join(items, ",")))
	}
	post(door.Handler(), "/v1/participation/checkins/batch", "["+strings.Join(visits, ",")+"]")
	for _, total := range []int{7, 9} { // counted again
		post(door.Handler(), "/v1/participation/headcounts", fmt.Sprintf(`{"session_id":"le:2","counter":"ovi","counted_at":"2024-03-12T15:%02d:00Z","total":%d,"includes_card_holders":false,"method":"manual",%s}`, total, total, place))
	}
	s, err := survey.New(zap.NewNop(), prometheus.NewRegistry(), p.bus.Publisher(), survey.Config{})
	p.must(err)
	post(s.Handler(), "/v1/survey/waves", `{"wave_id":"W1","starts":"2024-03-01","ends":"2024-03-10","instrument_id":"kysely","version":"1","at":"2024-03-01T08:00:00Z"}`)
	post(s.Handler(), "/v1/survey/responses/batch", "["+strings.Join(answers, ",")+"]")
	p.send()
	p.equal("held", p.row("sessions-held", kuusamo, indicator.Month, "2024-03-01").value, 2.0)
	p.equal("visits", p.row("participation-visits", kuusamo, indicator.Month, "2024-03-01").value, 21.0)
	p.equal("of sport", p.rowOf("sessions-held", kuusamo, indicator.Month, "2024-03-01", "age_group = 'all' AND dimension = 'activity_type' AND member = 'sport'").value, 2.0)
	p.equal("quality of life", fmt.Sprint(p.query("SELECT toString(value) FROM vointi.indicators WHERE indicator = 'qol-good-share' AND area = 'KU305' AND age_group = 'all' AND sex = 'all' AND member = 'all'")), "[25]")
}

// takeLinkedEvents reads two events, each on a page of its own.
func (p *pipeline) takeLinkedEvents() {
	p.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, next := 1, `"https://elsewhere.example/?page=2"`
		if r.URL.Query().Get("page") == "2" {
			n, next = 2, "null"
		}
		at := time.Date(2024, 3, 7*n-2, 15, 0, 0, 0, time.UTC)
		_, _ = io.WriteString(w, fmt.Sprintf(`{"meta":{"count":2,"next":%s},"data":[{"id":"le:%d","name":{"fi":"Jumppa"},"start_time":%q,"end_time":%q,"event_status":"EventScheduled",
			"location":{"@id":"https://x/place/tprek:7/"},"keywords":[{"@id":"https://x/keyword/yso:p916/"}],"last_modified_time":"2024-03-01T08:00:00Z"}]}`,
			next, n, at.Format(time.RFC3339), at.Add(time.Hour).Format(time.RFC3339)))
	}))
	p.Cleanup(server.Close)
	feeds, err := calendar.ReadFeeds([]byte("feeds: [{id: city, kind: linkedevents, area: KU305, provider: P1, confirms: true, categories: {yso:p916: {activity_type: sport}}}]"))
	p.must(err)
	now := func() time.Time { return p.now }
	reading, err := feeds[0].ReadFrom(p.Context(), server.URL, now)
	p.must(err)
	p.equal("remarks", len(reading.Remarks), 0)
	_, err = calendar.NewKeeper(p.bus.Conn, p.bus.Publisher(), "/vointi/calendar", now).Take(p.Context(), feeds[0], &reading, func(int, int) {})
	p.must(err)
}
