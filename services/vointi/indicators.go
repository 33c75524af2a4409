package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/stats"
	"vointi.fi/schemas"
)

//go:generate sh -c "go run . indicators table > ../../schemas/indicators/README.md"

type indicatorsCommand struct {
	List    listIndicators    `cmd:"" help:"One line for each indicator: its number, id, method, state and name."`
	Explain explainIndicator  `cmd:"" help:"What an indicator says, what is counted for it, and a worked example."`
	Check   checkIndicators   `cmd:"" help:"Check the catalogue, or files that are to become part of it."`
	Table   tableOfIndicators `cmd:"" hidden:"" help:"Print the table of all indicators."`
}

// Help implements [kong.HelpProvider].
func (*indicatorsCommand) Help() string {
	return `An indicator is a file: schemas/indicators/ID.yaml. It says in Finnish, Swedish and English what it tells, what is counted, in which areas, periods and groups, and by which method. "list" shows all of them, "explain ID" one with its formula and an example; write a new one beside the others and "check FILE" names every fault with its line and column.`
}

// builtInCatalogue is the catalogue of this program.
func builtInCatalogue() (indicator.Catalogue, error) { return indicator.Load(schemas.FS, "indicators") }

type listIndicators struct {
	Goal string `arg:"" optional:"" help:"only of this goal: G1 … G10"`
}

// Run lists the catalogue.
func (c *listIndicators) Run(proc *process) error {
	catalogue, err := builtInCatalogue()
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(proc.stdout, 0, 0, 2, ' ', 0)
	n := 0
	for _, e := range catalogue {
		if c.Goal == "" || slices.Contains(e.Goals, strings.ToUpper(c.Goal)) {
			fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\n", e.Number, e.ID, e.Method, state(e), e.Name["en"])
			n++
		}
	}
	if n == 0 {
		return fmt.Errorf("no indicator has the goal %s; goals are G1 to G10", c.Goal)
	}
	return table.Flush()
}

// state says whether an indicator has data, and if not what it waits for.
func state(e *indicator.Entry) string {
	if e.Fed() {
		return "fed"
	}
	if e.Estimated {
		return "of programmes: " + indicator.Estimates
	}
	waits := strings.Join(e.Waits(), ", ")
	if len(e.Awaits) > 0 {
		return "no data: awaits " + waits
	}
	return "no data: not counted yet: " + waits
}

type checkIndicators struct {
	Files []string `arg:"" optional:"" help:"files to check as if they were part of the catalogue, in the place of the entries with their ids"`
}

// Help implements [kong.HelpProvider].
func (*checkIndicators) Help() string {
	return `Each fault is a line FILE:LINE:COLUMN: REASON, with what was probably meant. Exit code 1 if there is any. Without files the catalogue of this program is checked.`
}

// Run names every fault with its place.
func (c *checkIndicators) Run(proc *process) error {
	catalogue, err := builtInCatalogue()
	var files []indicator.File
	for _, name := range c.Files {
		text, readErr := os.ReadFile(name)
		if readErr != nil {
			return readErr
		}
		files = append(files, indicator.File{Name: name, Text: text})
	}
	if err == nil {
		catalogue, err = catalogue.With(files...)
	}
	if err != nil {
		fmt.Fprintln(proc.stdout, err)
		n := len(strings.Split(err.Error(), "\n"))
		return fmt.Errorf("%d fault%s in the catalogue", n, map[bool]string{true: "s"}[n > 1])
	}
	fmt.Fprintf(proc.stdout, "%d indicators, no faults\n", len(catalogue))
	for _, name := range c.Files {
		if e := catalogue.Find(strings.TrimSuffix(filepath.Base(name), ".yaml")); e != nil {
			fmt.Fprintf(proc.stdout, "%s: %s\n", e.ID, state(e))
		}
	}
	return nil
}

type explainIndicator struct {
	ID string `arg:"" help:"id of the indicator, such as participation-reach"`
}

// Help implements [kong.HelpProvider].
func (*explainIndicator) Help() string {
	return `Shows names, definition, formula and its source; which measures are counted, what each of them means and which attributes of events feed it; which cells the value is read from; and an example with made-up numbers, evaluated by the code that evaluates real ones.`
}

// Run explains one indicator.
func (c *explainIndicator) Run(proc *process) error {
	catalogue, err := builtInCatalogue()
	if err != nil {
		return err
	}
	e := catalogue.Find(c.ID)
	if e == nil {
		return fmt.Errorf("there is no indicator %q%s (`vointi indicators list` shows all)", c.ID, catalogue.Near(c.ID))
	}
	return explain(proc.stdout, e)
}

func explain(out io.Writer, e *indicator.Entry) error {
	var text strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&text, format+"\n", args...) }
	say("%d %s · goals %s%s", e.Number, e.ID, strings.Join(e.Goals, ", "), map[bool]string{true: " · headline"}[e.Headline])
	for _, l := range []string{"fi", "sv", "en"} {
		say("\n%s  %s\n    %s\n    %s", l, e.Name[l], e.Description[l], e.Caveats[l])
		say("    %s%s", e.Numerator.Text[l], map[bool]string{true: " / " + e.Denominator.Text[l]}[e.Divided()])
	}
	say("\nState: %s", state(e))
	explainFormula(say, e)
	explainGrid(say, e)
	explainMeasures(say, e)
	if err := explainExample(say, e); err != nil {
		return err
	}
	say("\nSource of the definition: %s", e.Source)
	for _, x := range e.External {
		say("Elsewhere: %s %s, %s (%s)", x.Publisher, x.ID, map[string]string{"denominator": "the denominator", "similar": "similar"}[x.Of], x.Note)
	}
	_, err := io.WriteString(out, text.String())
	return err
}

type sayer = func(format string, args ...any)

func explainFormula(say sayer, e *indicator.Entry) {
	say("\nDefinition")
	say("  numerator    %s", e.Numerator.Text["en"])
	if e.Divided() {
		say("  denominator  %s", e.Denominator.Text["en"])
	}
	if e.Input != "" {
		say("  input        the value of %s", e.Input)
	}
	say("  unit         %s, scale %v; %s", e.Unit, e.Scale, map[string]string{"+": "higher is better", "-": "lower is better", "0": "neutral"}[e.Direction])
	say("  method       %s, %s: %s", e.Method, e.Method.Name(), e.Method.Formula())
	if source := e.Method.Source(); source != "" {
		say("               after %s", source)
	}
	if e.Standard != "" {
		say("  standard     %s, %d bands", e.Standard, len(e.Cells()))
	}
	for _, line := range rule(e.Survey) {
		say("  answers      %s", line)
	}
	if e.LagDays > 0 {
		say("  shown        from %d days after the period's end on", e.LagDays)
	}
}

// rule puts a rule for answers into words.
func rule(s *indicator.Survey) []string {
	if s == nil {
		return nil
	}
	what := strings.Join(s.Items, ", ")
	if len(s.Items) > 1 {
		what = map[bool]string{true: "sum of ", false: "mean of "}[s.Combine == "sum"] + what
	}
	if len(s.Weights) > 0 {
		what += fmt.Sprintf(" with weights %v", s.Weights)
	}
	switch {
	case len(s.OneOf) > 0 && len(s.Items) > 1:
		what = fmt.Sprintf("any of %s is one of %v", strings.Join(s.Items, ", "), s.OneOf)
	case len(s.OneOf) > 0:
		what += fmt.Sprintf(" is one of %v", s.OneOf)
	case s.AtLeast != nil:
		what += fmt.Sprintf(" is at least %v", *s.AtLeast)
	case s.Minus != 0 || s.Times != 0:
		what = fmt.Sprintf("(%s − %v) × %v", what, s.Minus, max(s.Times, 1))
	}
	lines := []string{what + fmt.Sprintf("; %d may be unanswered", s.Missing)}
	for _, further := range s.And {
		lines = append(lines, "and "+strings.Join(rule(further), " "))
	}
	return lines
}

func explainGrid(say sayer, e *indicator.Entry) {
	say("\nGrid")
	say("  area basis   %s", e.Basis)
	say("  periods      %s", strings.Join(e.PeriodNames(), ", "))
	say("  breakdowns   %s", breakdowns(e))
	for _, b := range e.Breakdowns {
		if group := e.ReferenceGroup[b]; group != "" {
			say("  gaps         by %s against %s", b, group)
		}
	}
	if len(e.Protect) > 0 {
		say("  hidden       where any of these is: %s", measures(e.Protect))
	}
	if e.MinimumN > 0 {
		say("  hidden       below %d respondents", e.MinimumN)
	}
}

// breakdowns lists them, those in brackets that are not computed yet.
func breakdowns(e *indicator.Entry) string {
	computed := e.Dimensions()
	list := make([]string, len(e.Breakdowns))
	for i, b := range e.Breakdowns {
		list[i] = b
		if e.Fed() && !slices.Contains([]string{"area", "age_group", "sex"}, b) && !slices.Contains(computed, b) {
			list[i] = fmt.Sprintf("(%s)", b)
		}
	}
	return strings.Join(list, ", ")
}

func measures(list []indicator.Measure) string {
	names := make([]string, len(list))
	for i, m := range list {
		names[i] = string(m)
	}
	return strings.Join(names, ", ")
}

func explainMeasures(say sayer, e *indicator.Entry) {
	say("\nWhat is counted")
	if e.Survey != nil {
		say("  respondents of a wave who answered: %s", indicator.Respondents.From())
		say("\nRead from\n  SELECT response, home_area, age_band, sex, education, target_groups, weight, stratum, psu, items")
		say("  FROM vointi_internal.facts_response\n  WHERE scope = '<wave>'")
	} else {
		said := map[string]bool{}
		for _, m := range e.Stored() {
			if meaning := m.Meaning(); !said[meaning] {
				said[meaning] = true
				say("  %s%s\n      %s\n      from %s", m, map[bool]string{false: " (not counted yet)"}[m.Counted()], meaning, m.From())
			}
		}
		say("\nRead from\n  SELECT period_type, period_start, area, measure, dimension, member, band, sex, value")
		say("  FROM vointi_internal.cells FINAL\n  WHERE period_type IN (%s)\n      AND measure IN (%s)", quoted(e.PeriodNames()), quoted(cells(e)))
	}
	if e.Estimated {
		say("\nShown in\n  SELECT *\n  FROM %s\n  WHERE measure = '%s'", indicator.Estimates, e.ID)
		return
	}
	say("\nShown in\n  SELECT *\n  FROM vointi.indicators\n  WHERE indicator = '%s'", e.ID)
}

// cells lists the stored measures; residents are no cells.
func cells(e *indicator.Entry) []string {
	var names []string
	for _, m := range e.Stored() {
		if m != indicator.Population {
			names = append(names, string(m))
		}
	}
	return names
}

func quoted(names []string) string { return "'" + strings.Join(names, "', '") + "'" }

func explainExample(say sayer, e *indicator.Entry) error {
	x, err := e.Example()
	if err != nil {
		return err
	}
	say("\nExample with made-up numbers")
	for _, line := range x.Inputs {
		say("  %s", line)
	}
	v := x.Value
	say("  value        %s %s", number(v.Value, e.Decimals), e.Unit)
	say("  95 %%         %s", interval(v.I95, e.Decimals))
	say("  99.8 %%       %s", interval(v.I998, e.Decimals))
	say("  numerator    %s", number(v.Numerator, -1))
	say("  denominator  %s", number(v.Denominator, -1))
	if !math.IsNaN(v.Crude) {
		say("  crude        %s", number(v.Crude, e.Decimals))
	}
	if len(v.Flags) > 0 {
		say("  flags        %s", strings.Join(v.Flags, ", "))
	}
	return nil
}

func number(x float64, decimals int) string {
	if math.IsNaN(x) {
		return "none"
	}
	return strconv.FormatFloat(x, 'f', decimals, 64)
}

func interval(i stats.Interval, decimals int) string {
	if !i.Defined() {
		return "none"
	}
	return number(i.Lower, decimals) + " to " + number(i.Upper, decimals)
}

type tableOfIndicators struct{}

// Run prints the table of all indicators: schemas/indicators/README.md is what it prints.
func (tableOfIndicators) Run(proc *process) error {
	catalogue, err := builtInCatalogue()
	if err != nil {
		return err
	}
	var text strings.Builder
	text.WriteString("<!-- Generated by `go generate ./services/vointi` from the files beside it. -->\n# Indicators\n\n" +
		"`vointi indicators explain ID` tells all of one: definition, formula, what is counted, an example. To add one, write a\n" +
		"file like the others and run `vointi indicators check FILE`; [indicator.schema.json](../indicator.schema.json) helps\n" +
		"editors. An indicator that is not fed says `no_data` and what it awaits, once for the country, which is not zero; one that is estimated of programmes names the view in which it stands; a breakdown in brackets is not computed yet.\n\n" +
		"| # | id | name | nimi | goals | unit | method | breakdowns | periods | state |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for _, e := range catalogue {
		fmt.Fprintf(&text, "| %d | `%s` | %s | %s | %s | %s | %s | %s | %s | %s |\n", e.Number, e.ID, headline(e, "en"), e.Name["fi"],
			strings.Join(e.Goals, ", "), e.Unit, e.Method, breakdowns(e), strings.Join(e.PeriodNames(), ", "), strings.ReplaceAll(state(e), "|", `\|`))
	}
	_, err = io.WriteString(proc.stdout, text.String())
	return err
}

// headline is the name, in bold if the indicator stands for its goals.
func headline(e *indicator.Entry, language string) string {
	if e.Headline {
		return "**" + e.Name[language] + "**"
	}
	return e.Name[language]
}
