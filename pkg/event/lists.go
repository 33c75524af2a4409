package event

import "slices"

// The closed lists. schemas/reference/lists.yaml holds the same codes with their names for people; a test compares them.
var (
	activityTypes     = []string{"sport", "culture", "nature", "art", "peer", "digital", "learning", "food", "other"}
	targetGroups      = []string{"families", "passive", "risk", "long_term_unemployed", "staff", "other"}
	sexes             = []string{"1", "2"}
	sexesAndAll       = []string{"1", "2", "all"}
	channels          = []string{"card", "app", "qr", "staff"}
	ageSchemes        = []string{"single", "esp2013", "finsote", "hyvinvointikompassi", "statfin4", "report5", "eviva3", "school"}
	countMethods      = []string{"manual", "sensor"}
	surveyModes       = []string{"web", "paper", "phone", "interview", "mixed"}
	educations        = []string{"low", "mid", "high"}
	nameLanguages     = []string{"fi", "sv", "en"}
	statuses          = []string{"scheduled", "rescheduled", "postponed", "cancelled", "held"}
	classes           = []string{"participation", "network", "training", "recreation", "meeting"}
	headings          = []string{"wages", "social", "training", "travel", "premises", "equipment", "activity", "other", "evaluation"}
	costKinds         = []string{"actual", "budget", "commitment"}
	allocationKeys    = []string{"session_hours", "sessions", "visits"}
	areaLevels        = []string{"country", "county", "region", "subregion", "municipality", "service_area", "postal_code"}
	cardKinds         = []string{"person", "family"}
	registrations     = []string{"enrolled", "waiting", "cancelled"}
	presences         = []string{"present", "not_present"}
	mediaChannels     = []string{"print", "radio", "tv", "web", "social", "newsletter"}
	tones             = []string{"positive", "neutral", "negative"}
	partnerKinds      = []string{"association", "municipality", "school", "company", "parish", "public"}
	practiceRows      = []string{"client", "service", "society"}
	practiceColumns   = []string{"problem", "solution", "results"}
	practiceLinkKinds = []string{"indicator", "estimate"}
	venueKinds        = []string{"meeting_place", "library", "sport", "culture", "nature", "school", "other"}
	phases            = []string{"profiling", "pilot", "control", "rollout", "ended"}
	respondents       = []string{"residents", "families", "volunteers", "partners", "staff", "decision_makers", "other"}
	goals             = []string{"G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10"}
	planAgeGroups     = []string{"all", "0-12", "13-28", "29-64", "65+"}
	statistics        = []string{"sotkanet", "statfin", "teaviisari", "hyte"}
	periodTypes       = []string{"day", "week", "month", "quarter", "year", "rolling_12m", "wave"}
)

// ActivityTypes returns the codes of the types of activities.
func ActivityTypes() []string { return slices.Clone(activityTypes) }

// TargetGroups returns the codes of the target groups.
func TargetGroups() []string { return slices.Clone(targetGroups) }
