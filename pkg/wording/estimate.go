package wording

// Estimated are the measures of estimates of programmes.
var Estimated = []Code{
	{"programme-cost", Text{"Kustannukset", "Kostnader", "Costs"}},
	{"own-cost", Text{"Oma osuus kustannuksista", "Egen andel av kostnaderna", "Own share of the costs"}},
	{"cost-per-month", Text{"Kustannus kuukaudessa", "Kostnad per månad", "Cost a month"}},
	{"external-funding-share", Text{"Ulkoinen rahoitus", "Extern finansiering", "External funding"}},
	{"programme-budget", Text{"Talousarvio", "Budget", "Budget"}},
	{"budget-execution", Text{"Talousarvion toteuma", "Budgetutfall", "Budget execution"}},
	{"present-value-cost", Text{"Kustannusten nykyarvo", "Kostnadernas nuvärde", "Present value of the costs"}},
	{"cost-per-visit", Text{"Kustannus käyntiä kohti", "Kostnad per besök", "Cost per visit"}},
	{"planned-cost-per-visit", Text{"Kustannus käyntiä kohti, suunnitelman mukaan", "Kostnad per besök, enligt planen", "Cost per visit, as planned"}},
	{"cost-per-participant", Text{"Kustannus osallistujaa kohti", "Kostnad per deltagare", "Cost per participant"}},
	{"cost-per-participant-hour", Text{"Kustannus osallistujatuntia kohti", "Kostnad per deltagartimme", "Cost per participant-hour"}},
	{"cost-per-newly-active", Text{"Kustannus uutta aktiivista kohti", "Kostnad per nyaktiv", "Cost per newly active resident"}},
	{"newly-active-share", Text{"Uusien aktiivisten osuus osallistujista", "Andel nyaktiva av deltagarna", "Newly active among participants"}},
	{"session-occupancy", Text{"Täyttöaste", "Beläggningsgrad", "Session occupancy"}},
	{"effect", Text{"Vaikutus", "Effekt", "Effect"}},
	{"effect-permutation", Text{"Vaikutus, permutaatiotesti", "Effekt, permutationstest", "Effect, permutation test"}},
	{"effect-panel", Text{"Vaikutus, samat henkilöt", "Effekt, samma personer", "Effect, same persons"}},
	{"pre-trend", Text{"Ero ennen alkua, jaksoa kohti", "Skillnad före starten, per period", "Moving apart before the start, a period"}},
	{"service-need-change", Text{"Palvelutarpeen muutos", "Förändring i servicebehov", "Change in service need"}},
	{"avoided-service-cost", Text{"Vältetty palvelukustannus", "Undviken servicekostnad", "Avoided service cost"}},
	{"net-saving", Text{"Nettosäästö", "Nettobesparing", "Net saving"}},
	{"probability-net-saving", Text{"Todennäköisyys, että säästö ylittää kustannukset", "Sannolikhet att besparingen överstiger kostnaderna", "Probability that more is avoided than spent"}},
	{"switching-effect", Text{"Palvelutarpeen muutos, jolla nettosäästö on nolla", "Förändring i servicebehov där nettobesparingen är noll", "Change in service need at which the net saving is zero"}},
	{"switching-unit-cost", Text{"Yksikkökustannus, jolla nettosäästö on nolla", "Enhetskostnad där nettobesparingen är noll", "Unit cost at which the net saving is zero"}},
	{"icer", Text{"Kustannus vaikutusyksikköä kohti (ICER)", "Kostnad per effektenhet (ICER)", "Cost a unit of effect (ICER)"}},
	{"net-monetary-benefit", Text{"Rahamääräinen nettohyöty", "Monetär nettonytta", "Net monetary benefit"}},
	{"acceptability", Text{"Todennäköisyys, että vaikutus on hintansa arvoinen", "Sannolikhet att effekten är värd sitt pris", "Probability that the effect is worth its cost"}},
	{"wellbys", Text{"Hyvinvointivuodet (WELLBY)", "Välbefinnandeår (WELLBY)", "Well-being years (WELLBY)"}},
	{"wellby-value", Text{"Hyvinvointivuosien arvo", "Välbefinnandeårens värde", "Value of the well-being years"}},
	{"break-even-wellbys", Text{"Hyvinvointivuodet, jotka kattaisivat kustannukset", "Välbefinnandeår som skulle täcka kostnaderna", "Well-being years that would pay for it"}},
	{"social-return", Text{"Sosiaalinen tuotto (SROI)", "Social avkastning (SROI)", "Social return (SROI)"}},
}

// Refusals are why there is no estimate.
var Refusals = []Code{
	{"no_project", Text{"hankkeen tunnusta ei ole, joten kuluja ei tunneta", "projektets beteckning saknas, så kostnaderna är inte kända", "no project is named, so its costs are not known"}},
	{"no_start", Text{"alkamispäivää ei tiedetä", "startdagen är inte känd", "nobody told when it began"}},
	{"no_pilot_area", Text{"pilottialuetta ei tiedetä", "pilotområdet är inte känt", "nobody told where it is tried"}},
	{"no_comparison_area", Text{"vertailualuetta ei ole, tai sillä ei ole lukuja", "jämförelseområde saknas eller har inga siffror", "no comparison area, or none with figures"}},
	{"no_pre_period", Text{"ennen alkua ei ole jaksoa, josta kummallakin alueella on luku", "ingen period före starten med siffror i båda områdena", "no period before the start with figures of both areas"}},
	{"few_pre_periods", Text{"ennen alkua on alle kaksi jaksoa, joista kummallakin alueella on luku", "färre än två perioder före starten med siffror i båda områdena", "fewer than two periods before the start with figures of both areas"}},
	{"no_post_period", Text{"alun jälkeen ei ole jaksoa, josta kummallakin alueella on luku", "ingen period efter starten med siffror i båda områdena", "no period after the start with figures of both areas"}},
	{"overlapping_phases", Text{"hankkeen vaiheet menevät päällekkäin", "projektets faser överlappar varandra", "phases of the project overlap"}},
	{"area_in_both", Text{"sama alue on pilotti ja vertailu", "samma område är både pilot och jämförelse", "an area is pilot and comparison at once"}},
	{"no_panel", Text{"kukaan ei ole vastannut paneelissa sekä ennen alkua että sen jälkeen", "ingen har svarat i panelen både före och efter starten", "nobody answered in the panel both before and after the start"}},
	{"negative_cost", Text{"kulu on negatiivinen", "en kostnad är negativ", "a cost is negative"}},
	{"no_costs", Text{"kuluja ei ole kirjattu", "inga kostnader har bokförts", "no costs have been entered"}},
	{"missing_unit_cost", Text{"yksikkökustannus puuttuu", "enhetskostnaden saknas", "the unit cost is missing"}},
	{"missing_figures", Text{"luvut, joihin arvio nojaisi, puuttuvat", "siffror som uppskattningen skulle vila på saknas", "figures that it would rest on are missing"}},
	{"dominant", Text{"suhdetta ei ole: vaikuttaa enemmän eikä maksa enempää", "ingen kvot: ger mer och kostar inte mer", "no ratio: it effects more and costs no more"}},
	{"dominated", Text{"suhdetta ei ole: maksaa enemmän eikä vaikuta enempää", "ingen kvot: kostar mer och ger inte mer", "no ratio: it costs more and effects no more"}},
	{"no_difference", Text{"suhdetta ei ole: kustannus ja vaikutus ovat samat kuin ilman ohjelmaa", "ingen kvot: kostnad och effekt är desamma som utan programmet", "no ratio: cost and effect are those without the programme"}},
	{"not_calculable", Text{"menetelmä ei anna tulosta", "metoden ger inget resultat", "the method has no answer"}},
}

// Cautions are what is to be known of an estimate beside its interval.
var Cautions = []Code{
	{"area_shocks_not_covered", Text{
		"Pilotti- tai vertailualueita on vain yksi, joten väli ei kata sitä, mitä alueella muuten tapahtui.",
		"Det finns bara ett pilot- eller jämförelseområde, så intervallet täcker inte vad som annars hände där.",
		"There is only one pilot or comparison area, so the interval does not cover what else happened there.",
	}},
	{"descriptive", Text{
		"Kuvaileva: vertailukohtaa ei ole, joten luku ei kerro, mitä ohjelma sai aikaan.",
		"Beskrivande: det finns ingen jämförelse, så siffran säger inte vad programmet åstadkom.",
		"Descriptive: there is no comparator, so nothing is said of what the programme caused.",
	}},
	{"few_areas", Text{
		"Alueita on niin vähän, että väli on laskettu uudelleenotannalla tai permutaatioilla.",
		"Områdena är så få att intervallet har beräknats med omsampling eller permutation.",
		"Areas are so few that the interval is from resampling or permutation.",
	}},
	{"pre_trend_not_tested", Text{
		"Alueiden kehitystä ennen alkua ei voitu verrata, joten ei tiedetä, kehittyivätkö ne samoin.",
		"Områdenas utveckling före starten kunde inte jämföras, så det är inte känt om de utvecklades lika.",
		"Trends before the start could not be compared, so nobody knows whether the areas moved alike.",
	}},
	{"pre_trend_differs", Text{
		"Alueet kehittyivät eri suuntiin jo ennen alkua. Vaikutusta ei pidä lukea ohjelman ansioksi.",
		"Områdena utvecklades olika redan före starten. Effekten ska inte räknas programmet till godo.",
		"The areas moved apart before the start already. The effect must not be put down to the programme.",
	}},
	{"poisson_assumed", Text{
		"Asioinnit on oletettu toisistaan riippumattomiksi. Jos samat ihmiset asioivat usein, väli on liian kapea.",
		"Kontakterna antas vara oberoende. Om samma personer kommer ofta är intervallet för smalt.",
		"Contacts are taken as independent. If the same persons come often the interval is too narrow.",
	}},
	{"placeholder", Text{
		"Jokin syötteistä on alustava arvo, jota kukaan ei ole vielä vahvistanut: luvusta ei ole päätöksen perusteeksi.",
		"Någon av uppgifterna är en platshållare som ingen har bekräftat än: siffran duger inte som grund för beslut.",
		"One of the inputs is a placeholder that nobody has confirmed yet: the figure is no basis for a decision.",
	}},
	{"unallocated", Text{
		"Osa kuluista ei kohdistunut millekään tapahtumalle.",
		"En del av kostnaderna hör inte till något evenemang.",
		"Some costs reached no session.",
	}},
	{"provisional", Text{
		"Osa luvuista on ennakkotietoja ja voi vielä muuttua.",
		"En del av siffrorna är preliminära och kan ännu ändras.",
		"Some of the figures are provisional and may still change.",
	}},
	{"partial_periods", Text{
		"Jaksot, jotka eivät kokonaan kuulu ohjelmaan, on jätetty pois.",
		"Perioder som inte helt hör till programmet har utelämnats.",
		"Periods that do not lie wholly within the programme are left out.",
	}},
	{"incomplete_figures", Text{
		"Osasta lukuja puuttuu tietoja: vaikutuksista ne on jätetty pois, ja summissa on vain se, mikä tiedetään.",
		"I en del av siffrorna saknas uppgifter: effekterna räknas utan dem, och summorna omfattar bara det som är känt.",
		"Some figures lack data: effects leave them out, and sums hold only what is known.",
	}},
	{"protected_periods_left_out", Text{
		"Tietosuojatut jaksot on jätetty pois.",
		"Sekretesskyddade perioder har utelämnats.",
		"Protected periods are left out.",
	}},
	{"protected_areas_left_out", Text{
		"Alueet, joiden luku on tietosuojattu, on jätetty pois.",
		"Områden vars siffra är sekretesskyddad har utelämnats.",
		"Areas whose figure is protected are left out.",
	}},
	{"persons_repeat", Text{
		"Usean jakson lukujen takana on samoja henkilöitä, mutta jaksot on laskettu toisistaan riippumattomina: väli voi olla liian leveä tai liian kapea.",
		"Bakom flera perioders siffror finns samma personer, men perioderna har räknats som oberoende: intervallet kan vara för brett eller för smalt.",
		"The same persons are behind the figures of several periods, which count as independent: the interval may be too wide or too narrow.",
	}},
	{"panel_of_volunteers", Text{
		"Kahdesti vastanneet ovat valinneet osallistua ja lasketaan painottamatta: muutos on heidän, ei kaikkien asukkaiden.",
		"De som svarade två gånger har valt att delta och räknas utan vikter: förändringen är deras, inte alla invånares.",
		"Those who answered twice chose to, and count without weights: the change is theirs, not that of all residents.",
	}},
	{"persons_counted_each_year", Text{
		"Kahtena vuonna mukana ollut on laskettu kahdesti.",
		"Den som deltog under två år räknas två gånger.",
		"Who took part in two years is counted twice.",
	}},
	{"wellby", Text{
		"Perustuu hyvinvointivuoden arvoon, jonka joku on valinnut. Suomessa virallista arvoa ei ole.",
		"Vilar på ett värde för välbefinnandeåret som någon har valt. Finland har inget officiellt värde.",
		"Rests on a value of a well-being year that somebody chose. Finland has no official one.",
	}},
	{"dispersion_estimated", Text{
		"Se, kuinka usein samat ihmiset asioivat, on arvioitu niiden osuudesta, jotka eivät asioineet lainkaan.",
		"Hur ofta samma personer kommer har uppskattats av andelen som inte kom alls.",
		"How often the same persons come was estimated from the share without any contact.",
	}},
	{"other_price_year", Text{
		"Yksikkökustannus on eri vuoden hinnoissa kuin ohjelma, eikä sitä ole muunnettu.",
		"Enhetskostnaden är i ett annat års priser än programmet och har inte räknats om.",
		"A unit cost is at prices of another year than the programme, and was not converted.",
	}},
	{"start_within_period", Text{
		"Jakso, jonka aikana ohjelma alkoi, on jätetty pois.",
		"Perioden då programmet började har utelämnats.",
		"The period in which the programme began is left out.",
	}},
	{"ratio_unbounded", Text{
		"Vaikutusta ei välttämättä ole, joten suhdeluvulla ei ole rajoja.",
		"Effekten kan vara noll, så kvoten har inga gränser.",
		"There may be no effect at all, so no limits enclose the ratio.",
	}},
	{"costlier", Text{
		"Maksaa enemmän ja vaikuttaa enemmän: suhdeluku on vaikutuksen hinta.",
		"Kostar mer och ger mer: kvoten är effektens pris.",
		"It costs more and effects more: the ratio is the price of the effect.",
	}},
	{"cheaper", Text{
		"Maksaa vähemmän ja vaikuttaa vähemmän: suhdeluku on se, mitä menetetystä vaikutuksesta säästyy.",
		"Kostar mindre och ger mindre: kvoten är vad som sparas för varje förlorad effekt.",
		"It costs less and effects less: the ratio is what is saved for each unit of effect given up.",
	}},
	{"dominant", Text{
		"Vaikuttaa enemmän eikä maksa enempää.",
		"Ger mer och kostar inte mer.",
		"It effects more and costs no more.",
	}},
	{"dominated", Text{
		"Maksaa enemmän eikä vaikuta enempää.",
		"Kostar mer och ger inte mer.",
		"It costs more and effects no more.",
	}},
	{"same", Text{
		"Kustannus ja vaikutus ovat samat kuin ilman ohjelmaa.",
		"Kostnad och effekt är desamma som utan programmet.",
		"Cost and effect are those without the programme.",
	}},
	{"avoided_by_others", Text{
		"Säästö tulee muulle kuin sille, jonka näkökulmasta laskettiin.",
		"Besparingen går till någon annan än den vars perspektiv gäller.",
		"What is avoided is the cost of somebody else than the one whose perspective it is.",
	}},
}

// Perspectives are whose costs and avoided costs count.
var Perspectives = []Code{
	{"municipality", Text{"kunta", "kommun", "municipality"}},
	{"wellbeing_services_county", Text{"hyvinvointialue", "välfärdsområde", "wellbeing services county"}},
	{"society", Text{"yhteiskunta", "samhälle", "society"}},
}

// MatrixRows and MatrixColumns are those of the matrix in which good practices are described.
var (
	MatrixRows = []Code{
		{"client", Text{"Asiakas", "Klient", "Client"}},
		{"service", Text{"Palvelu", "Service", "Service"}},
		{"society", Text{"Yhteiskunta", "Samhälle", "Society"}},
	}
	MatrixColumns = []Code{
		{"problem", Text{"Ongelma tai tarve", "Problem eller behov", "Problem or need"}},
		{"solution", Text{"Ratkaisu", "Lösning", "Solution"}},
		{"results", Text{"Tulokset ja hyödyt", "Resultat och nytta", "Results and benefits"}},
	}
)
