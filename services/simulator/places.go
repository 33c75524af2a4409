package simulator

import "math"

// profile is what the simulator assumes of a municipality. Totals are of the real order of magnitude, everything else is
// made up.
type profile struct {
	code      string
	residents float64 // end of 2024
	growth    float64 // a year
	old       float64 // tilt of the age pyramid: above 0, older than the country
	students  float64 // additional share of people of 20 to 29
	reach     float64 // quarterly share of residents with a visit, before seasons and planted effects
	qol       float64 // mean of the EUROHIS items, before planted effects
	lonely    float64 // share of the lonely
	group     string  // survey group
}

var profiles = []profile{
	{"KU016", 7_900, -0.007, 0.5, 0, 0.066, 3.80, 0.10, "paijat-hame"},
	{"KU081", 2_500, -0.015, 0.8, 0, 0.072, 3.72, 0.12, "paijat-hame"},
	{"KU098", 22_700, -0.004, 0.1, 0, 0.062, 3.86, 0.09, "paijat-hame"},
	{"KU111", 18_000, -0.009, 0.5, 0, 0.060, 3.74, 0.12, "paijat-hame"},
	{"KU142", 6_300, -0.010, 0.5, 0, 0.064, 3.78, 0.11, "paijat-hame"},
	{"KU208", 12_250, -0.003, 0.1, 0, 0.078, 3.80, 0.10, "kalajoki"},
	{"KU305", 14_900, -0.005, 0.3, 0, 0.080, 3.74, 0.12, "kuusamo"},
	{"KU316", 4_100, -0.011, 0.3, 0, 0.066, 3.76, 0.11, "paijat-hame"},
	{"KU398", 121_000, 0.002, 0.1, 0.15, 0.050, 3.76, 0.12, "lahti"},
	{"KU560", 15_500, -0.006, 0.2, 0, 0.060, 3.78, 0.10, "paijat-hame"},
	{"KU576", 2_700, -0.014, 0.9, 0, 0.070, 3.75, 0.11, "paijat-hame"},
	{"KU781", 3_400, -0.013, 0.8, 0, 0.072, 3.77, 0.12, "paijat-hame"},
	{"KU853", 204_000, 0.011, -0.1, 0.5, 0.045, 3.80, 0.11, "turku"},
}

// municipalities lists the codes of all profiles, in order.
func municipalities() []string {
	codes := make([]string, len(profiles))
	for i, p := range profiles {
		codes[i] = p.code
	}
	return codes
}

// pyramidBands is a smoothed picture of the country: per mille of the residents in bands of five years, and 100 and over.
var pyramidBands = [...]float64{42, 51, 56, 56, 56, 61, 65, 65, 63, 60, 60, 65, 64, 62, 60, 53, 32, 19, 8, 2.4, 0.5}

const ages = 101 // 0 … 100, the last for 100 and over

// counts holds residents by sex (0: men, 1: women) and age.
type counts [2][ages]int32

// pyramid returns the residents of a part of p at the end of year.
func pyramid(p profile, share, scale float64, year int) *counts {
	var weights [ages]float64
	sum := 0.
	for age := range ages {
		weights[age] = bandWeight(age) * math.Exp(p.old*(float64(age)-43)/60)
		if age >= 20 && age < 30 {
			weights[age] *= 1 + p.students
		}
		sum += weights[age]
	}
	total := p.residents * math.Pow(1+p.growth, float64(year-2024)) * share * scale
	var c counts
	for age := range ages {
		here, men := total*weights[age]/sum, menShare(age)
		c[0][age] = int32(math.Round(here * men))
		c[1][age] = int32(math.Round(here * (1 - men)))
	}
	return &c
}

// bandWeight interpolates between the middles of the bands.
func bandWeight(age int) float64 {
	if age == ages-1 {
		return pyramidBands[len(pyramidBands)-1]
	}
	position := (float64(age) - 2) / 5
	low := max(0, int(math.Floor(position)))
	high := min(low+1, len(pyramidBands)-2)
	part := max(0, position-float64(low))
	return (pyramidBands[low]*(1-part) + pyramidBands[high]*part) / 5
}

func menShare(age int) float64 {
	switch {
	case age < 50:
		return 0.51
	case age < 85:
		return 0.51 - 0.12*float64(age-50)/35
	}
	return 0.39 - 0.14*float64(age-85)/15
}

func (c *counts) total() int {
	n := 0
	for sex := range c {
		for _, count := range c[sex] {
			n += int(count)
		}
	}
	return n
}
