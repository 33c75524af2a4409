package simulator

import (
	"fmt"
	"time"
)

// kind is what a session is about.
type kind struct {
	code     string
	fi, sv   string
	en       string
	activity string
	class    string
	target   string // target group, if any
	length   time.Duration
}

// names are those of the series of the kind with a number.
func (k *kind) names(number int) map[string]string {
	suffix := " (demo)"
	if number > 1 {
		suffix = fmt.Sprintf(" %d (demo)", number)
	}
	return map[string]string{"fi": k.fi + suffix, "sv": k.sv + suffix, "en": k.en + suffix}
}

// pitstoppi is a small weekly group for people who have been without work for long.
var pitstoppi = kind{
	"pitstoppi", "Pitstoppi", "Pitstoppi", "Pitstoppi", "peer", "participation", "long_term_unemployed", 3 * time.Hour,
}

// kindsFor lists what is on for each audience.
var kindsFor = [segments][]kind{
	{
		{"perhekahvila", "Perhekahvila", "Familjecafé", "Family café", "peer", "participation", "families", 2 * time.Hour},
		{"satutunti", "Satutunti", "Sagostund", "Story hour", "culture", "participation", "families", time.Hour},
		{"perheliikunta", "Perheliikunta", "Familjegymnastik", "Family sport", "sport", "participation", "families", time.Hour},
		{"luontokerho", "Luontokerho", "Naturklubb", "Nature club", "nature", "participation", "families", 90 * time.Minute},
		{"kuvataidekerho", "Kuvataidekerho", "Bildkonstklubb", "Art club", "art", "participation", "families", 90 * time.Minute},
	},
	{
		{"liikuntavuoro", "Nuorten liikuntavuoro", "Idrottstur för unga", "Youth sport", "sport", "participation", "", 90 * time.Minute},
		{"bandikerho", "Bändikerho", "Bandklubb", "Band club", "culture", "participation", "", 2 * time.Hour},
		{"digipaja", "Digipaja", "Digiverkstad", "Digital workshop", "digital", "participation", "", 2 * time.Hour},
		{"taidepaja", "Taidepaja", "Konstverkstad", "Art workshop", "art", "participation", "risk", 2 * time.Hour},
		{"pelikerho", "Pelikerho", "Spelklubb", "Game club", "other", "participation", "", 3 * time.Hour},
	},
	{
		{"kuntopiiri", "Kuntopiiri", "Cirkelträning", "Circuit training", "sport", "participation", "passive", time.Hour},
		{"kielikurssi", "Kielikurssi", "Språkkurs", "Language course", "learning", "participation", "", 90 * time.Minute},
		{"kuoro", "Kansankuoro", "Folkkör", "Community choir", "culture", "participation", "", 2 * time.Hour},
		{"ruokapiiri", "Ruokapiiri", "Matlag", "Cooking group", "food", "participation", "", 2 * time.Hour},
		{"luontoretki", "Luontoretki", "Naturutflykt", "Nature walk", "nature", "recreation", "", 3 * time.Hour},
		{"vapaaehtoiskoulutus", "Vapaaehtoisten koulutus", "Utbildning för frivilliga", "Volunteer training", "learning", "training", "", 2 * time.Hour},
	},
	{
		{"senioritanssi", "Senioritanssi", "Seniordans", "Senior dance", "sport", "participation", "", 90 * time.Minute},
		{"muistikahvila", "Muistikahvila", "Minnescafé", "Memory café", "peer", "participation", "", 2 * time.Hour},
		{"digiopastus", "Digiopastus", "Digihandledning", "Digital help", "digital", "participation", "", 2 * time.Hour},
		{"kirjallisuuspiiri", "Kirjallisuuspiiri", "Litteraturcirkel", "Book circle", "culture", "participation", "", 90 * time.Minute},
		{"kuntosali", "Seniorikuntosali", "Seniorgym", "Senior gym", "sport", "participation", "", time.Hour},
		{"yhteislounas", "Yhteislounas", "Gemensam lunch", "Shared lunch", "food", "participation", "", time.Hour},
	},
}

// pilotKinds is what the pilot adds for each audience: nature, art and culture.
var pilotKinds = [segments]kind{
	{"hk-metsamuskari", "Metsämuskari", "Skogsmusik", "Music in the forest", "nature", "participation", "families", 90 * time.Minute},
	{"hk-taidestudio", "Taidestudio", "Konststudio", "Art studio", "art", "participation", "risk", 2 * time.Hour},
	{"hk-luontopolku", "Luontopolku", "Naturstig", "Nature trail", "nature", "participation", "passive", 2 * time.Hour},
	{"hk-kulttuurikaveri", "Kulttuurikaveri", "Kulturkompis", "Culture friend", "culture", "participation", "", 2 * time.Hour},
}

// openKinds are for all, monthly, and counted by head only.
var openKinds = [...]kind{
	{"kulttuuri-ilta", "Kulttuuri-ilta", "Kulturkväll", "Culture evening", "culture", "participation", "", 3 * time.Hour},
	{"kylapaiva", "Kyläpäivä", "Bydag", "Village day", "other", "recreation", "", 4 * time.Hour},
	{"jarjestofoorumi", "Järjestöfoorumi", "Föreningsforum", "Association forum", "learning", "network", "staff", 3 * time.Hour},
}

// counting says how the people at a session are counted.
type counting int

const (
	byCard    counting = iota // check-ins only
	inclusive                 // and a head count that includes card holders
	exclusive                 // and a head count of those without a card
	headOnly                  // a head count, nobody shows a card
)
