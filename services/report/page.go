package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"time"

	"go.uber.org/zap"
)

//go:embed page.html style.css
var pageFiles embed.FS

var (
	style        = mustFile("style.css")
	pageTemplate = template.Must(template.New("page.html").Funcs(template.FuncMap{
		"inc":    func(n int) int { return n + 1 },
		"worded": func(c chart, t *texts) chartView { return chartView{c, t} },
		"celled": func(c cellView, t *texts) wordedCell { return wordedCell{c, t} },
	}).ParseFS(pageFiles, "page.html"))
	// A page runs nothing and loads nothing: no scripts, no images, only its own style, which is named by its hash.
	contentPolicy = "default-src 'none'; style-src 'sha256-" + hashOf(style) + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// chartView gives a chart the words that it needs, and wordedCell a cell.
type (
	chartView struct {
		C chart
		T *texts
	}
	wordedCell struct {
		C cellView
		T *texts
	}
)

func mustFile(name string) string {
	text, err := pageFiles.ReadFile(name)
	if err != nil {
		panic("report: no file " + name) // embedded at build time
	}
	return string(text)
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// page is everything that the template writes.
type page struct {
	T         *texts
	Lang      Language
	Style     template.CSS
	Synthetic bool
	Languages []link
	Notice    *notice // instead of figures

	Areas, Years, Schemes, TrendBy []choice
	AreaName                       string
	Year                           int
	Age                            string
	Counts                         []tally
	Summary                        string // how many indicators have a figure
	Verdicts                       []tallies
	Compared                       bool   // anything has a verdict beside the period before
	Protected                      string // why cells are, if any is
	Highlights                     []highlight
	Matrix                         matrix
	Trends                         []trend
	Practices                      []practice
	Glossary                       []term
	API                            string
}

type notice struct{ Title, Hint string }

type link struct {
	Code, Name, URL string
	Current         bool
}

type choice struct {
	Value, Label string
	Selected     bool
}

type tally struct {
	Count int
	Word  string
}

// tallies count the verdicts of one comparator.
type tallies struct {
	Name   string
	Counts []tally
}

type highlight struct {
	ID, Name, Value, Interval string
	*reading
}

func (r *Report) servePage(w http.ResponseWriter, req *http.Request) {
	ctx, cancel := context.WithTimeout(req.Context(), r.cfg.QueryTimeout)
	defer cancel()
	lang := r.language(req.URL.Query())
	p := r.blank(lang, req.URL)
	status := http.StatusOK
	switch err := r.fill(ctx, &p, req.URL.Query()); {
	case errors.Is(err, errNotOffered):
		status, p.Notice = http.StatusNotFound, &notice{p.T.NotFound, p.T.NotFoundHint}
	case err != nil && req.Context().Err() != nil:
		return // the reader has gone
	case err != nil:
		r.metrics.failures.Inc()
		r.log.Error("report page", zap.Error(err))
		status, p.Notice = http.StatusServiceUnavailable, &notice{p.T.Unavailable, p.T.UnavailableHint}
		w.Header().Set("Retry-After", "10")
	}
	r.write(w, status, p)
}

// write renders first and answers then, so that a fault in the template is not half a page.
func (r *Report) write(w http.ResponseWriter, status int, p page) {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		r.log.Error("render report page", zap.Error(err))
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(p.Lang))
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a reader who has gone is no fault
}

func (r *Report) language(q url.Values) Language {
	if l, ok := parseLanguage(q.Get("lang")); ok {
		return l
	}
	return Language(r.cfg.Language)
}

func (r *Report) blank(lang Language, u *url.URL) page {
	p := page{T: textsOf[lang], Lang: lang, Style: template.CSS(style), Synthetic: r.cfg.Synthetic} //nolint:gosec // our own file
	for _, l := range languages {
		q := u.Query()
		q.Set("lang", string(l.Code))
		p.Languages = append(p.Languages, link{Code: string(l.Code), Name: l.Name, URL: "/?" + q.Encode(), Current: l.Code == lang})
	}
	return p
}

// fill reads what the address asks for and puts it into words.
func (r *Report) fill(ctx context.Context, p *page, q url.Values) error {
	sel, err := r.choose(ctx, q)
	if err != nil {
		return err
	}
	p.form(sel)
	catalogue, err := r.model.catalogue(ctx)
	if err != nil {
		return err
	}
	if sel.nothingThere || len(catalogue) == 0 {
		p.Notice = &notice{p.T.Empty, p.T.EmptyHint}
		return nil
	}
	cells, err := r.model.year(ctx, sel.area.ID, sel.scheme, sel.year)
	if err != nil {
		return err
	}
	trends, err := r.model.trends(ctx, sel.area.ID, sel.year)
	if err != nil {
		return err
	}
	beside, err := r.model.comparisons(ctx, sel.area.ID, sel.scheme, sel.year)
	if err != nil {
		return err
	}
	if err := r.model.covered(ctx, sel.area.ID, cells, trends); err != nil {
		return err
	}
	p.Matrix = matrixOf(p.Lang, catalogue, cells, beside, sel.scheme, sel.year)
	p.Trends = trendsOf(p.Lang, catalogue, trends, beside, sel.trend, sel.year)
	p.Matrix.link(p.Trends)
	if err := r.addPractices(ctx, p, catalogue, cells, beside); err != nil {
		return err
	}
	p.summarise(catalogue, cells, beside, sel.year, time.Now())
	p.Glossary = glossary(p.Lang)
	p.API = "/v1/indicators?" + url.Values{"area": {sel.area.ID}, "period_type": {"year"}, "format": {"csv"}}.Encode()
	return nil
}
