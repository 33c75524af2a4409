// Package wording says in Finnish, Swedish and English what the codes of the read model mean, so that the report and the
// dashboards say it with the same words. It holds texts only.
//
// One word for one meaning, here, in the catalogue, on the dashboards and at the door: a session is a tapahtuma, an evenemang; a period of
// figures is a jakso, a period (kausi is a season).
package wording

// Text is a text in the three languages.
type Text struct{ FI, SV, EN string }

// In returns the text in a language, fi, sv or en; Finnish stands in for a missing translation.
func (t Text) In(language string) string {
	switch {
	case language == "sv" && t.SV != "":
		return t.SV
	case language == "en" && t.EN != "":
		return t.EN
	default:
		return t.FI
	}
}

// Goals are the goals G1…G10, in order.
var Goals = []Text{
	{"Osallisuus ja aktiivisuus", "Delaktighet och aktivitet", "Inclusion and activity"},
	{"Hyvinvointierojen kaventaminen", "Mindre skillnader i välfärd", "Narrower well-being gaps"},
	{"Yhteisöllisyys", "Gemenskap", "Community"},
	{"Vapaaehtoistoiminta", "Frivilligverksamhet", "Volunteering"},
	{"Kumppanuus", "Partnerskap", "Partnership"},
	{"Tiedon välittäminen", "Informationsförmedling", "Information"},
	{"Lapsiperheet ja osallistumisen esteet", "Barnfamiljer och hinder", "Families and barriers"},
	{"Kustannusvaikuttavuus ja palvelutarve", "Kostnadseffektivitet och servicebehov", "Cost effects and service need"},
	{"Koettu hyvinvointi", "Upplevd välfärd", "Perceived well-being"},
	{"Tiedolla johtaminen", "Kunskapsbaserad ledning", "Knowledge-led management"},
}

// Flags are what is to be known of a figure beside its interval.
var Flags = map[string]Text{
	"short_history":               {"liian lyhyt seuranta-aika", "för kort uppföljningstid", "too short a history before it"},
	"data_gap":                    {"jokin paikka ei ole lähettänyt tietojaan", "en plats har inte skickat sina uppgifter", "a venue has not sent its data"},
	"interval_not_calculable":     {"luottamusväliä ei voitu laskea", "konfidensintervallet kunde inte beräknas", "interval could not be calculated"},
	"numerator_above_denominator": {"osoittaja nimittäjää suurempi", "täljaren större än nämnaren", "numerator above denominator"},
	"unallocated":                 {"osa kuluista kohdentamatta", "en del av kostnaderna ofördelade", "some costs not allocated"},
	"no_weights":                  {"kysely ilman painoja", "enkät utan vikter", "survey without weights"},
	"poisson_assumed":             {"asioinnit oletettu toisistaan riippumattomiksi", "kontakterna antas oberoende", "contacts taken as independent"},
}
