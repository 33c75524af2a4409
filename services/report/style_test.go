package report

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

var (
	property = regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6})`)
	hex      = regexp.MustCompile(`^#[0-9a-f]{6}$`)
)

// Text must be readable for weak eyes: WCAG 2.2 asks for a contrast of 4.5:1, of the lines of a chart 3:1.
func TestContrast(t *testing.T) {
	colours := map[string]string{"white": "#ffffff", "stripe": "#f7f7f7", "chart": "#00528a", "gap": "#6b6b6b", "axis": "#767676"}
	for _, m := range property.FindAllStringSubmatch(style, -1) {
		colours[m[1]] = m[2]
	}
	for _, c := range []struct {
		ink, paper string
		atLeast    float64
	}{
		{"ink", "paper", 7},
		{"ink", "soft", 7},
		{"muted", "paper", 4.5},
		{"muted", "soft", 4.5},
		{"accent", "paper", 4.5},
		{"white", "accent", 4.5},
		{"better-ink", "better", 4.5},
		{"worse-ink", "worse", 4.5},
		{"ink", "better", 7},
		{"ink", "worse", 7},
		{"protected-ink", "protected", 4.5},
		{"protected-ink", "stripe", 4.5},
		{"banner-ink", "banner", 4.5},
		{"chart", "paper", 3},
		{"gap", "paper", 3},
		{"axis", "paper", 3},
	} {
		if !hex.MatchString(colours[c.ink]) || !hex.MatchString(colours[c.paper]) {
			t.Errorf("no colour %s or %s in the style", c.ink, c.paper)
			continue
		}
		if got := contrast(colours[c.ink], colours[c.paper]); got < c.atLeast {
			t.Errorf("%s on %s has contrast %.2f, want %.1f", c.ink, c.paper, got, c.atLeast)
		}
	}
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// luminance is WCAG's relative luminance of #rrggbb.
func luminance(colour string) float64 {
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, _ := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
