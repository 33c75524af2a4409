package stats

import "math"

// Direction says which way an indicator is good.
type Direction string

// The directions.
const (
	HigherIsBetter Direction = "+"
	LowerIsBetter  Direction = "-"
	Neutral        Direction = "0"
)

// Verdict is what may be said of an interval beside a reference value. Better and worse need a direction; a neutral
// indicator is higher or lower.
type Verdict string

// The verdicts. "Much" means at 99.8 %, the others at 95 %.
const (
	NoVerdict  Verdict = "" // there is no interval, so nothing is said
	Similar    Verdict = "similar"
	Better     Verdict = "better"
	MuchBetter Verdict = "much_better"
	Worse      Verdict = "worse"
	MuchWorse  Verdict = "much_worse"
	Higher     Verdict = "higher"
	MuchHigher Verdict = "much_higher"
	Lower      Verdict = "lower"
	MuchLower  Verdict = "much_lower"
)

// Compare returns the verdict of the limits at 95 % and at 99.8 % beside a reference (RAG): a benchmark for limits of a
// value, 0 for those of a difference, 1 for those of a ratio. An interval that touches the reference is similar.
//
// It takes the reference for exact: of two estimates compare the difference ([Gap], [ProportionChange]) with 0. Without
// limits at 95 % or a reference there is no verdict; without limits at 99.8 % nothing is "much".
func Compare(i95, i998 Interval, reference float64, d Direction) Verdict {
	if !i95.Defined() || math.IsNaN(reference) {
		return NoVerdict
	}
	side := i95.side(reference)
	return judge(side, side != 0 && i998.side(reference) == side, d)
}

// side returns 1 if all of the interval is above v, −1 if all is below, 0 otherwise.
func (i Interval) side(v float64) int {
	switch {
	case i.Lower > v:
		return 1
	case i.Upper < v:
		return -1
	}
	return 0
}

// judge names the side of the reference on which something lies.
func judge(side int, much bool, d Direction) Verdict {
	words := [4]Verdict{Lower, Higher, MuchLower, MuchHigher}
	switch d {
	case HigherIsBetter:
		words = [4]Verdict{Worse, Better, MuchWorse, MuchBetter}
	case LowerIsBetter:
		words = [4]Verdict{Better, Worse, MuchBetter, MuchWorse}
	}
	at := 0
	if side > 0 {
		at = 1
	}
	if much {
		at += 2
	}
	if side == 0 {
		return Similar
	}
	return words[at]
}

// Attainment is what may be said of an interval beside a target.
type Attainment string

// The attainments.
const (
	NoAttainment Attainment = ""          // there is no interval, no target, or no good direction
	Reached      Attainment = "reached"   // the whole interval is at the target or beyond it
	Missed       Attainment = "missed"    // the whole interval falls short
	Undecided    Attainment = "undecided" // the data allow both
)

// CompareTarget returns whether the limits of a value say that a target is reached: "at least" it where higher is better,
// "at most" where lower is. The target itself counts as reached, unlike the reference of [Compare].
func CompareTarget(i Interval, target float64, d Direction) Attainment {
	if d == LowerIsBetter {
		i, target = i.Scale(-1), -target
	}
	switch {
	case !i.Defined() || math.IsNaN(target) || (d != HigherIsBetter && d != LowerIsBetter):
		return NoAttainment
	case i.Lower >= target:
		return Reached
	case i.Upper < target:
		return Missed
	}
	return Undecided
}
