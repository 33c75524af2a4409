package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// imports are commands with what they say of new input, and what readers are then shown, by what they ask.
type imports map[string]struct {
	args  []string
	said  string
	shows map[string]string
}

// inputs are files as people have them, and a server.
func inputs(t *testing.T, url string) imports {
	t.Helper()
	wave := func(id string) string {
		return file(t, id+".yaml", dated("wave_id: "+id+"\nstarts: {Y}-03-01\nends: {Y}-03-31\ninstrument_id: kysely\nversion: 1\n"))
	}
	mapping := func(text string) string { return file(t, "mapping.yaml", text) }
	const windows = "file: {encoding: windows-1252, separator: \";\"}\n"
	month, year := dated("{Y}-03-01"), dated("{Y}-01-01")
	return imports{
		"LimeSurvey": {[]string{"survey", file(t, "results.csv", lime(10)), "--wave", wave("lime")}, "(41 new", map[string]string{
			figure("qol-good-share", "KU305", "wave", "", "value"): "25",
		}},
		"Webropol": {[]string{"survey", file(t, "webropol.csv", old(t, semicolons(answered("Kuusamo", 12, finnish)))), "--wave", wave("csv"), "--mapping", mapping(windows + webropol)}, "(41 new", map[string]string{
			figure("srh-average-or-worse", "KU305", "wave", "", "value"):                "30",      // 12 of 40
			figure("life-satisfaction-mean", "KU305", "wave", "", "value, respondents"): "7.5\t36", // as many say 7 as 8
		}},
		"Webropol, Excel": {[]string{"survey", file(t, "webropol.xlsx", workbook(t, answered("Kalajoki", 10, serial))), "--wave", wave("excel"), "--mapping", mapping(webropol)}, "(41 new", map[string]string{
			figure("srh-average-or-worse", "KU208", "wave", "", "value"): "25", // 10 of 40
		}},
		"card system": {[]string{"checkins", file(t, "visits.csv", semicolons(visited("S1", "CSV", 30, finnish))), "--mapping", mapping(cardSystem("KU316"))}, "(31 new", map[string]string{
			figure("participation-visits", "KU316", "month", month, "value"): "30",
		}},
		"card system, Excel": {[]string{"checkins", file(t, "visits.xlsx", workbook(t, visited("S2", "XLSX", 8, serial))), "--mapping", mapping(cardSystem("KU576"))}, "(9 new", map[string]string{
			figure("participation-visits", "KU576", "day", dated("{Y}-03-05"), "value"): "8",
		}},
		"population": {[]string{"population", file(t, "11re.json", dated(residents))}, "(2 new", nil}, // 980 at the end of the year before
		"population, CSV": {[]string{"population", file(t, "population.csv", dated("area_id;year;sex;age;count\nKU316;{Y};1;45;520\nKU316;{Y};2;45;500\n"))}, "(2 new", map[string]string{
			figure("participation-reach", "KU316", "year", year, "value, denominator"): "3\t1000", // 30 of (980 + 1020) / 2
		}},
		"areas": {[]string{"areas", file(t, "areas.yaml", newRegion)}, "(3 new", map[string]string{
			figure("participation-visits", "MK88", "month", month, "value"): "30", // those of the municipality
		}},
		"targets": {[]string{"targets", file(t, "plan.yaml", dated("set_at: {Y}-01-17\nsource: suunnitelma\ntargets: [{indicator: participation-reach, area_id: KU316, year: {Y}, value: 5}]\n")), "--licence", "CC BY 4.0"}, "(1 new", map[string]string{
			"SELECT value, licence, retrieved_at > now() - INTERVAL 1 HOUR FROM vointi.targets WHERE area = 'KU316' AND source = 'suunnitelma'":                "5\tCC BY 4.0\t1",
			strings.Replace(figure("participation-reach", "KU316", "year", year, "difference"), "indicators", "comparisons", 1) + " AND comparator = 'target'": "-2", // 3 − 5
		}},
		"unit costs": {[]string{"unit-costs", file(t, "costs.csv", dated("service_code,price_year,base,source\nT11,{Y},100,tutkimus\n")), "--licence", "CC BY 4.0"}, "(1 new", map[string]string{
			"SELECT round(assumeNotNull(estimate), 2) FROM vointi.estimates WHERE estimate_id = 'saves/avoided-service-cost/T11'": "25000", // (2.4 − 2.1 − 2.5 + 2.45) × 1000 × 100 €
			"SELECT licence, retrieved_at > now() - INTERVAL 1 HOUR FROM vointi.unit_costs WHERE service_code = 'T11'":            "CC BY 4.0\t1",
		}},
		"Sotkanet": {[]string{"sotkanet", "--sotkanet-address", url + "/rest", "--sotkanet-indicator", "286", "--sotkanet-years", dated("{B}")}, "(2 new", map[string]string{
			"SELECT sum(value) FROM vointi.imported WHERE external_id = '286' AND area = 'KU305'": "46.5",
		}},
	}
}

// TestImports takes what people have, from files, feeds, other people's servers and the page at the door, through the whole
// program to what readers see; the same again publishes nothing, and a corrected file the correction. What is expected is
// computed by hand.
func TestImports(t *testing.T) {
	data, url := filepath.Join(t.TempDir(), "data"), neighbours(t)
	programmes := t.TempDir()
	if err := os.WriteFile(filepath.Join(programmes, "saves.yaml"), []byte(dated(saves)), 0o600); err != nil {
		t.Fatal(err)
	}
	i := up(t, data, "--aggregator-details", "1s", "--evaluator-every", "1s", "--evaluator-programmes", programmes, // corrections are seen with the next breakdowns
		"--calendar-feeds", file(t, "feeds.yaml", strings.ReplaceAll(feeds, "{url}", url)))
	run := func(want string, args ...string) {
		t.Helper()
		if out, code := i.command(append(append([]string{"import"}, args...), "--data", data)...); code != 0 || !strings.Contains(out, want) {
			t.Fatalf("import %v: %d %s, want %q", args, code, out, want)
		}
	}
	for area, n := range map[string][2]int{"KU305": {2400, 2100}, "KU208": {2500, 2450}} {
		i.post(contacts(area, lastYear-1, n[0]))
		i.post(contacts(area, lastYear, n[1]))
	}
	all := inputs(t, url)
	for _, in := range all {
		run(in.said, in.args...)
	}
	calendar := []string{"calendar", file(t, "calendar.ics", dated(weekly)), "--feed", file(t, "feed.yaml", "feeds: [{id: file, area: KU098, provider: P1, confirms: true}]")}
	run("3 occurrences: 0 created, 0 updated, 0 cancelled, 3 held, 0 unchanged", calendar...)
	i.atDoor()
	for _, in := range all {
		for question, answer := range in.shows {
			i.eventually(question, answer)
		}
		run("nothing is new, and nothing was published", in.args...)
	}
	run("0 created, 0 updated, 0 cancelled, 0 held, 3 unchanged", calendar...)
	for area, held := range map[string]string{"KU098": "3", "KU560": "3", "KU081": "2"} { // a file, and two feeds
		i.eventually(figure("sessions-held", area, "month", dated("{Y}-03-01"), "value"), held)
	}
	run("(0 new, 10 changed, 31 as before)", "survey", file(t, "corrected.csv", lime(20)), "--wave", all["LimeSurvey"].args[3])
	i.eventually(figure("qol-good-share", "KU305", "wave", "", "value"), "50")
	i.interrupt()
}

// session is one of today, as the page at the door is told.
type session struct {
	ID       string `json:"session_id"`
	Area     string `json:"venue_area_id"`
	Venue    string `json:"venue_id"`
	Kind     string `json:"activity_type"`
	Provider string `json:"provider_id"`
	Start    time.Time
}

// atDoor does what the page at the door does, at the session of today that the polled calendar has: eight cards, of which one is
// taken back, and three people without, of whom one is taken back.
func (i *instance) atDoor() {
	i.t.Helper()
	var today struct{ Sessions []session }
	i.until("the session of today", func() (string, bool) {
		_, text := i.get("/v1/participation/sessions?area=KU398")
		return text, json.Unmarshal([]byte(text), &today) == nil && len(today.Sessions) == 1
	})
	s, began, sent := today.Sessions[0], time.Now().UTC(), 0
	send := func(path, body string) (id string) {
		sent++
		at := began.Add(time.Duration(sent) * time.Millisecond).Format(time.RFC3339Nano)
		return i.record("/v1/participation/"+path, fmt.Sprint("key-", sent), strings.ReplaceAll(body, "{at}", at))
	}
	short := fmt.Sprintf(`"session_id":%q,"venue_area_id":%q`, s.ID, s.Area)
	about := fmt.Sprintf(`%s,"venue_id":%q,"activity_type":%q,"provider_id":%q`, short, s.Venue, s.Kind, s.Provider)
	var last string
	for card := range 8 {
		last = send("checkins", fmt.Sprintf(`{%s,"card_id":"OVI-%d","checked_in_at":"{at}","channel":"card"}`, about, 1000+card))
	}
	send("checkins/"+last+"/void", `{`+short+`,"reason":"undone at the door","at":"{at}"}`)
	for _, total := range []int{1, 2, 3, 2} {
		send("headcounts", fmt.Sprintf(`{%s,"counter":"door-1","counted_at":"{at}","total":%d,"includes_card_holders":false,"method":"manual"}`, about, total))
	}
	i.eventually(figure("participation-visits", "KU398", "day", finnishDay(s.Start), "value"), "9")
}

// record sends what the page sends, and returns the id of the event.
func (i *instance) record(path, key, body string) (id string) {
	i.t.Helper()
	r, err := http.NewRequestWithContext(i.t.Context(), http.MethodPost, i.report+path, strings.NewReader(body))
	if err != nil {
		i.t.Fatal(err)
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {key}}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		i.t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct{ ID, Error string }
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode != http.StatusAccepted {
		i.t.Fatalf("%s: %s %+v %v", path, response.Status, answer, err)
	}
	return answer.ID
}
