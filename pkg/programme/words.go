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
	Budget           Measure = "programme-budget"          // budget entries, of later months too
	BudgetExecution  Measure = "budget-execution"          // %, of the months up to the last with costs
	PresentCost      Measure = "present-value-cost"        // by discount rate, at the first year
	CostPerVisit     Measure = "cost-per-visit"            //
	PlannedPerVisit  Measure = "planned-cost-per-visit"    // by the plan of a session
	CostPerPerson    Measure = "cost-per-participant"      //
	CostPerHour      Measure = "cost-per-participant-hour" //
	CostPerNewly     Measure = "cost-per-newly-active"     //
	NewlyActiveShare Measure = "newly-active-share"        // %, newly active residents of participants
	CapacityUsed     Measure = "session-occupancy"         // %
	EffectOn         Measure = "effect"                    // unit of the indicator
	EffectPermuted   Measure = "effect-permutation"        // the same effect, with the p of permutation
	EffectPanel      Measure = "effect-panel"              // the same effect, from each person's own change between two waves
	PreTrend         Measure = "pre-trend"                 // unit of the indicator a period
	ServiceNeed      Measure = "service-need-change"       // contacts a resident
	AvoidedCost      Measure = "avoided-service-cost"      //
	NetSaving        Measure = "net-saving"                // by discount rate: what is avoided less what is spent
	PaysOff          Measure = "probability-net-saving"    // probability that it is above 0
	SwitchEffect     Measure = "switching-effect"          // contacts a resident and year at which the net saving is 0
	SwitchUnitCost   Measure = "switching-unit-cost"       // unit cost at which it is 0
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
	FewPrePeriods    Refusal = "few_pre_periods"    // fewer than two such periods: nothing is said of a trend
	NoPostPeriod     Refusal = "no_post_period"     // nor one after it
	OverlapPhases    Refusal = "overlapping_phases" // two phases at a time in one area
	AreaInBoth       Refusal = "area_in_both"       // a comparison area is a pilot area, or part of one, or holds one
	NoPanel          Refusal = "no_panel"           // nobody answered the waves before and after the start under one pseudonym
	NegativeCost     Refusal = "negative_cost"
	NoCosts          Refusal = "no_costs"
	MissingUnitCost  Refusal = "missing_unit_cost"
	MissingFigures   Refusal = "missing_figures" // what it rests on is not published
	NotCalculable    Refusal = "not_calculable"  // the method has no answer
	Dominant         Refusal = "dominant"        // no ratio, since it costs no more and effects no less
	Dominated        Refusal = "dominated"       // no ratio, since it costs no less and effects no more
	NoDifference     Refusal = "no_difference"   // no ratio, since neither cost nor effect differs from the comparator's
)

// The flags beside those of package costeffect.
const (
	FlagUnallocated  = "unallocated"                // some costs reached no session
	FlagProvisional  = "provisional"                // some figures may still change
	FlagPartial      = "partial_periods"            // periods that do not lie within the programme are left out
	FlagYearly       = "persons_counted_each_year"  // who took part in two years is counted twice
	FlagWellby       = "wellby"                     // rests on the value of a WELLBY
	FlagDispersion   = "dispersion_estimated"       // from the share of residents without a contact
	FlagIncomplete   = "incomplete_figures"         // figures that lack data: effects leave them out, sums hold what there is
	FlagHidden       = "protected_periods_left_out" // periods with a protected figure
	FlagAreasHidden  = "protected_areas_left_out"   // areas with a protected figure
	FlagRepeated     = "persons_repeat"             // figures of several periods are of the same persons, and count as independent
	FlagVolunteers   = "panel_of_volunteers"        // who answers twice has chosen to, and all count alike
	FlagTransition   = "start_within_period"        // the period in which it began is left out
	FlagPrices       = "other_price_year"           // a unit cost is of another year than the programme's prices
	FlagUnbounded    = "ratio_unbounded"            // the effect may be none, so no limits enclose the ratio
	FlagExternalCost = "avoided_by_others"          // the avoided cost is not that of the perspective
)
