package linkedevents_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"vointi.fi/services/calendar/linkedevents"
	"vointi.fi/services/calendar/occurrence"
)

func read(t testing.TB, text string) (linkedevents.Page, error) {
	t.Helper()
	location, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return linkedevents.Read([]byte(text), location, "fi")
}

// event is an event with more members; a member given again replaces the first.
func event(more string) string {
	return `{"id":"kulke:1","start_time":"2025-03-05T15:00:00Z","end_time":"2025-03-05T17:00:00Z"` + more + `}`
}

func told(o occurrence.Occurrence) string {
	number := func(n *int) string {
		if n == nil {
			return "-"
		}
		return fmt.Sprint(*n)
	}
	price, free := "-", "-"
	if o.PriceCents != nil {
		price = fmt.Sprint(*o.PriceCents)
	}
	if o.IsFree != nil {
		free = fmt.Sprint(*o.IsFree)
	}
	return fmt.Sprintf("%s %s %s–%s %v gone=%v series=%s %v place=%s by=%s %v kind=%s for=%v ages=%s–%s room=%s–%s price=%s free=%s in=%v %s",
		o.ID, o.Status, o.Start.UTC().Format("01-02T15:04"), o.End.UTC().Format("01-02T15:04"), o.AllDay, o.Gone, o.Series, o.Name, o.Place, o.Provider, o.Categories, o.Kind,
		o.Audience, number(o.MinAge), number(o.MaxAge), number(o.CapacityMin), number(o.CapacityMax), price, free, o.Languages, o.URL)
}

func TestEverythingThatIsSaid(t *testing.T) {
	page, err := read(t, `{"meta":{"count":7,"next":"https://x/?page=2","previous":null},"data":[`+event(`,"@id":"https://x/event/kulke:1/","name":{"fi":"Jumppa","sv":null,"en":"Gym"},
		"event_status":"EventRescheduled","type_id":"Volunteering","location":{"@id":"https://x/v1/place/tprek:28473/"},"keywords":[{"@id":"https://x/keyword/yso:p916/"}],
		"audience":[{"@id":"https://x/keyword/yso:p13050/"}],"audience_min_age":7,"audience_max_age":null,"maximum_attendee_capacity":20,"minimum_attendee_capacity":5,
		"offers":[{"is_free":false,"price":{"fi":"5,50 €"}}],"in_language":[{"@id":"https://x/language/fi/"}],"publisher":"ahjo:u1","super_event":{"@id":"https://x/event/s/"},
		"last_modified_time":"2025-03-01T08:00:00Z","data_source":"kulke","custom":{"any":[1]}`)+`]}`)
	if err != nil || page.Next != "https://x/?page=2" || page.Count != 7 || page.Items != 1 || len(page.Remarks) > 0 {
		t.Fatalf("%+v %v", page, err)
	}
	want := "kulke:1 rescheduled 03-05T15:00–03-05T17:00 false gone=false series=s map[en:Gym fi:Jumppa] place=tprek:28473 by=ahjo:u1 [yso:p916] kind=Volunteering for=[yso:p13050] ages=7–- room=5–20 price=550 free=false in=[fi] https://x/event/kulke:1/"
	if got := told(page.Occurrences[0]); got != want {
		t.Errorf("\n%s\n%s", got, want)
	}
}

// TestAFeedAsItIs: a page as Helsinki's and Espoo's servers give it, with null wherever they have nothing.
func TestAFeedAsItIs(t *testing.T) {
	text, err := os.ReadFile("testdata/helsinki.json")
	if err != nil {
		t.Fatal(err)
	}
	page, err := read(t, string(text))
	if err != nil || len(page.Remarks) > 0 || page.Items != 5 || page.Count != 5 {
		t.Errorf("%v %v %d", err, page.Remarks, page.Items)
	}
	var got []string
	for _, o := range page.Occurrences {
		got = append(got, told(o))
	}
	want := []string{
		"helsinki:afxd2oy2ma scheduled 03-05T08:30–03-05T09:15 false gone=false series=helsinki:afxd2oy3ea map[fi:Satutunti – Sagostund] place=tprek:8254 by=ahjo:u021200 [yso:p11185 yso:p5121] kind=General for=[] ages=-–- room=-–- price=- free=true in=[fi zxx] https://api.hel.fi/linkedevents/v1/event/helsinki:afxd2oy2ma/",
		"helsinki:afxd2oy3ea scheduled 03-05T08:30–05-28T08:15 false gone=true series= map[fi:Satutunnit] place= by=ahjo:u021200 [] kind=General for=[] ages=-–- room=-–- price=- free=- in=[] https://api.hel.fi/linkedevents/v1/event/helsinki:afxd2oy3ea/",
		"espoo_le:espoo:agg12345 scheduled 03-07T22:00–03-08T22:00 true gone=false series= map[fi:Naistenpäivän tanssit] place=espoo:1 by= [] kind= for=[yso:p2433] ages=65–- room=-–0 price=- free=- in=[] ",
		"helmet:271234 cancelled 03-10T14:00–01-01T00:00 false gone=false series= map[fi:Peruttu kurssi] place=helsinki:internet by=ahjo:u4804001010 [] kind=Course for=[] ages=-–- room=5–12 price=2500 free=false in=[] ",
		"kulke:53000 scheduled 01-01T00:00–01-01T00:00 false gone=true series= map[] place= by= [] kind=General for=[] ages=-–- room=-–- price=- free=- in=[] ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWhatIsFound(t *testing.T) {
	for name, test := range map[string]struct {
		more   string
		want   string // a part of what is told; "" if the event is left out
		remark string
	}{
		"dates: the end is a day": {`,"start_time":"2025-03-05","end_time":"2025-03-06"`, "03-04T22:00–03-06T22:00 true", ""},
		"one day":                 {`,"start_time":"2025-03-05","end_time":null`, "03-04T22:00–03-05T22:00 true", ""},
		"no zone":                 {`,"start_time":"2025-03-05T17:00:00"`, "03-05T15:00–03-05T17:00 false", ""},
		"no end":                  {`,"end_time":null`, "03-05T15:00–01-01T00:00 false", ""},
		"end first":               {`,"end_time":"2025-03-05T14:00:00Z"`, "03-05T15:00–01-01T00:00", "kulke:1: end_time: is before"},
		"no start":                {`,"start_time":null`, "", "kulke:1: start_time: is missing"},
		"bad start":               {`,"start_time":"soon"`, "", `start_time: "soon" is neither`},
		"postponed":               {`,"start_time":null,"event_status":"EventPostponed"`, "postponed", ""},
		"deleted":                 {`,"deleted":true`, "gone=true", ""},
		"umbrella":                {`,"super_event_type":"umbrella"`, "gone=true", ""},
		"draft":                   {`,"publication_status":"draft"`, "", ""},
		"odd status":              {`,"event_status":"EventMaybe"`, "scheduled", "event_status: "},
		"name as a text":          {`,"name":"Jumppa"`, "map[fi:Jumppa]", ""},
		"odd types":               {`,"name":5`, "scheduled", "name: is neither"},
		"odd keywords":            {`,"keywords":"yso:p1"`, "scheduled", "keywords: is no list"},
		"odd age":                 {`,"audience_min_age":"seven"`, "ages=-", "audience_min_age: is no whole number"},
		"free":                    {`,"offers":[{"is_free":true}]`, "price=- free=true", ""},
		"two prices":              {`,"offers":[{"is_free":false,"price":"5"},{"is_free":true}]`, "price=- free=false", ""},
		"a span of prices":        {`,"offers":[{"is_free":false,"price":{"fi":"5–10 €"}}]`, "price=- free=false", ""},
		"a whole price":           {`,"offers":[{"is_free":false,"price":{"sv":"12 euro"}}]`, "price=1200 free=false", ""},
		"provider":                {`,"provider":{"fi":"Yhdistys"}`, "by=Yhdistys", ""},
	} {
		page, err := read(t, "["+event(test.more)+"]")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if left := len(page.Occurrences) == 0; left != (test.want == "") {
			t.Errorf("%s: %d occurrences", name, len(page.Occurrences))
		} else if !left && !strings.Contains(told(page.Occurrences[0]), test.want) {
			t.Errorf("%s: %s, want %s", name, told(page.Occurrences[0]), test.want)
		}
		if (test.remark == "") != (len(page.Remarks) == 0) || test.remark != "" && !strings.Contains(page.Remarks[0].String(), test.remark) {
			t.Errorf("%s: remarks %v, want %s", name, page.Remarks, test.remark)
		}
	}
}

func TestNoPage(t *testing.T) {
	for text, want := range map[string]string{
		"": "it is empty", "<html>": "invalid character '<'", `{"detail":"Not found."}`: `there is no list named "data"`, `{"meta":{},"data":[{"id":"a"`: "unexpected end", "null": "there is no list",
	} {
		if _, err := read(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if page, err := read(t, event("")); err != nil || len(page.Occurrences) != 1 {
		t.Errorf("one event alone: %+v %v", page, err)
	}
	if page, err := read(t, `{"data":[5,{"name":"x"}]}`); err != nil || len(page.Remarks) != 2 || page.Items != 2 {
		t.Errorf("no events: %+v %v", page, err)
	}
}

// FuzzRead: whatever the bytes, every occurrence can be named, and every event that is not one is remarked or a draft.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"meta":{"count":1,"next":null},"data":[` + event(`,"offers":[{"is_free":false,"price":{"fi":"5,50 €"}}],"keywords":[{"@id":"x/yso:p1/"}]`) + `]}`))
	f.Add([]byte(event(`,"start_time":"2025-03-05","end_time":"2025-03-06","name":{"fi":null}`)))
	f.Add([]byte("[1,null,{}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		page, err := read(t, string(data))
		if err != nil {
			return
		}
		for _, o := range page.Occurrences {
			if o.ID == "" || len([]rune(o.ID)) > 180 || !o.End.IsZero() && !o.End.After(o.Start) {
				t.Errorf("%+v", o)
			}
		}
	})
}
