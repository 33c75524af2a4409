package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
)

// file writes a file of a test.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// old is a text as an older Excel saves it.
func old(t *testing.T, text string) string {
	t.Helper()
	text, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// workbook is a table as Excel saves it.
func workbook(t *testing.T, rows [][]any) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// lastYear is recent enough for visits to be somebody's, and over.
var lastYear = time.Now().Year() - 1

// march is a time of the fifth of March of last year, in Finland.
func march(clock string) time.Time {
	at, err := time.Parse(time.RFC3339, fmt.Sprintf("%d-03-05T%s:00+02:00", lastYear, clock))
	if err != nil {
		panic(err)
	}
	return at
}

// dated puts last year into a text: for Y the year, and for B the one before.
func dated(text string) string {
	return strings.NewReplacer("{Y}", fmt.Sprint(lastYear), "{B}", fmt.Sprint(lastYear-1)).Replace(text)
}

// lime is an export of LimeSurvey: forty people with eight items, of whom so many say 5 to all and the others 3.
func lime(good int) string {
	var b strings.Builder
	b.WriteString("\ufeffid,submitdate,lastpage,startlanguage,AREA,AGE,SEX")
	for item := range 8 {
		fmt.Fprintf(&b, ",EUROHIS[SQ%03d]", item+1)
	}
	for person := range 40 {
		fmt.Fprintf(&b, "\n%d,%s,3,fi,KU305,%d,%d", person+1, march("15:04").Format(time.DateTime), 30+person%20, 1+person%2)
		for range 8 {
			answer := 3
			if person < good {
				answer = 5
			}
			fmt.Fprintf(&b, ",%d", answer)
		}
	}
	return b.String()
}

// webropol says what the columns of the exports below mean.
const webropol = `id: Vastaajanumero
submitted: {column: Vastausaika, format: d.M.yyyy H.mm}
area: {column: Kunta, values: {Kuusamo: KU305, Kalajoki: KU208}}
birth_year: Syntymävuosi
sex: {column: Sukupuoli, values: {Mies: "1", Nainen: "2"}}
missing: [En osaa sanoa]
items:
  Koettu terveys: {item: SRH, values: {Hyvä: 1, Keskitasoinen: 3}}
  "Tyytyväisyys elämään, 0–10": LIFE_SATISFACTION
`

// answered are forty people, of whom so many rate their health as average; each second says 7 of their life and the others 8, and
// the last three do not know.
func answered(town string, average int, at func(person int) any) [][]any {
	rows := [][]any{{"Vastaajanumero", "Vastausaika", "Kunta", "Syntymävuosi", "Sukupuoli", "Koettu terveys", "Tyytyväisyys elämään, 0–10", "Avoin palaute"}}
	for person := range 40 {
		health, life := "Hyvä", any(7+person%2)
		if person < average {
			health = "Keskitasoinen"
		}
		if person >= 36 {
			life = "En osaa sanoa"
		}
		rows = append(rows, []any{person + 1, at(person), town, 1960 + person, []any{"Mies", "Nainen"}[person%2], health, life, "mitä; vain"})
	}
	return rows
}

// visited are so many people at one session, and one of them before: what is compared must not begin before the area's figures do.
func visited(session, card string, people int, at func(person int) any) [][]any {
	rows := [][]any{
		{"Kortti", "Tapahtuma", "Aika", "Syntymävuosi", "Laji", "Nimi"},
		{card + "-1000", session + "-before", dated("15.12.{B} 17.00"), 1980, "Luonto", "Aada"},
	}
	for person := range people {
		rows = append(rows, []any{fmt.Sprintf("%s-%d", card, 1000+person), session, at(person), 1980, "Luonto", "Aada"})
	}
	return rows
}

// cardSystem says what the columns of visited mean, in a municipality.
func cardSystem(area string) string {
	return fmt.Sprintf(`checkin:
  card_id: Kortti
  session_id: Tapahtuma
  checked_in_at: Aika
  birth_year: Syntymävuosi
  sex: {value: "2"}
  channel: {value: card}
  home_area_id: {value: %[1]s}
  venue_area_id: {value: %[1]s}
  venue_id: {value: V17}
  provider_id: {value: ORG12}
  activity_type: {column: Laji, values: {Luonto: nature}}
`, area)
}

// semicolons is a table as CSV with semicolons.
func semicolons(rows [][]any) string {
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if text := fmt.Sprint(cell); i > 0 {
				b.WriteString(";")
				fmt.Fprintf(&b, "%q", text)
			} else {
				b.WriteString(text)
			}
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

// finnish and serial are times as a text and as a cell of Excel that holds a date.
func finnish(person int) any {
	return march("17:00").Add(time.Duration(person) * time.Minute).Format("2.1.2006 15.04")
}

func serial(person int) any {
	at := march("17:00").Add(time.Duration(person) * time.Minute)
	return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
}

// residents is a population in JSON-stat, of men and women who are 45 at the end of the year before last.
const residents = `{"class":"dataset","version":"2.0","label":"Väestö","updated":"{Y}-03-28T06:00:00Z","id":["Alue","Ikä","Sukupuoli","Vuosi"],"size":[1,2,2,1],
"dimension":{"Alue":{"category":{"index":{"KU316":0}}},"Ikä":{"category":{"index":["SSS","045"]}},"Sukupuoli":{"category":{"index":["1","2"]}},"Vuosi":{"category":{"index":["{B}"]}}},
"value":[500,480,500,480]}`

// newRegion is a region that a municipality belongs to from now on.
const newRegion = `areas:
  - {id: SSS, level: country, code: SSS, source: known, name: {fi: Suomi, sv: Finland, en: Finland}}
  - {id: MK88, level: region, code: "88", source: invented, name: {fi: Uusi maakunta, sv: Nytt landskap, en: New region}, parents: [{hierarchy: country, area: SSS}]}
  - {id: KU316, level: municipality, code: "316", source: known, name: {fi: Kärkölä, sv: Kärkölä, en: Kärkölä}, parents: [{hierarchy: region, area: MK88}]}
`

// saves is a programme whose estimate rests on what a contact costs.
const saves = `id: saves
name: {fi: N, sv: N, en: N}
areas: [KU305]
comparison_areas: [KU208]
starts: "{Y}-01-01"
ends: "{Y}-12-31"
services: [{code: T11}]
`

// contacts is the use of a service by 1000 residents in a year.
func contacts(area string, year, n int) string {
	return fmt.Sprintf(`{"specversion":"1.0","id":"use-%[1]s-%[2]d","source":"/palvelut","type":"fi.vointi.serviceuse.aggregate.v1","time":"%[4]d-02-01T10:00:00Z","areaid":"%[1]s",
		"data":{"area_id":"%[1]s","age_scheme":"eviva3","age_group":"18-64","service_code":"T11","period":"%[2]d","contacts":%[3]d,"population":1000,"suppressed":false}}`, area, year, n, year+1)
}

// figure asks for a published row of everybody.
func figure(indicator, area, period, start, column string) string {
	return fmt.Sprintf("SELECT %s FROM vointi.indicators WHERE indicator = '%s' AND area = '%s' AND period_type = '%s'%s AND age_group = 'all' AND sex = 'all' AND member = 'all'",
		column, indicator, area, period, map[bool]string{true: "", false: " AND period_start = '" + start + "'"}[start == ""])
}

// neighbours are other people's servers: a calendar, Linked Events in two pages, and Sotkanet.
func neighbours(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	say := func(path, text string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, dated(text)) })
	}
	days := strings.NewReplacer("{from}", time.Now().AddDate(0, 0, -1).Format("20060102"), "{to}", time.Now().AddDate(0, 0, 2).Format("20060102"))
	say("/calendar.ics", days.Replace("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:gym\r\nDTSTART;TZID=Europe/Helsinki:{Y}0304T170000\r\nDURATION:PT2H\r\n"+
		"RRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE;TZID=Europe/Helsinki:{Y}0311T170000\r\nCATEGORIES:Liikunta\r\nSUMMARY:Jumppa\r\nEND:VEVENT\r\n"+
		"BEGIN:VEVENT\r\nUID:today\r\nDTSTART;VALUE=DATE:{from}\r\nDTEND;VALUE=DATE:{to}\r\nSUMMARY:Kahvila\r\nLOCATION:Lahti\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
	event := `{"meta":{"count":2,"next":%s},"data":[{"id":"le:%d","name":{"fi":"Jumppa"},"start_time":"{Y}-03-0%[2]dT15:00:00Z","end_time":"{Y}-03-0%[2]dT16:00:00Z","event_status":"EventScheduled",
		"location":{"@id":"https://x/place/tprek:7/"},"last_modified_time":"{Y}-03-01T08:00:00Z"}]}`
	mux.HandleFunc("/linkedevents/", func(w http.ResponseWriter, r *http.Request) {
		n, next := 1, `"https://elsewhere.example/?page=2"`
		if r.URL.Query().Get("page") == "2" {
			n, next = 2, "null"
		}
		_, _ = io.WriteString(w, dated(fmt.Sprintf(event, next, n)))
	})
	say("/rest/regions", `[{"id":189,"code":"305","category":"KUNTA"}]`)
	say("/rest/json", `[{"indicator":286,"region":189,"year":{B},"gender":"total","value":21.5},{"indicator":286,"region":189,"year":{B},"gender":"female","value":25}]`)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// weekly is a calendar of three sessions.
const weekly = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:choir\nDTSTART;TZID=Europe/Helsinki:{Y}0304T170000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\nEND:VCALENDAR\n"

// feeds are polled of these servers.
const feeds = `feeds:
- {id: library, url: "{url}/calendar.ics", area: KU560, provider: P1, confirms: true, categories: {Liikunta: {activity_type: sport}}, locations: {Lahti: {venue: V17, area: KU398}}}
- {id: city, url: "{url}/linkedevents/", kind: linkedevents, area: KU081, provider: P1, confirms: true}
`
