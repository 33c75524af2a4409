package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"vointi.fi/pkg/sheet"
	"vointi.fi/services/participation"
)

type importCheckinsCommand struct {
	File          string               `arg:"" help:"the export: a .csv or .xlsx file"`
	Mapping       string               `name:"mapping" required:"" placeholder:"FILE" help:"YAML file that says what the columns mean"`
	Participation participation.Config `embed:"" prefix:"participation-"`
	Import        importSettings       `embed:""`
}

// Help implements [kong.HelpProvider].
func (*importCheckinsCommand) Help() string {
	return `Visits become events participation.checkin.v1, one for each row, as POST /v1/participation/checkins makes them: card ids become pseudonyms here, by the key of the card's issuer, and go no further. The keys are those of the participation service, in its file.

The mapping names columns by their headers, or a value for all rows, for the attributes that a check-in has: ` + strings.Join(participation.Importable(), ", ") + `. Whatever it does not name is not read:

` + exampleCheckins + `
Times that name no zone are Finnish. A Finnish personal identity code in any cell is a fault.

id names a row: the same row again publishes nothing, and one that has changed publishes participation.checkin.corrected.v1. Without id a visit is known by its session, card and time. Visits that a later export leaves out stay counted. After a rotation of keys the same rows are corrected once, to the new pseudonyms of the same persons.`
}

const exampleCheckins = `    # mapping.yaml
    file: {encoding: windows-1252, separator: ";"}
    id: Rivi
    checkin:
      card_id: Kortti
      session_id: Tapahtuma
      checked_in_at: {column: Aika, format: d.M.yyyy H.mm}
      channel: {value: card}
      venue_id: Paikka
      venue_area_id: {value: KU305}
      home_area_id: {column: Kotikunta, values: {Kuusamo: KU305, Kalajoki: KU208}}
      birth_date: Syntymäaika
      sex: {column: Sukupuoli, values: {Mies: "1", Nainen: "2", Ei tietoa: ""}}
      activity_type: {column: Laji, values: {Luonto: nature, Kulttuuri: culture, Liikunta: sport}}
      provider_id: {value: ORG12}
    missing: ["-"]
`

// Run publishes the visits of the file.
func (c *importCheckinsCommand) Run(ctx context.Context, proc *process) error {
	in, err := c.read()
	in.unreadable = err
	return c.Import.finish(ctx, proc, in)
}

func (c *importCheckinsCommand) read() (in imported, err error) {
	c.Participation.Keys = inFolder(c.Import.Data, c.Participation.Keys, keysFile)
	text, err := readInput(c.Mapping, 1<<20)
	if err != nil {
		return in, err
	}
	x, err := participation.NewImport(text, c.Participation)
	if err != nil {
		return in, fmt.Errorf("%s: %w", filepath.Base(c.Mapping), err)
	}
	content, err := readInput(c.File, sheet.MaxSize)
	if err != nil {
		return in, err
	}
	out, err := x.Read(c.File, content)
	if err != nil {
		return in, err
	}
	in.events, in.faulty, in.faults = append(out.Links, out.Events...), out.Faulty, placed(c.File, out.Faults)
	in.ledger, in.shows = "checkins", "vointi.indicators shows their totals"
	in.summary = countOf(len(out.Events), "visit", "visits") + " of " + countOf(out.Rows, "row", "rows")
	in.noteRows(out.Rows, out.Unread)
	return in, nil
}
