package wording_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stats"
	"vointi.fi/pkg/wording"
)

func TestEveryTextIsComplete(t *testing.T) {
	check := func(what string, text wording.Text) {
		if text.FI == "" || text.SV == "" || text.EN == "" {
			t.Errorf("%s is not complete: %+v", what, text)
		}
	}
	for _, list := range [][]wording.Code{
		wording.Comparators, wording.Verdicts, wording.Reasons, wording.Estimated, wording.Refusals, wording.Cautions, wording.Perspectives,
		wording.MatrixRows, wording.MatrixColumns, wording.Inputs,
	} {
		for _, c := range list {
			check(c.ID, c.Text)
		}
	}
	for id, text := range wording.Flags {
		check(id, text)
	}
	for _, text := range wording.Goals {
		check(text.EN, text)
	}
}

func TestFinnishStandsInForMissingTranslations(t *testing.T) {
	only := wording.Text{FI: "suomeksi"}
	for _, l := range []string{"fi", "sv", "en"} {
		if only.In(l) != "suomeksi" {
			t.Errorf("%s: %q", l, only.In(l))
		}
	}
}

// What the aggregator can write, readers can read.
func TestEveryCodeOfTheAggregatorHasWords(t *testing.T) {
	comparators, reasons := constants(t, "compare_table.go")
	for _, id := range comparators {
		if _, ok := wording.Find(wording.Comparators, id); !ok {
			t.Errorf("comparator %s has no words", id)
		}
	}
	if len(comparators) != len(wording.Comparators) {
		t.Errorf("the aggregator has %d comparators, there are words for %d", len(comparators), len(wording.Comparators))
	}
	for _, r := range []stats.Reason{
		stats.TooFewPoints, stats.SeriesBreak, stats.MissingValue, stats.MissingInterval, stats.NotSignificant, stats.OnePointDecides,
	} {
		reasons = append(reasons, string(r))
	}
	for _, id := range append(reasons, "increasing", "decreasing") {
		if _, ok := wording.Find(wording.Reasons, id); !ok {
			t.Errorf("reason %s has no words", id)
		}
	}
	for _, f := range []string{
		indicator.FlagNotCalculable, indicator.FlagAboveWhole, indicator.FlagUnallocated, indicator.FlagNoWeights, indicator.FlagPoisson, indicator.FlagDataGap, "short_history",
	} {
		if _, ok := wording.Flags[f]; !ok {
			t.Errorf("flag %s has no words", f)
		}
	}
}

// What may stand in estimates, readers can read.
func TestEveryCodeOfEstimatesHasWords(t *testing.T) {
	words := map[string][]wording.Code{
		"Measure": wording.Estimated, "Refusal": wording.Refusals, "Flag": wording.Cautions, "Quadrant": wording.Cautions, "": wording.Perspectives,
	}
	seen := map[string]bool{}
	for _, c := range slices.Concat(codes(t, "../programme/words.go"), codes(t, "../costeffect/flags.go"), codes(t, "../costeffect/icer.go")) {
		list, shown := words[c.kind]
		if strings.HasPrefix(c.name, "Flag") {
			list = wording.Cautions
		}
		if _, ok := wording.Find(list, c.id); shown && !ok {
			t.Errorf("%s %s has no words", c.name, c.id)
		}
		seen[c.id] = true
	}
	for _, list := range words {
		for _, c := range list {
			if !seen[c.ID] {
				t.Errorf("there are words for %s, which nothing can be", c.ID)
			}
		}
	}
}

// What estimates rest on, readers can read: what the evaluator calls its inputs, their units and sources.
func TestEveryInputOfEstimatesHasWords(t *testing.T) {
	files, err := filepath.Glob("../../services/evaluator/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no evaluator: %v", err)
	}
	written := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				if text, err := strconv.Unquote(n.Value); err == nil {
					text, _, _ = strings.Cut(text, "%d")
					written[text] = true
				}
			case *ast.CallExpr:
				if of, ok := n.Fun.(*ast.Ident); ok && slices.Contains([]string{"exact", "ranged", "entered"}, of.Name) {
					inputHasWords(t, file, n.Args)
				}
			}
			return true
		})
	}
	for _, c := range wording.Inputs {
		name, _ := strings.CutSuffix(c.ID, " of ")
		if !written[c.ID] && !written[name] && !strings.Contains(c.ID, " a p") && c.ID != "vointi.indicators " {
			t.Errorf("there are words for %q, which the evaluator does not write", c.ID)
		}
	}
}

// inputHasWords checks what stands in a call that makes an input.
func inputHasWords(t *testing.T, file string, args []ast.Expr) {
	t.Helper()
	for _, arg := range args {
		if sum, ok := arg.(*ast.BinaryExpr); ok {
			for ok {
				arg = sum.X
				sum, ok = arg.(*ast.BinaryExpr)
			}
		}
		if call, ok := arg.(*ast.CallExpr); ok && len(call.Args) > 0 {
			arg = call.Args[0]
		}
		literal, ok := arg.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			continue
		}
		text, _ := strconv.Unquote(literal.Value)
		text, _, _ = strings.Cut(text, "%d")
		found := slices.ContainsFunc(wording.Inputs, func(c wording.Code) bool { return c.ID == text || c.ID == text+" of " })
		if !found && !slices.Contains([]string{"", "€", "%", "€ a "}, text) {
			t.Errorf("%s: %q has no words", file, text)
		}
	}
}

// declaredCode is a constant string: its name, its type where it has one, its value.
type declaredCode struct{ name, kind, id string }

func codes(t *testing.T, file string) (found []declaredCode) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if value, ok := spec.Values[0].(*ast.BasicLit); ok && value.Kind == token.STRING {
			text, _ := strconv.Unquote(value.Value)
			c := declaredCode{name: spec.Names[0].Name, id: text}
			if of, ok := spec.Type.(*ast.Ident); ok {
				c.kind = of.Name
			}
			found = append(found, c)
		}
		return true
	})
	if len(found) == 0 {
		t.Fatalf("%s has no codes", file)
	}
	return found
}

// constants reads two blocks of strings from the aggregator: comparators, and reasons without those of package stats.
func constants(t *testing.T, file string) (comparators, reasons []string) {
	t.Helper()
	for _, c := range codes(t, filepath.Join("../../services/aggregator", file)) {
		if strings.HasPrefix(c.name, "with") {
			comparators = append(comparators, c.id)
		} else {
			reasons = append(reasons, c.id)
		}
	}
	if len(comparators) == 0 || !slices.Contains(reasons, "protected") {
		t.Fatalf("comparators %v, reasons %v", comparators, reasons)
	}
	return comparators, reasons
}

func TestMarksOfVerdicts(t *testing.T) {
	for _, c := range []struct {
		verdict string
		up      bool
		want    string
	}{
		{"", true, "◌"},
		{"similar", true, "●"},
		{"undecided", false, "●"},
		{"reached", false, "✓"},
		{"missed", true, "✗"},
		{string(stats.Better), true, "▲"},
		{string(stats.Better), false, "▼"},
		{string(stats.MuchWorse), true, "▲▲"},
		{string(stats.MuchLower), false, "▼▼"},
	} {
		if got := wording.Mark(c.verdict, c.up); got != c.want {
			t.Errorf("%s, up %v: %s, want %s", c.verdict, c.up, got, c.want)
		}
	}
	for _, v := range []stats.Verdict{
		stats.Similar, stats.Better, stats.MuchBetter, stats.Worse, stats.MuchWorse, stats.Higher, stats.MuchHigher, stats.Lower, stats.MuchLower,
		stats.Verdict(stats.Reached), stats.Verdict(stats.Missed), stats.Verdict(stats.Undecided),
	} {
		if _, ok := wording.Find(wording.Verdicts, string(v)); !ok {
			t.Errorf("verdict %s has no words", v)
		}
	}
}
