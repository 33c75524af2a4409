package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Spaces of Finnish typography: narrow and no-break between thousands, no-break before a sign.
const (
	thinSpace = "\u202f"
	hardSpace = "\u00a0"
)

// number formats x in the way of a language: 1 234,5 in Finnish and Swedish, 1,234.5 in English, a real minus sign.
func (l Language) number(x float64, decimals int) string {
	group, point := thinSpace, ","
	if l == English {
		group, point = ",", "."
	}
	text := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	var b strings.Builder
	if x < 0 && strings.Trim(text, "0.") != "" {
		b.WriteString("−")
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(group)
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString(point + fraction)
	}
	return b.String()
}

// amount is number with the sign of its unit; units in words stand beside the indicator's name.
func (l Language) amount(x float64, unit string, decimals int) string {
	text := l.number(x, decimals)
	switch {
	case unit == "%" && l == English:
		return text + "%"
	case unit == "€" && l == English:
		return "€" + text
	case unit == "%" || unit == "€":
		return text + hardSpace + unit
	default:
		return text
	}
}

// interval is "31,5–37,0 %".
func (l Language) interval(c Cell, unit string, decimals int) string {
	if unit == "€" && l == English {
		return l.amount(*c.Lower, unit, decimals) + "–" + l.amount(*c.Upper, unit, decimals)
	}
	return l.number(*c.Lower, decimals) + "–" + l.amount(*c.Upper, unit, decimals)
}

// count is the n behind a figure: respondents of a survey, else the denominator of a share; "" where the figure is itself
// a count.
func (l Language) count(c Cell, unit string) string {
	switch {
	case c.Respondents != nil:
		return l.number(float64(*c.Respondents), 0)
	case unit == "n" || c.Denominator == nil:
		return ""
	default:
		return l.number(*c.Denominator, 0)
	}
}

// period names a period: 2025, 2025 Q1, 3/2025, kysely 2025.
func (l Language) period(c Cell) string {
	t := textsOf[l]
	year, month, _ := c.Start.Date()
	switch c.PeriodType {
	case "year":
		return strconv.Itoa(year)
	case "quarter":
		return fmt.Sprintf("%d %s%d", year, t.Quarter, (int(month)-1)/3+1)
	case "month":
		return fmt.Sprintf("%d/%d", month, year)
	case "wave":
		return fmt.Sprintf("%s %d", t.Wave, year)
	default:
		return c.Start.Format(time.DateOnly)
	}
}

// age tells when figures were computed, in Finnish time, and how long ago that is.
func (l Language) age(computed, now time.Time) string {
	t := textsOf[l]
	local := computed.In(helsinki)
	clock := local.Format("2.1.2006 15.04")
	if l == English {
		clock = local.Format("2 January 2006 15:04")
	}
	days := int(now.Sub(computed).Hours() / 24)
	ago := t.Today
	if days > 0 {
		ago = fmt.Sprintf(t.DaysAgo, l.number(float64(days), 0))
	}
	return fmt.Sprintf(t.Computed, clock, ago)
}

var helsinki = mustZone("Europe/Helsinki")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic("report: " + err.Error()) // the zone data are compiled in
	}
	return zone
}
