package wording

// Term is a word or a symbol, and what it means to somebody who decides by it.
type Term struct {
	ID            string
	Word, Meaning Text
}

// Glossary explains what stands in or beside a figure. The first terms are symbols, the others words.
var Glossary = []Term{
	{
		"difference", same("▲ ▼"),
		Text{
			"Suurempi tai pienempi kuin vertailuluku: erotuksen 95 %:n luottamusväli ei ulotu nollaan. Sana kertoo, onko se tämän mittarin kannalta parempi vai huonompi.",
			"Större eller mindre än jämförelsetalet: differensens 95 % konfidensintervall når inte noll. Ordet säger om det är bättre eller sämre för mätaren.",
			"Higher or lower than the figure beside it: the 95% confidence interval of the difference does not reach zero. The word says whether that is better or worse for this metric.",
		},
	},
	{
		"clear_difference", same("▲▲ ▼▼"),
		Text{
			"Selvästi: 99,8 %:n luottamusvälikään ei ulotu nollaan. Näin käy sattumalta vain kahdesti tuhannesta.",
			"Klart: inte heller 99,8 % konfidensintervall når noll. Det sker av slump bara två gånger av tusen.",
			"Clearly: not even the 99.8% confidence interval reaches zero. By chance that happens twice in a thousand.",
		},
	},
	{
		"similar", same("●"),
		Text{
			"Ei selvää eroa: eroa ei voida erottaa sattumasta. Se ei todista, että luvut ovat samat.",
			"Ingen klar skillnad: skillnaden kan inte skiljas från slumpen. Det bevisar inte att siffrorna är lika.",
			"No clear difference: it cannot be told from chance. That does not prove the figures equal.",
		},
	},
	{
		"target", same("✓ ✗"),
		Text{
			"Tavoite on saavutettu (✓), jos koko luottamusväli on siinä tai sen paremmalla puolella; siitä on jääty (✗), jos koko väli on huonommalla puolella.",
			"Målet är uppnått (✓) om hela konfidensintervallet ligger på eller bortom det; siffran ligger under målet (✗) om hela intervallet ligger på den sämre sidan.",
			"The target is reached (✓) if the whole confidence interval is at it or beyond; it is missed (✗) if the whole interval is on the worse side.",
		},
	},
	{
		"not_compared", same("◌"),
		Text{
			"Vertailua ei esitetä; syy lukee vieressä.",
			"Ingen jämförelse visas; orsaken står bredvid.",
			"Nothing is compared; the reason stands beside it.",
		},
	},
	{
		"protected",
		Text{"tietosuojattu", "sekretesskyddad", "protected"},
		Text{
			"Ryhmä on niin pieni, että henkilöitä voisi tunnistaa, tai pienen ryhmän luku voitaisiin laskea tästä luvusta. Kumpi syy on, ei kerrota, koska sekin paljastaisi. Luku ei ole nolla.",
			"Gruppen är så liten att personer kunde kännas igen, eller så kunde en liten grupps siffra räknas ut ur den här. Vilketdera sägs inte, eftersom också det skulle avslöja. Siffran är inte noll.",
			"The group is so small that persons might be recognised, or a small group's figure could be worked out from this one. Which of the two is not told, since that would give it away. The figure is not zero.",
		},
	},
	{
		"no_data",
		Text{"ei tietoa", "ingen uppgift", "no data"},
		Text{
			"Lukua ei ole saatu, tai sitä ei vielä voida laskea. Se ei ole nolla.",
			"Siffran har inte fåtts, eller den kan inte beräknas än. Den är inte noll.",
			"The figure was not received, or cannot be calculated yet. It is not zero.",
		},
	},
	{
		"not_applicable",
		Text{"ei sovellu", "ej tillämplig", "not applicable"},
		Text{
			"Mittaria ei lasketa ikäryhmittäin tai tälle ryhmälle.",
			"Mätaren räknas inte per åldersgrupp eller inte för gruppen.",
			"The metric is not computed by age, or not for this group.",
		},
	},
	{
		"provisional",
		Text{"ennakkotieto", "preliminär", "provisional"},
		Text{
			"Voi vielä muuttua: jakso on kesken, tai tietoja voi vielä tulla.",
			"Kan ännu ändras: perioden pågår, eller uppgifter kan ännu komma in.",
			"May still change: the period is not over, or data may still come in.",
		},
	},
	{
		"final",
		Text{"lopullinen", "slutlig", "final"},
		Text{
			"Jakso on suljettu. Luku muuttuu enää vain kirjatulla syyllä.",
			"Perioden är stängd. Siffran ändras bara av en loggad orsak.",
			"The period is closed. The figure changes only for a logged reason.",
		},
	},
	{
		"short_history", Flags["short_history"],
		Text{
			"Tiedot alkavat niin myöhään, ettei kaikkien aiempaa osallistumista tunneta. Luku on alaraja tai puuttuu, eikä sitä verrata.",
			"Uppgifterna börjar så sent att allas tidigare deltagande inte är känt. Siffran är en nedre gräns eller saknas, och den jämförs inte.",
			"Data begin so late that not everybody's earlier participation is known. The figure is a lower bound or missing, and is not compared.",
		},
	},
	{
		"data_gap", Flags["data_gap"],
		Text{
			"Jokin paikka ei ole yli seitsemään päivään kertonut, ketä sen kalenterin tapahtumissa kävi. Luku on alaraja tai puuttuu, se ei ole nolla, eikä sitä verrata.",
			"En plats har på över sju dagar inte berättat vem som besökt dess evenemang i kalendern. Siffran är en nedre gräns eller saknas, den är inte noll, och den jämförs inte.",
			"For more than seven days a venue has not told who came to its sessions of the calendar. The figure is a lower bound or missing, it is not zero, and it is not compared.",
		},
	},
	{
		"incomplete_period",
		Text{"jakso vajaa", "ofullständig period", "incomplete period"},
		Text{
			"Alueen tiedot alkavat kesken jakson, joten lukua ei verrata kokonaisiin jaksoihin.",
			"Områdets uppgifter börjar mitt i perioden, så siffran jämförs inte med hela perioder.",
			"The area's data begin within the period, so the figure is not compared with whole ones.",
		},
	},
}

// same is a text that needs no translation.
func same(symbol string) Text { return Text{symbol, symbol, symbol} }

// Explained returns the term with an id; the zero Term if there is none.
func Explained(id string) Term {
	for _, t := range Glossary {
		if t.ID == id {
			return t
		}
	}
	return Term{}
}
