package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// tongue is a language in which the dashboards for people in municipalities are written beside English.
type tongue struct {
	code string
	i    int // of a translation
}

var tongues = []tongue{{"fi", 0}, {"sv", 1}}

// translate returns a dashboard, as it was rendered in English, in another language, with a UID and links of its own. Its
// names of areas and indicators are in that language from the first. A text without a translation is an error.
func (t tongue) translate(name string, english []byte) ([]byte, error) {
	var d map[string]any
	if err := json.Unmarshal(english, &d); err != nil {
		return nil, err
	}
	d["uid"] = t.uid(d["uid"].(string))
	w := walk{tongue: t}
	w.object(d)
	if len(w.missing) > 0 {
		slices.Sort(w.missing)
		return nil, fmt.Errorf("%s: no translation into %s of %q", name, t.code, slices.Compact(w.missing))
	}
	return encode(d)
}

func (t tongue) uid(english string) string { return english + "-" + t.code }

// walk translates what it meets in a dashboard, and notes what it cannot.
type walk struct {
	tongue
	missing []string
}

// shown are the keys of a dashboard whose strings are shown as they are.
var shown = []string{"title", "description", "noValue", "label", "tooltip"}

// namedBy are the keys whose strings name a column.
var namedBy = []string{"xField", "columnField", "rowField", "valueField"}

func (w *walk) object(o map[string]any) {
	for key, value := range o {
		switch v := value.(type) {
		case string:
			o[key] = w.text(key, v)
		case map[string]any:
			w.object(v)
		case []any:
			w.list(v)
		}
	}
	w.override(o)
	w.variable(o)
}

func (w *walk) list(l []any) {
	for _, item := range l {
		if o, ok := item.(map[string]any); ok {
			w.object(o)
		}
	}
}

func (w *walk) text(key, v string) string {
	switch {
	case slices.Contains(shown, key):
		return w.phrase(v)
	case slices.Contains(namedBy, key):
		return w.column(v)
	case key == "rawSql":
		return w.statement(v)
	case key == "url":
		return dashboardURL.ReplaceAllString(v, "$0-"+w.code)
	}
	return v
}

var dashboardURL = regexp.MustCompile(`^/d/vointi-[a-z]+$`)

// phrase translates a text; one that is a variable and nothing else needs none.
func (w *walk) phrase(v string) string {
	if v == "" || onlyVariables.MatchString(v) {
		return v
	}
	return w.in(translations, v)
}

// in translates a text of a list, and notes one that is not there.
func (w *walk) in(texts map[string][2]string, v string) string {
	if in, ok := texts[v]; ok {
		return in[w.i]
	}
	w.missing = append(w.missing, v)
	return v
}

var onlyVariables = regexp.MustCompile(`^(\$\{[a-z_:]+\}[: ]*)+$`)

// column translates the name of a column; "A" is how Grafana calls one.
func (w *walk) column(v string) string { return w.in(columns, v) }

// statement translates the names of a statement's columns: they stand between backticks, and nothing else does.
func (w *walk) statement(sql string) string {
	return quoted.ReplaceAllStringFunc(sql, func(name string) string { return "`" + w.column(strings.Trim(name, "`")) + "`" })
}

var quoted = regexp.MustCompile("`[^`]+`")

// override translates what fields are chosen by and called in an override of a panel, or a property of one.
func (w *walk) override(o map[string]any) {
	switch o["id"] {
	case "byName":
		o["options"] = w.column(o["options"].(string))
	case "byRegexp":
		o["options"] = w.pattern(o["options"].(string))
	case "displayName", "custom.fillBelowTo":
		o["value"] = w.column(o["value"].(string))
	}
}

// pattern translates the names of columns between the bars and brackets of a pattern; what is no name stays.
func (w *walk) pattern(p string) string {
	return betweenSigns.ReplaceAllStringFunc(p, func(name string) string {
		if in, ok := columns[name]; ok {
			return regexp.QuoteMeta(in[w.i])
		}
		return name
	})
}

var betweenSigns = regexp.MustCompile(`[^/^$()|!?.*+\\]+`)

// variable sets the language of names, and translates what a closed list offers.
func (w *walk) variable(o map[string]any) {
	options, ok := o["options"].([]any)
	if kind, is := o["type"].(string); !ok || !is || kind != "custom" {
		if is && kind == "query" && o["current"] != nil {
			w.offer(o["current"].(map[string]any))
		}
		return
	}
	pairs := make([]string, len(options))
	for i, option := range options {
		option := option.(map[string]any)
		if o["name"] == "lang" {
			option["selected"] = option["value"] == w.code
			if option["value"] == w.code {
				o["current"] = option
			}
		} else {
			w.offer(option)
		}
		pairs[i] = fmt.Sprint(option["text"], " : ", option["value"])
	}
	if o["name"] != "lang" {
		w.offer(o["current"].(map[string]any))
		o["query"] = strings.Join(pairs, ", ")
	}
}

// offer translates the text of something to choose, unless it is a number or nothing.
func (w *walk) offer(option map[string]any) {
	if text, ok := option["text"].(string); ok && strings.Trim(text, "0123456789") != "" {
		option["text"] = w.in(translations, text)
	}
}
