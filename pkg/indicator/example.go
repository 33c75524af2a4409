package indicator

import (
	"fmt"
	"slices"
	"strings"
)

// Example is an entry evaluated with numbers that were made up for it.
type Example struct {
	Inputs []string // what goes in, a line each
	Value  Value
}

// Example evaluates the entry with made-up numbers, by the code that evaluates real ones. The same entry gives the same
// example.
func (e *Entry) Example() (Example, error) {
	if e.Survey != nil {
		return e.surveyExample()
	}
	var x Example
	var cells []Cell
	for i, name := range e.Cells() {
		sums, population := e.madeUp(i), float64(1_000+100*i)
		prefix := ""
		if name != "" {
			prefix = name + ": "
		}
		var parts []string
		for _, m := range e.Stored() {
			if n, ok := sums[m]; ok {
				parts = append(parts, fmt.Sprintf("%s = %d", m, n))
			}
		}
		if slices.Contains(e.Stored(), Population) {
			parts = append(parts, fmt.Sprintf("%s = %g", Population, population))
		}
		x.Inputs = append(x.Inputs, prefix+strings.Join(parts, ", "))
		cells = append(cells, Cell{func(m Measure) int64 { return sums[m] }, population})
	}
	var err error
	x.Value, err = e.EvaluateCells(cells...)
	return x, err
}

// madeUp returns sums for one of the entry's cells: ten sessions for a ratio, else a numerator that is about a quarter of
// the denominator.
func (e *Entry) madeUp(cell int) map[Measure]int64 {
	sums := map[Measure]int64{}
	of := e
	if e.input != nil {
		of = e.input
	}
	for _, m := range e.Times {
		if m != Population {
			sums[m] = 10_000
		}
	}
	numerator, squares, denominator := of.numerator(), of.numerator().Squares(), of.denominator()
	if of.Method == RatioOfSums {
		for i, attendance := range []int64{5, 6, 4, 8, 3, 5, 7, 6, 4, 4} {
			c, v := attendance, int64(8)
			if of.speaksOfCosts() {
				c, v = 33_000, attendance
			}
			if of.Numerator.Measure == CostPerHour {
				v *= 60 * int64(2+i%2)
			}
			for j, x := range []int64{1, c, v, c * c, v * v, c * v} {
				sums[numerator.Parts()[j]] += x
			}
		}
		return sums
	}
	sums[numerator] = int64(120 + 7*cell)
	if squares != "" {
		sums[squares] = 3 * sums[numerator]
	}
	if measures[numerator.whole()].divisor > 1 {
		sums[numerator] *= 1_000
	}
	if denominator != "" && denominator != Population {
		sums[denominator] = int64(480 + 11*cell)
		if measures[denominator.whole()].divisor > 1 {
			sums[denominator] *= 1_000
		}
	}
	if of.Method == Mean { // of numbers from 1 to 5
		sums[numerator], sums[squares], sums[denominator] = 480, 2_160, 120
	}
	return sums
}

// exampleRespondents is how many made-up people answer: enough to be shown.
const exampleRespondents = 40

// surveyExample asks 40 people in two strata. What they answer goes through all codes that the rule tells apart.
func (e *Entry) surveyExample() (Example, error) {
	var answers []Answer
	for i := range exampleRespondents {
		a := Answer{Items: map[string]int32{}, Weight: 1 + float64(i%3)/2, Stratum: fmt.Sprint("stratum ", i%2+1)}
		e.Survey.madeUp(a.Items, i)
		answers = append(answers, a)
	}
	s := e.Sample(answers)
	v, err := s.Estimate(func(int) bool { return true })
	what := "yes"
	if !e.Survey.shares() {
		what = "sum of scores"
	}
	return Example{[]string{
		fmt.Sprintf("%d respondents in 2 strata, with weights from 1 to 2; %s %g", v.Respondents, what, v.Numerator),
	}, v}, err
}

func (s *Survey) madeUp(items map[string]int32, i int) {
	for j, item := range s.Items {
		code := int32(1 + (i+i/5+i*j%3)%5)
		switch {
		case slices.Contains(s.OneOf, 0):
			code -= 1
		case len(s.Items) > 1 && len(s.OneOf) > 0: // several questions of yes (1) and no (0)
			code = int32(max(0, 1-(i+j)%8))
		case s.AtLeast != nil && *s.AtLeast > 5:
			code *= int32(*s.AtLeast) / 5
		}
		items[item] = code
	}
	for _, further := range s.And {
		further.madeUp(items, i+1)
	}
}
