package report_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vointi.fi/pkg/warehouse/warehousetest"
	"vointi.fi/services/report"
)

func TestPage(t *testing.T) {
	admin, db := reader(t)
	s := serve(t, db, report.Config{Synthetic: true, Area: "KU305"})
	t.Run("defaults", func(t *testing.T) { defaults(t, s) })
	t.Run("golden snippets", func(t *testing.T) { goldenSnippets(t, s) })
	t.Run("words instead of figures", func(t *testing.T) { wordsInsteadOfFigures(t, s) })
	t.Run("every choice", func(t *testing.T) { everyChoice(t, s) })
	t.Run("charts have table twins", func(t *testing.T) { chartsHaveTableTwins(t, s) })
	t.Run("practices", func(t *testing.T) { practicesHaveFiguresBehindThem(t, s) })
	t.Run("not on offer", func(t *testing.T) { notOnOffer(t, s) })
	t.Run("no banner on real data", func(t *testing.T) {
		if strings.Contains(serve(t, db, report.Config{}).page("/", 200), "Keksittyä") {
			t.Error("real data are called synthetic")
		}
	})
	t.Run("escaping", func(t *testing.T) { // last: it changes the data
		sql := `INSERT INTO vointi_internal.areas SELECT area, level, code, map('fi', '<script>alert(1)</script>" onload="x'), parents, valid_from, valid_to, version + 1
			FROM vointi_internal.areas WHERE area = 'KU305'`
		if err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
		if body := s.page("/", 200); !strings.Contains(body, "&lt;script&gt;alert(1)&lt;/script&gt;") {
			t.Error("the name of the area is not on the page")
		}
	})
}

func defaults(t *testing.T, s site) {
	body := s.page("/", 200)
	for _, want := range []string{
		`<html lang="fi">`, "<title>Kuusamo 2025 – Hyvinvointiraportti</title>", "<h1>Kuusamo 2025</h1>",
		"Keksittyä esittelyaineistoa", `<option value="KU305" selected>Kuusamo</option>`, `<option value="2025" selected>`,
		"Luvut laskettu 15.1.2026 07.30", `<form method="get" action="/">`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q on the page", want)
		}
	}
}

// The pieces that matter most, byte for byte. Look at the page before changing a file.
func goldenSnippets(t *testing.T, s site) {
	fi, en := s.page("/", 200), s.page("/?lang=en&age_scheme=report5&trend=year", 200)
	row := func(body, id string) string {
		return between(body, `<th scope="row" role="rowheader"><a href="#`+id+`">`, "</tr>")
	}
	for name, got := range map[string]string{
		"summary.fi.html":              between(fi, `<section aria-labelledby="highlights">`, `<p class="age">`),
		"row-newly-active.fi.html":     row(fi, "newly-active-residents"),
		"row-visits-report5.en.html":   row(en, "participation-visits"),
		"row-sessions-held.fi.html":    row(fi, "sessions-held"),
		"trend-participation.en.html":  between(en, `<article id="participation-reach">`, "</article>"),
		"trend-loneliness.fi.html":     between(fi, `<article id="loneliness-share">`, "</article>"),
		"trend-culture-missing.fi.txt": text(between(between(fi, `<article id="culture-visit-rate">`, "</article>"), `<table class="figures">`, "</table>")),
	} {
		want, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Error(err)
		}
		if strings.TrimSpace(got) != strings.TrimSpace(string(want)) {
			t.Errorf("%s\n got %s\nwant %s", name, got, want)
		}
	}
}

func wordsInsteadOfFigures(t *testing.T, s site) {
	row := func(path, id string) string {
		body := s.page(path, 200)
		return text("<" + between(body, `<th scope="row" role="rowheader"><a href="#`+id+`"`, "</tr>"))
	}
	if got := row("/", "newly-active-residents"); strings.Count(got, "tietosuojattu") != 2 || strings.Contains(got, " 0 ") {
		t.Errorf("protected cells read %q", got)
	}
	if got := row("/?lang=en", "sessions-held"); strings.Count(got, "not applicable") != 4 {
		t.Errorf("an indicator without ages reads %q", got)
	}
	early := text(between(s.page("/?lang=sv&area=KU853&year=2022", 200), `<span class="code">G9</span>`, "</tbody>"))
	if strings.Count(early, "ingen uppgift") != 8 {
		t.Errorf("two surveys that were not held yet read %q", early)
	}
	if got := row("/?year=2024", "loneliness-share"); !strings.Contains(got, "kysely 2023") {
		t.Errorf("an older survey reads %q, without its year", got)
	}
	first, second := row("/?area=KU208&year=2023", "participation-visits"), row("/?area=KU208&year=2024", "participation-visits")
	if !strings.Contains(first, "jakso vajaa") || !strings.Contains(second, "◌ jakso tai vertailujakso vajaa") {
		t.Errorf("an area whose figures begin in April reads %q and %q", first, second)
	}
	unfed := text("<" + between(s.page("/?lang=en&area=SSS", 200), `<th scope="row" role="rowheader">Active volunteers`, "</tr>"))
	if strings.Count(unfed, "no data not collected yet") != 4 {
		t.Errorf("an indicator that nothing feeds reads %q", unfed)
	}
	if first := s.page("/?year=2022&lang=en", 200); !strings.Contains(first, "Nothing can be compared yet") {
		t.Error("the first year does not say that nothing can be compared")
	}
	if !strings.Contains(s.page("/", 200), "Tavoitteella ei ole vielä mittaria.") {
		t.Error("goals without a metric do not say so")
	}
}

func everyChoice(t *testing.T, s site) {
	for _, c := range [][3]string{{"fi", "eviva3", "month"}, {"sv", "report5", "quarter"}, {"en", "finsote", "year"}} {
		body := s.page("/?area=SSS&year=2023&lang="+c[0]+"&age_scheme="+c[1]+"&trend="+c[2], 200)
		if strings.Count(body, "<article ") != 12 || !strings.Contains(body, `<html lang="`+c[0]+`">`) {
			t.Errorf("%v: %d trends", c, strings.Count(body, "<article "))
		}
	}
	if body := s.page("/?lang=xx", 200); !strings.Contains(body, `<html lang="fi">`) {
		t.Error("an unknown language is not Finnish")
	}
}

func chartsHaveTableTwins(t *testing.T, s site) {
	for _, article := range strings.Split(s.page("/", 200), "<article ")[1:] {
		article, _, _ = strings.Cut(article, "</article>")
		points := strings.Count(between(article, "<svg ", "</svg>"), "<circle ")
		rows := strings.Count(between(article, `<table class="figures">`, "</table>"), "<tr>") - 1
		if points == 0 || rows < points {
			t.Errorf("%d points and %d rows in %.60s", points, rows, article)
		}
		if !strings.Contains(article, `role="img" aria-label="`) {
			t.Errorf("a chart without a label: %.60s", article)
		}
	}
}

// practicesHaveFiguresBehindThem: three rows of three cells, each with its figures; an estimate never without its caveats.
func practicesHaveFiguresBehindThem(t *testing.T, s site) {
	section := between(s.page("/?lang=en", 200), `<h2 id="practices">`, "</section>")
	if n := strings.Count(section, "<td>"); n != 9 {
		t.Errorf("the matrix has %d cells", n)
	}
	said := text("<p>" + section)
	for _, want := range []string{
		"Client Problem or need loneliness Solution – Results and benefits inclusion Feels lonely :",
		"Results and benefits referrals: no data",
		"lower costs Avoided service cost: T11: €25,000 (5,947 to €44,053) One of the inputs is a placeholder that nobody has confirmed yet: the figure is no basis for a decision.",
		"The whole practice: Sessions held :",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	if fi := s.page("/", 200); !strings.Contains(fi, "ryhmä kerran viikossa") || !strings.Contains(fi, "Vältetty palvelukustannus: T11") {
		t.Error("the Finnish page has no Finnish matrix")
	}
}

func notOnOffer(t *testing.T, s site) {
	for _, query := range []string{"area=KU999", "year=1999", "year=soon", "age_scheme=single", "trend=day", "area=<script>"} {
		body := s.page("/?lang=en&"+query, 404)
		if !strings.Contains(body, "There is no such area, year or age grouping.") {
			t.Errorf("%s: no explanation", query)
		}
	}
}

func TestEmptyReadModel(t *testing.T) {
	warehousetest.New(t)
	s := serve(t, warehousetest.Open(t, warehousetest.Engine(t).RoleURL("vointi_reader")), report.Config{})
	if body := s.page("/", 200); !strings.Contains(body, "Lukuja ei ole vielä laskettu.") || strings.Contains(body, "<form") {
		t.Error("the empty page does not say that it is empty")
	}
	if got := s.get("/v1/indicators").Body.String(); got != "{\"synthetic\":false,\"indicators\":[\n\n]}\n" {
		t.Errorf("no rows are %q", got)
	}
	if got := s.get("/v1/indicators?format=csv").Body.String(); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "indicator,area,") {
		t.Errorf("no rows as CSV are %q", got)
	}
}
