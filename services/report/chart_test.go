package report

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var reach = Indicator{ID: "participation-reach", Name: Text{FI: "Tavoittavuus"}, Unit: "%", Decimals: 1, Direction: "+"}

func quarters(n int) []Cell {
	line := make([]Cell, n)
	for q := range line {
		c := cellOf(30+float64(q), 28+float64(q), 32+float64(q))
		c.PeriodType, c.Start, c.Computed = "quarter", c.Start.AddDate(0, 3*q, 0), c.Computed.AddDate(9, 0, 0)
		line[q] = c
	}
	return line
}

func TestChartBreaksWhereThereIsNoFigure(t *testing.T) {
	line := quarters(8)
	line[3].Value, line[3].Suppressed = nil, "protected"
	c := chartOf(Finnish, reach, line)
	if len(c.Lines) != 2 || len(c.Bands) != 2 || len(c.Gaps) != 1 || !c.HasGap {
		t.Errorf("%d lines, %d bands, %d gaps, want 2, 2, 1", len(c.Lines), len(c.Bands), len(c.Gaps))
	}
	if len(c.Points) != 7 {
		t.Errorf("%d points, want 7: a protected period has none", len(c.Points))
	}
	if !strings.Contains(c.Gaps[0].Title, "tietosuojattu") {
		t.Errorf("the gap says %q", c.Gaps[0].Title)
	}
}

func TestChartDoesNotDrawALineToARunningPeriod(t *testing.T) {
	line := quarters(4)
	line[3].Computed, line[3].Status = line[3].Start.AddDate(0, 1, 0), "provisional"
	c := chartOf(Finnish, reach, line)
	if got := strings.Count(c.Lines[0], ","); len(c.Lines) != 1 || got != 3 {
		t.Errorf("the line has %d points, want the three whole quarters", got)
	}
	last := c.Points[3]
	if last.Class != "provisional" || !strings.Contains(last.Title, "jakso kesken") || len(c.Bars) != 1 {
		t.Errorf("the running quarter is %+v with %d bars", last, len(c.Bars))
	}
}

func TestLonelyPeriodsHaveBars(t *testing.T) {
	line := quarters(3)
	line[0].Partial = true
	line[1].Value, line[1].Suppressed = nil, "protected"
	c := chartOf(Finnish, reach, line)
	if len(c.Lines) != 0 || len(c.Bands) != 0 || len(c.Bars) != 2 || !c.HasInterval {
		t.Errorf("%d lines, %d bands, %d bars, interval %v", len(c.Lines), len(c.Bands), len(c.Bars), c.HasInterval)
	}
	if !strings.Contains(c.Points[0].Title, "jakso vajaa") {
		t.Errorf("a period that is not covered says %q", c.Points[0].Title)
	}
}

func TestSurveysArePointsWithBars(t *testing.T) {
	line := []Cell{cellOf(50, 40, 60), cellOf(55, 45, 65)}
	for i := range line {
		line[i].PeriodType, line[i].Start = "wave", time.Date(2022+2*i, 10, 1, 0, 0, 0, 0, time.UTC)
	}
	c := chartOf(Finnish, reach, line)
	if !c.Survey || len(c.Bars) != 2 || len(c.Bands) != 0 {
		t.Errorf("survey %v, %d bars, %d bands", c.Survey, len(c.Bars), len(c.Bands))
	}
}

func TestChartWithoutFiguresSaysSo(t *testing.T) {
	line := quarters(2)
	for i := range line {
		line[i].Value, line[i].Suppressed = nil, "protected"
	}
	if c := chartOf(Finnish, reach, line); !c.Empty || !c.Protected {
		t.Error("a chart of protected periods only is not marked as empty, and why")
	}
}

// Everything that is drawn lies inside the picture, and the axis begins at zero and ends above the largest value.
func TestChartStaysInsideItsFrame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Float64Range(0.001, 1e9).Draw(t, "size")
		line := quarters(rapid.IntRange(1, 30).Draw(t, "n"))
		for i := range line {
			v := rapid.Float64Range(0, 1).Draw(t, "v") * size
			line[i].Value, line[i].Lower, line[i].Upper = ptr(v), ptr(v*0.9), ptr(v*1.1)
			if rapid.IntRange(0, 9).Draw(t, "kind") == 0 {
				line[i].Value, line[i].Suppressed = nil, "protected"
			}
		}
		c := chartOf(Finnish, reach, line)
		for _, p := range c.Points {
			if p.X < marginLeft || p.X > plotRight || p.Y < marginTop || p.Y > plotBottom {
				t.Fatalf("point %+v lies outside", p)
			}
		}
		for _, b := range c.Bars {
			if b.Top < marginTop || b.Bottom > plotBottom || b.Top > b.Bottom {
				t.Fatalf("bar %+v lies outside", b)
			}
		}
		if n := len(c.YTicks); n < 2 || n > 8 || c.YTicks[0].At != plotBottom {
			t.Fatalf("%d ticks, the first at %v", n, c.YTicks[0].At)
		}
		for i := 1; i < len(c.YTicks); i++ {
			if c.YTicks[i].Label == c.YTicks[i-1].Label {
				t.Fatalf("two ticks are both labelled %q", c.YTicks[i].Label)
			}
		}
	})
}
