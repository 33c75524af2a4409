package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/sheet"
	"vointi.fi/schemas"
	"vointi.fi/services/survey"
)

type importSurveyCommand struct {
	File    string         `arg:"" optional:"" help:"the export: a .csv or .xlsx file; without one only the wave is opened"`
	Mapping string         `name:"mapping" placeholder:"FILE" help:"YAML file that says what the columns mean; LimeSurvey needs none if its question codes are those of the instruments"`
	Wave    string         `name:"wave" placeholder:"FILE" help:"YAML file that describes the wave, which it opens"`
	Source  string         `name:"survey-source" default:"/vointi/survey" help:"source of the events made here; never change it while they may still be corrected"`
	Import  importSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*importSurveyCommand) Help() string {
	return `Answers become events survey.response.v1, one for each row. Items, with the answers that each allows, stand in schemas/reference/instruments.yaml.

A wave must be open before its answers count. --wave opens it; or POST /v1/survey/waves did, and the mapping names it:

` + exampleWave + `
The mapping names columns by their headers. Whatever it does not name is not read:

` + exampleMapping + `
LimeSurvey: export answers as codes, with question codes as headings. EUROHIS[SQ001] is then the item EUROHIS1, BARRIER[COST] is BARRIER_COST; AREA, AGE or BIRTHYEAR or AGEBAND, SEX, EDUCATION, WEIGHT, STRATUM and PSU are what they say; id, submitdate, datestamp and startlanguage are LimeSurvey's own. An empty submitdate is an answer that was not completed. A mapping may add to this.

Free text never enters, and neither does a column that tells who answered. A Finnish personal identity code in any cell is a fault. Ages become the bands that figures are made of.

A response is known by its id in its wave: the same file again publishes nothing, a corrected one publishes what has changed. Answers that a later export leaves out stay counted.`
}

const exampleWave = `    # wave.yaml
    wave_id: kuusamo-2026
    starts: 2026-03-01
    ends: 2026-03-31
    instrument_id: hyvinvointikysely
    version: "1"
    languages: [fi]
    strata:
      - {id: nuoret, area_id: KU305, age_group: 18-54, N: 7000, n_sampled: 400}
      - {id: vanhat, area_id: KU305, age_group: 55+, N: 6000, n_sampled: 400}
`

const exampleMapping = `    # mapping.yaml, for an export of Webropol as Excel saves it
    file: {encoding: windows-1252, separator: ";"}
    id: Vastaajanumero
    submitted: {column: Vastausaika, format: d.M.yyyy H.mm}
    area: {column: Kunta, values: {Kuusamo: KU305, Kalajoki: KU208}}
    birth_year: Syntymävuosi
    sex: {column: Sukupuoli, values: {Mies: "1", Nainen: "2", En halua vastata: ""}}
    education: {column: Koulutus, values: {Peruskoulu: low, Toinen aste: mid, Korkeakoulu: high}}
    target_groups:
      - {column: Lapsia alle 18 v, values: {Kyllä: families, Ei: ""}}
    missing: [En osaa sanoa]
    items:
      Koettu terveys: {item: SRH, values: {Hyvä: 1, Melko hyvä: 2, Keskitasoinen: 3, Melko huono: 4, Huono: 5}}
      "Tyytyväisyys elämään, 0–10": LIFE_SATISFACTION
`

// Run publishes a survey.response.v1 for each answered questionnaire, and before them the opening of their wave.
func (c *importSurveyCommand) Run(ctx context.Context, proc *process) error {
	in, err := c.read()
	in.unreadable = err
	return c.Import.finish(ctx, proc, in)
}

func (c *importSurveyCommand) read() (in imported, err error) {
	in.shows, in.ledger = "vointi.indicators shows figures of at least 30 answers with the next breakdowns (aggregator-details)", "survey"
	var wave *event.Wave
	if c.Wave != "" {
		text, err := readInput(c.Wave, 1<<20)
		if err != nil {
			return in, err
		}
		opened, err := survey.ReadWave(text, c.Source)
		if err != nil {
			return in, fmt.Errorf("%s: %w", filepath.Base(c.Wave), err)
		}
		wave, in.events = opened.Payload.(*event.Wave), append(in.events, opened)
	}
	if c.File == "" {
		if wave == nil {
			return in, errors.New("what is to be imported? Name an export, or a wave with --wave")
		}
		in.summary = "wave " + wave.WaveID
		return in, nil
	}
	err = c.responses(&in, wave)
	return in, err
}

func (c *importSurveyCommand) responses(in *imported, wave *event.Wave) error {
	x, err := c.importer(wave)
	if err != nil {
		return err
	}
	content, err := readInput(c.File, sheet.MaxSize)
	if err != nil {
		return err
	}
	out, err := x.Read(c.File, content)
	if err != nil {
		return err
	}
	in.events, in.faulty = append(in.events, out.Events...), out.Faulty
	in.faults = placed(c.File, out.Faults)
	in.summary = fmt.Sprintf("%s of %s, %d of them incomplete", countOf(len(out.Events), "answer", "answers"), countOf(out.Rows, "row", "rows"), out.Incomplete)
	return c.tell(in, out)
}

func (c *importSurveyCommand) importer(wave *event.Wave) (*survey.Import, error) {
	var mapping *survey.Mapping
	if c.Mapping != "" {
		text, err := readInput(c.Mapping, 1<<20)
		if err != nil {
			return nil, err
		}
		if mapping, err = survey.ReadMapping(text); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(c.Mapping), err)
		}
	}
	instruments, err := reference.LoadInstruments(schemas.FS)
	if err != nil {
		return nil, err
	}
	ages, err := reference.LoadAgeSchemes(schemas.FS)
	if err != nil {
		return nil, err
	}
	return survey.NewImport(mapping, wave, instruments, ages, c.Source)
}

// tell notes what an importer should know of the answers: how many count for each indicator, and what is not read.
func (c *importSurveyCommand) tell(in *imported, out *survey.Responses) error {
	catalogue, err := indicator.Load(schemas.FS, "indicators")
	if err != nil {
		return err
	}
	answers := make([]indicator.Answer, len(out.Events))
	for i, e := range out.Events {
		answers[i].Items = map[string]int32{}
		for code, n := range e.Payload.(*event.Response).Items {
			answers[i].Items[code] = int32(n)
		}
	}
	for _, e := range catalogue {
		if e.Survey == nil {
			continue
		}
		if n := len(e.Sample(answers).Asked()); n > 0 {
			in.notes = append(in.notes, fmt.Sprintf("  %-28s %d answered as much as it asks for", e.ID, n))
		}
	}
	if out.UnknownAge > 0 {
		in.notes = append(in.notes, fmt.Sprintf("  %d count in no age group: their age is unknown, or their group spans several of those that figures are made of", out.UnknownAge))
	}
	in.noteRows(out.Rows, out.Unread)
	return nil
}
