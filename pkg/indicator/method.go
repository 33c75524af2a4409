package indicator

import "slices"

// Method names how the interval is calculated; the formulas are in package stats.
type Method string

// The methods.
const (
	Count               Method = "CNT"
	CountNonIndependent Method = "CNT-NI"
	Proportion          Method = "PROP-W"
	Rate                Method = "RATE"
	RateNonIndependent  Method = "RATE-NI"
	StandardRate        Method = "DSR-NI"
	StandardProportion  Method = "ASP"
	Mean                Method = "MEAN-T"
	SurveyMean          Method = "MEAN-S"
	SurveyProportion    Method = "PROP-S"
	RiskRatio           Method = "RR"
	RatioOfSums         Method = "RATIO"
	FixedOverCount      Method = "RATIO-CNT"
	Linear              Method = "LINEAR"
	Differences         Method = "DID"
	Reference           Method = "REF"
	NoInterval          Method = "NONE"

	FallbackProportion Method = "PROP-W(n_eff)" // of a survey whose design gives no interval; applied, never asked for
)

// methodKind is what a method needs of an entry, and what is told of it.
type methodKind struct {
	method      Method
	name        string
	formula     string
	reference   string
	denominator bool // a term with a measure, or respondents
	squares     bool // the numerator is a measure with Σk² beside it
	standard    bool
	survey      bool     // for answers to a wave
	only        bool     // for nothing else
	cells       []string // what the cells are, where there are several
}

var methodKinds = []methodKind{
	{method: Count, name: "count", formula: "O; exact Poisson below 10, Byar's approximation from 10", reference: "Breslow & Day 1987"},
	{method: CountNonIndependent, name: "count of what the same persons repeat", formula: "O + √(Σk²/O)·(limit of the count − O)", reference: "after Dobson et al. 1991", squares: true},
	{method: Proportion, name: "proportion", formula: "x/n with Wilson's score limits", reference: "Wilson 1927; Newcombe & Altman 2000", denominator: true, survey: true},
	{method: Rate, name: "rate", formula: "O/n·k with the limits of the count scaled alike", reference: "Breslow & Day 1987", denominator: true},
	{method: RateNonIndependent, name: "rate of what the same persons repeat", formula: "O/n·k with the limits of CNT-NI scaled alike", reference: "after Dobson et al. 1991", denominator: true, squares: true},
	{method: StandardRate, name: "directly standardised rate of what the same persons repeat", formula: "Σwᵢ·Oᵢ/nᵢ/Σw, Var = Σ(wᵢ/nᵢ)²·Σk²/(Σw)²", reference: "Dobson et al. 1991", denominator: true, squares: true, standard: true},
	{method: StandardProportion, name: "age-standardised proportion", formula: "Σwᵢ·pᵢ/Σw, Wilson's limits with n_eff = p(1−p)/Var", reference: "Wilson 1927", denominator: true, standard: true},
	{method: Mean, name: "mean", formula: "x̄ ± t(n−1)·s/√n", reference: "Student 1908", denominator: true, squares: true, survey: true},
	{method: SurveyMean, name: "survey mean", formula: "Σwy/Σw ± t(df)·√v, v by Taylor linearisation over strata", reference: "Särndal et al. 1992; Lumley 2010", survey: true, only: true},
	{method: SurveyProportion, name: "survey share", formula: "Σwy/Σw, limits on the logit scale, v by Taylor linearisation over strata; Wilson's with Kish's n where the design gives none", reference: "Särndal et al. 1992; Lumley 2010", survey: true, only: true},
	{method: RiskRatio, name: "ratio of two proportions", formula: "(a/n₁)/(b/n₀), ln RR ± z·√(1/a − 1/n₁ + 1/b − 1/n₀)", reference: "Katz et al. 1978", denominator: true, cells: []string{"the group", "the rest"}},
	{method: RatioOfSums, name: "ratio of sums over sessions", formula: "Σc/Σv ± t(n−1)·√(n/(n−1)·Σ(c − r·v)²)/Σv", reference: "Cochran 1977, ch. 6"},
	{method: FixedOverCount, name: "fixed sum over a count", formula: "C/O, limits C over the limits of the count", reference: "Breslow & Day 1987", denominator: true},
	{method: Linear, name: "linear transformation", formula: "a·x, limits of x multiplied alike"},
	{method: Differences, name: "difference in differences", formula: "(P₁ − P₀) − (C₁ − C₀) of rates, SE = √Σ(count/pop²)", reference: "Card & Krueger 1994", denominator: true, cells: []string{"pilot after", "pilot before", "comparison after", "comparison before"}},
	{method: Reference, name: "as published elsewhere", formula: "the published figure, without limits"},
	{method: NoInterval, name: "administrative fact", formula: "the figure itself, without limits"},
}

// Methods returns the names of all methods that an entry can ask for.
func Methods() []Method {
	ms := make([]Method, len(methodKinds))
	for i, k := range methodKinds {
		ms[i] = k.method
	}
	return ms
}

func (m Method) kind() methodKind {
	i := slices.IndexFunc(methodKinds, func(k methodKind) bool { return k.method == m })
	if i < 0 {
		return methodKind{}
	}
	return methodKinds[i]
}

// Name returns the method's name in words.
func (m Method) Name() string { return m.kind().name }

// Formula returns the method's formula.
func (m Method) Formula() string { return m.kind().formula }

// Source returns the literature that the formula is taken from; "" where there is nothing to cite.
func (m Method) Source() string { return m.kind().reference }
