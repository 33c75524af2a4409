package costeffect

// Flag is a caveat that an estimate carries wherever it is shown.
type Flag string

// The flags.
const (
	// AreaShocks: with one pilot or one comparison area the limits do not cover what else happened there.
	AreaShocks Flag = "area_shocks_not_covered"
	// Descriptive: there is no comparator, so nothing is said of what the programme caused.
	Descriptive Flag = "descriptive"
	// FewAreas: too few areas for standard errors clustered by area; bootstrap or permutation were used.
	FewAreas Flag = "few_areas"
	// PreTrendUntested: fewer than two periods before the start, or figures without limits.
	PreTrendUntested Flag = "pre_trend_not_tested"
	// PreTrendDiffers: pilot and comparison areas moved apart before the start already.
	PreTrendDiffers Flag = "pre_trend_differs"
	// PoissonAssumed: contacts were taken for independent, so limits are too narrow if persons come again.
	PoissonAssumed Flag = "poisson_assumed"
	// Placeholder: a value that nobody has entered yet stands in for one.
	Placeholder Flag = "placeholder"
)
