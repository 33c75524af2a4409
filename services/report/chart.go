package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Size of a chart in its own units, and the space inside it for labels.
const (
	chartWidth, chartHeight         = 380.0, 210.0
	marginLeft, marginRight         = 48.0, 8.0
	marginTop, marginBottom         = 10.0, 26.0
	plotRight, plotBottom           = chartWidth - marginRight, chartHeight - marginBottom
	plotWidth                       = plotRight - marginLeft
	plotHeight                      = plotBottom - marginTop
	ticksWanted             float64 = 4
)

// chart is an SVG in numbers; the template only writes them down.
type chart struct {
	Label       string // what a screen reader says instead of the picture
	Empty       bool   // no figure at all
	Protected   bool   // some are
	Survey      bool
	YTicks      []tick
	XTicks      []tick
	Bands       []string // polygons
	Lines       []string // polylines
	Bars        []bar    // intervals of surveys
	Points      []point
	Gaps        []gap
	HasBand     bool
	HasOpen     bool
	HasGap      bool
	HasInterval bool
}

type tick struct {
	At, Line float64 // of the label, and of the line
	Label    string
}

type bar struct{ X, Top, Bottom float64 }

type point struct {
	X, Y  float64
	Class string // final, provisional
	Title string
}

// gap is a protected period: shown as a hatched strip, so that it is not taken for zero or for nothing.
type gap struct {
	X, Width float64
	Title    string
}

// scale maps times and values onto the plot.
type scale struct {
	from, to time.Time
	top      float64
}

func (s scale) x(t time.Time) float64 {
	return round(marginLeft + plotWidth*t.Sub(s.from).Hours()/s.to.Sub(s.from).Hours())
}

func (s scale) y(v float64) float64 { return round(plotBottom - plotHeight*v/s.top) }

func round(v float64) float64 { return math.Round(v*10) / 10 }

// chartOf draws one line with its interval as a band; surveys, which are years apart, as points with bars.
func chartOf(l Language, i Indicator, line []Cell) chart {
	s := scaleOf(line)
	c := chart{
		Survey:    line[0].PeriodType == "wave",
		Label:     fmt.Sprintf(textsOf[l].ChartOf, i.Name.In(l), l.period(line[0]), l.period(line[len(line)-1])),
		Empty:     !slices.ContainsFunc(line, Cell.drawn),
		Protected: slices.ContainsFunc(line, func(c Cell) bool { return c.kind() == isProtected }),
	}
	c.axes(l, i, s)
	linked := map[time.Time]bool{}
	for _, run := range runs(line) {
		c.draw(s, run)
		if len(run) > 1 && !c.Survey {
			for _, cell := range run {
				linked[cell.Start] = true
			}
		}
	}
	for _, cell := range line {
		c.mark(l, i, s, cell, linked[cell.Start])
	}
	return c
}

// scaleOf covers whole years and begins at zero, so that a small change does not look like a large one.
func scaleOf(line []Cell) scale {
	first, last := line[0].Start.Year(), line[len(line)-1].Start.Year()
	s := scale{from: time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC), to: time.Date(last+1, 1, 1, 0, 0, 0, 0, time.UTC)}
	for _, c := range line {
		if !c.drawn() {
			continue
		}
		s.top = max(s.top, *c.Value)
		if c.hasInterval() {
			s.top = max(s.top, *c.Upper)
		}
	}
	if s.top <= 0 {
		s.top = 1
	}
	step := niceStep(s.top)
	s.top = step * math.Ceil(s.top/step)
	return s
}

// niceStep is 1, 2, 2.5 or 5 times a power of ten, such that about ticksWanted of them reach top.
func niceStep(top float64) float64 {
	raw := top / ticksWanted
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*power >= raw {
			return m * power
		}
	}
	return 10 * power
}

func (c *chart) axes(l Language, i Indicator, s scale) {
	step := niceStep(s.top)
	decimals := max(0, -int(math.Floor(math.Log10(step))))
	if step*math.Pow(10, float64(decimals)) != math.Trunc(step*math.Pow(10, float64(decimals))) {
		decimals++
	}
	for v := 0.0; v <= s.top*1.0001; v += step {
		c.YTicks = append(c.YTicks, tick{At: s.y(v), Line: s.y(v), Label: l.amount(v, i.Unit, decimals)})
	}
	for year := s.from; year.Before(s.to); year = year.AddDate(1, 0, 0) {
		c.XTicks = append(c.XTicks, tick{At: s.x(year.AddDate(0, 6, 0)), Line: s.x(year), Label: fmt.Sprint(year.Year())})
	}
}

// runs are stretches of whole periods that follow each other and have figures. A period that is not over, or not covered
// as a whole, stands alone: a line to it would show a rise or a fall that is none.
func runs(line []Cell) [][]Cell {
	var out [][]Cell
	var run []Cell
	for _, c := range line {
		if c.kind() == isFigure && c.whole() {
			run = append(run, c)
			continue
		}
		if len(run) > 0 {
			out = append(out, run)
		}
		run = nil
	}
	if len(run) > 0 {
		out = append(out, run)
	}
	return out
}

// middle is where a period is drawn.
func middle(c Cell) time.Time { return c.Start.Add(c.end().Sub(c.Start) / 2) }

func (c *chart) draw(s scale, run []Cell) {
	var line, upper, lower []string
	for _, cell := range run {
		x := s.x(middle(cell))
		line = append(line, fmt.Sprintf("%g,%g", x, s.y(*cell.Value)))
		if cell.hasInterval() && !c.Survey {
			upper = append(upper, fmt.Sprintf("%g,%g", x, s.y(*cell.Upper)))
			lower = append([]string{fmt.Sprintf("%g,%g", x, s.y(*cell.Lower))}, lower...)
		}
	}
	if len(line) > 1 {
		c.Lines = append(c.Lines, strings.Join(line, " "))
	}
	if len(upper) > 1 {
		c.Bands = append(c.Bands, strings.Join(append(upper, lower...), " "))
		c.HasBand = true
	}
}

// mark draws the point of a period, and its interval as a bar where no band shows it.
func (c *chart) mark(l Language, i Indicator, s scale, cell Cell, linked bool) {
	row := tableRow(l, i, cell)
	title := row.Period + ": " + row.Figure
	if row.Interval != "" {
		title += " (" + row.Interval + ")"
	}
	if cell.kind() != isFigure {
		if cell.kind() == isProtected {
			c.gap(s, cell, title)
		}
		return
	}
	if !cell.drawn() {
		return
	}
	x := s.x(middle(cell))
	p := point{X: x, Y: s.y(*cell.Value), Class: "final", Title: title + ", " + row.Status}
	if cell.Status == "provisional" {
		p.Class, c.HasOpen = "provisional", true
	}
	c.HasInterval = c.HasInterval || cell.hasInterval()
	if cell.hasInterval() && !linked {
		c.Bars = append(c.Bars, bar{X: x, Top: s.y(*cell.Upper), Bottom: s.y(*cell.Lower)})
	}
	c.Points = append(c.Points, p)
}

func (c *chart) gap(s scale, cell Cell, title string) {
	from, to := s.x(cell.Start), s.x(cell.end())
	if to-from < 4 {
		from, to = from-4, from+4
	}
	c.Gaps = append(c.Gaps, gap{X: from, Width: round(to - from), Title: title})
	c.HasGap = true
}
