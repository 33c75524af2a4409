package programme

// The perspectives: whose costs, and whose avoided costs, count.
const (
	Municipality = "municipality" // what no funder pays
	County       = "wellbeing_services_county"
	Society      = "society" // all of them
)

var perspectives = []string{Municipality, County, Society}

// Measure is what an estimate is of. Measures that the catalogue has as indicators have their names.
type Measure string

// The measures. Each is in € unless said otherwise.
const (
	Cost             Measure = "programme-cost"            // actual costs
	OwnCost          Measure = "own-cost"                  // actual costs that no funder pays
	CostPerMonth     Measure = "cost-per-month"            // actual costs over months with costs
	ExternalFunding  Measure = "external-funding-share"    // %
	BudgetExecution  Measure = "budget-execution"          // %, of the months up to the last with costs
	PresentCost      Measure = "present-value-cost"        // by discount rate, at the first year
	CostPerVisit     Measure = "cost-per-visit"            //
	CostPerPerson    Measure = "cost-per-participant"      //
	CostPerHour      Measure = "cost-per-participant-hour" //
	CostPerNewly     Measure = "cost-per-newly-active"     //
	NewlyActiveShare Measure = "newly-active-share"        // %, newly active residents of participants
	CapacityUsed     Measure = "session-occupancy"         // %
	EffectOn         Measure = "effect"                    // unit of the indicator
	EffectPermuted   Measure = "effect-permutation"        // the same effect, with the p of permutation
	PreTrend         Measure = "pre-trend"                 // unit of the indicator a period
	ServiceNeed      Measure = "service-need-change"       // contacts a resident
	AvoidedCost      Measure = "avoided-service-cost"      //
	NetCost          Measure = "net-cost"                  // by discount rate; below 0 more is avoided than spent
	PaysOff          Measure = "probability-net-benefit"   // probability that the net cost is below 0
	SwitchEffect     Measure = "switching-effect"          // contacts a resident at which the net cost is 0
	SwitchUnitCost   Measure = "switching-unit-cost"       // unit cost at which the net cost is 0
	CostEffect       Measure = "icer"                      // € a unit of effect
	NetBenefit       Measure = "net-monetary-benefit"      //
	Acceptable       Measure = "acceptability"             // probability
	Wellbys          Measure = "wellbys"                   // WELLBY
	WellbyValue      Measure = "wellby-value"              //
	BreakEvenWellbys Measure = "break-even-wellbys"        // WELLBY that pay for the programme
	SocialReturned   Measure = "social-return"             // ratio, by discount rate
)

// Refusal is why there is no number. It is never a doubtful one.
type Refusal string

// The refusals.
const (
	NoProject        Refusal = "no_project"         // the description names none, and nothing is known of its costs
	NoStart          Refusal = "no_start"           // neither the description nor a phase says when it begins
	NoPilotArea      Refusal = "no_pilot_area"      // nor where
	NoComparisonArea Refusal = "no_comparison_area" // none is named, or none has figures
	NoPrePeriod      Refusal = "no_pre_period"      // no period before the start in which both have figures
	NoPostPeriod     Refusal = "no_post_period"     // nor one after it
	OverlapPhases    Refusal = "overlapping_phases" // two phases at a time in one area
	AreaInBoth       Refusal = "area_in_both"       // a comparison area is a pilot area, or part of one, or holds one
	NegativeCost     Refusal = "negative_cost"
	NoCosts          Refusal = "no_costs"
	MissingUnitCost  Refusal = "missing_unit_cost"
	MissingFigures   Refusal = "missing_figures" // what it rests on is not published
	TooFewAnswers    Refusal = "too_few_answers" // fewer than thirty in a group
	NotCalculable    Refusal = "not_calculable"  // the method has no answer
)

// The flags beside those of package costeffect.
const (
	FlagUnallocated  = "unallocated"               // some costs reached no session
	FlagProvisional  = "provisional"               // some figures may still change
	FlagPartial      = "partial_periods"           // periods that do not lie within the programme are left out
	FlagYearly       = "persons_counted_each_year" // who took part in two years is counted twice
	FlagWellby       = "wellby"                    // rests on the value of a WELLBY
	FlagDispersion   = "dispersion_estimated"      // from the share of residents without a contact
	FlagTransition   = "start_within_period"       // the period in which it began is left out
	FlagExternalCost = "avoided_by_others"         // the avoided cost is not that of the perspective
)
