package main

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"vointi.fi/pkg/event"
)

const exampleAnswers = `Vastaajanumero;Vastausaika;Kunta;Syntymävuosi;Sukupuoli;Koulutus;Lapsia alle 18 v;Koettu terveys;Tyytyväisyys elämään, 0–10;Avoin palaute
1;5.3.2026 9.05;Kuusamo;1985;Nainen;Korkeakoulu;Kyllä;Melko hyvä;8;mitä vain
2;5.3.2026 19.30;Kuusamo;1951;En halua vastata;Peruskoulu;Ei;En osaa sanoa;7;
3;;Kuusamo;1999;Mies;Toinen aste;Ei;Hyvä;;
`

// example is a text of the help as a file.
func example(t *testing.T, name, text string) string {
	t.Helper()
	return writeFile(t, name, strings.ReplaceAll(text, "\n    ", "\n"))
}

// TestImportSurveyAsTheHelpTeaches: its examples work as they stand.
func TestImportSurveyAsTheHelpTeaches(t *testing.T) {
	wave, mapping := example(t, "wave.yaml", exampleWave), example(t, "mapping.yaml", exampleMapping)
	old, err := charmap.Windows1252.NewEncoder().String(exampleAnswers)
	if err != nil {
		t.Fatal(err)
	}
	data := "--data=" + t.TempDir()
	r := vointi(t, nil, "import", "survey", writeFile(t, "vastaukset.csv", old), "--mapping", mapping, "--wave", wave, "--dry-run", data)
	wantCode(t, r, exitDone, "3 answers of 3 rows, 1 of them incomplete", "(4 new, 0 changed, 0 as before)", "nothing was published",
		"srh-average-or-worse         2 answered", "life-satisfaction-mean       2 answered", "not read: Avoin palaute")
	r = vointi(t, nil, "import", "survey", "--wave", wave, "--dry-run", data)
	wantCode(t, r, exitDone, "wave kuusamo-2026 without faults")
	bad := writeFile(t, "bad.csv", strings.Replace(old, "1985", "131052-308T", 1))
	r = vointi(t, nil, "import", "survey", bad, "--mapping", mapping, "--wave", wave, data)
	wantCode(t, r, exitFailed, `bad.csv:2: column "Syntymävuosi" holds a Finnish personal identity code`, "nothing was published")
	if strings.Contains(r.out+r.err, "308T") {
		t.Error("the code is repeated")
	}
	r = vointi(t, nil, "import", "survey", bad, "--mapping", mapping, "--wave", wave, data, "--dry-run", "--skip-faulty")
	wantCode(t, r, exitFailed, "2 answers of 3 rows", "1 row was skipped")
	wantCode(t, vointi(t, nil, "import", "survey", data), exitFailed, "Name an export, or a wave")
	wantCode(t, vointi(t, nil, "import", "survey", bad, "--mapping", mapping, data), exitFailed, "which wave is it?")
	wantCode(t, vointi(t, nil, "import", "survey", "--help"), exitDone, "EUROHIS[SQ001]", "windows-1252", "Free text", "personal identity code")
}

// TestLedger: what is as before is no news; what changes is newer than what it changes, and an event of its own.
func TestLedger(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	make := func(count int, at, retrieved time.Time) *event.Event {
		e, err := event.New(event.PopulationSnapshot, "/x", "id", at, "KU305", "", &event.Population{Area: "KU305", Year: 2025, Age: "40", Count: count, RetrievedAt: retrieved})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	open := func(again bool) *ledger {
		l, err := openLedger(dir, "population", again)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	step := func(what string, e *event.Event, want tally) []*event.Event {
		t.Helper()
		l := open(false)
		news, got, err := l.news([]*event.Event{e}, now)
		if err != nil || got != want {
			t.Errorf("%s: %v, want %v: %v", what, got, want, err)
		}
		if err := l.keep(news); err != nil {
			t.Fatal(err)
		}
		return news
	}
	early := now.AddDate(0, -1, 0)
	step("first", make(5, early, early), tally{fresh: 1})
	step("again, asked for later", make(5, early, now), tally{same: 1})
	changed := step("changed", make(6, early, early), tally{changed: 1})
	if e := changed[0]; !e.Time.Equal(now) || e.ID == "id" {
		t.Errorf("the change is %s of %v", e.ID, e.Time)
	}
	step("changed, again", make(6, early, early), tally{same: 1})
	if back := step("changed back", make(5, early, early), tally{changed: 1}); !back[0].Time.After(now) || back[0].ID == changed[0].ID {
		t.Errorf("the change back is %s of %v", back[0].ID, back[0].Time)
	}
	if later := step("with a later time", make(7, now.AddDate(1, 0, 0), now), tally{changed: 1}); !later[0].Time.Equal(now.AddDate(1, 0, 0)) {
		t.Errorf("the time is %v", later[0].Time)
	}
	if _, got, err := open(true).news([]*event.Event{make(7, early, early)}, now); err != nil || got != (tally{fresh: 1}) {
		t.Errorf("--again: %v %v", got, err)
	}
}

// TestWhenItWasAskedIsNoNews, of anything that is published by others; under which licence it is, is.
func TestWhenItWasAskedIsNoNews(t *testing.T) {
	at := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	for kind, of := range map[event.Type]func(retrieved time.Time, licence string) event.Payload{
		event.PopulationSnapshot: func(r time.Time, l string) event.Payload {
			return &event.Population{Area: "KU305", Year: 2025, Age: "40", Count: 5, RetrievedAt: r, Licence: l}
		},
		event.IndicatorImported: func(r time.Time, l string) event.Payload {
			return &event.Imported{Source: "sotkanet", ExternalID: "286", Area: "KU305", Year: 2025, RetrievedAt: r, Licence: l}
		},
		event.AreaDescribed: func(r time.Time, l string) event.Payload {
			return &event.Area{AreaID: "KU305", Level: "municipality", Name: map[string]string{"fi": "Kuusamo"}, ValidFrom: at, RetrievedAt: r, Licence: l}
		},
		event.TargetSet: func(r time.Time, l string) event.Payload {
			return &event.Target{TargetID: "t", Indicator: "participation-reach", Area: "KU305", Year: 2026, Value: 5, RetrievedAt: r, Licence: l}
		},
		event.UnitCostSet: func(r time.Time, l string) event.Payload {
			return &event.UnitCost{ServiceCode: "T11", PriceYear: 2025, BaseCents: 5, Source: "x", RetrievedAt: r, Licence: l}
		},
	} {
		content := func(retrieved time.Time, licence string) uint64 {
			e, err := event.New(kind, "/x", "id", at, "KU305", "", of(retrieved, licence))
			if err != nil {
				t.Fatal(err)
			}
			return contentOf(e)
		}
		if first := content(at, "CC0"); content(at.AddDate(0, 1, 0), "CC0") != first || content(at, "CC BY 4.0") == first {
			t.Errorf("%s: asked for again it is news, or its licence is none", kind)
		}
	}
}

// TestLedgerOfTargets: when a target was set, and not when it was imported, decides which of several is in force.
func TestLedgerOfTargets(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	early := now.AddDate(0, -1, 0)
	open := func() *ledger {
		l, err := openLedger(dir, "targets", false)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	target := func(value float64, set time.Time) *event.Event {
		e, err := event.New(event.TargetSet, "/vointi/cli", event.NewID("target", set.String()), set, "KU305", "T", &event.Target{TargetID: "T", Indicator: "participation-reach", Area: "KU305", Year: 2026, Value: value, SetAt: set})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	l := open()
	if err := l.keep([]*event.Event{target(1, now)}); err != nil {
		t.Fatal(err)
	}
	older := target(2, early) // is no newer for being imported later
	news, got, err := open().news([]*event.Event{target(1, now), older}, now)
	if err != nil || got != (tally{fresh: 1, same: 1}) || len(news) != 1 || news[0] != older || !older.Time.Equal(early) {
		t.Errorf("%v %+v %v", news, got, err)
	}
	if _, _, err := open().news([]*event.Event{target(2, now)}, now); err == nil || !strings.Contains(err.Error(), "needs a later set_at") {
		t.Errorf("changed with the same set_at: %v", err)
	}
}
