package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/reference"
	"vointi.fi/schemas"
)

type importCommand struct {
	Population importPopulationCommand `cmd:"" help:"Residents by area, age and sex: Statistics Finland's JSON-stat, CSV or Excel."`
	Areas      importAreasCommand      `cmd:"" help:"Areas, their names and where they belong."`
	Sotkanet   importSotkanetCommand   `cmd:"" help:"Figures that Sotkanet publishes."`
	UnitCosts  importUnitCostsCommand  `cmd:"" name:"unit-costs" help:"What one unit of a service costs."`
	Targets    importTargetsCommand    `cmd:"" help:"What indicators should reach, by year, area and age group."`
	Calendar   importCalendarCommand   `cmd:"" help:"Occurrences of an event calendar, from a file or a web address."`
	Checkins   importCheckinsCommand   `cmd:"" help:"Visits: what a card system exports, CSV or Excel."`
	Survey     importSurveyCommand     `cmd:"" help:"Answered questionnaires: LimeSurvey, Webropol, any CSV or Excel file."`
}

// Help implements [kong.HelpProvider].
func (*importCommand) Help() string {
	return `Each of these reads all of its input first and tells every fault with its place, row and column. If there is one, nothing is published and the exit code is 1; --skip-faulty publishes the rest. (Of a calendar what was understood is published all the same, and what was published is remembered on the bus.) --dry-run only tells, so try that first.

The same input twice publishes nothing new, and a corrected one what has changed. What was published is remembered in the data folder, so import the same things from the same machine: from another, what is as before makes the same events, which change nothing, but a correction is not known to be one.

Start with areas and population, which rates need, then visits, calendars, surveys and targets. On the machine of a vointi up that is all; elsewhere --nats-url, --nats-user and --nats-password say where the bus is.`
}

type importTargetsCommand struct {
	From    string         `arg:"" help:"a YAML or CSV file, or an address of one"`
	SetAt   string         `name:"set-at" placeholder:"DAY" help:"when the targets were decided, where the file does not tell: 2025-11-17"`
	Licence string         `name:"licence" help:"licence under which they are published, such as CC BY 4.0"`
	Import  importSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*importTargetsCommand) Help() string {
	return `    # targets.yaml
    set_at: 2025-11-17
    source: Hyvinvointisuunnitelma 2026
    targets:
      - {indicator: participation-reach, area_id: KU305, year: 2026, value: 32.5}
      - {indicator: participation-reach, area_id: KU305, age_scheme: eviva3, age_group: 65+, year: 2026, value: 40}

set_at and source hold for all unless a target has its own; target_id is its name. "vointi indicators list" shows the ids of indicators; vointi.targets shows what is in force. CSV: the same names in the first line, with commas between; or with semicolons or tabs, and then decimals may have a comma. Without target_id a target is named after what it is for.

The same file again publishes nothing. A target with a later set_at replaces the one before, whichever is imported first; one that says something else with the same set_at is refused. If anything is wrong with the file, nothing of it is published, unless --skip-faulty is given.`
}

// Run publishes a reference.target.v1 for each target of the file.
func (c *importTargetsCommand) Run(ctx context.Context, proc *process) error {
	d, err := openDocument(ctx, proc, c.From, "")
	if err != nil {
		return fmt.Errorf("import targets: %w", err)
	}
	check, err := newTargetCheck(c.SetAt)
	if err != nil {
		return err
	}
	return c.Import.finish(ctx, proc, check.events(d, c.Licence))
}

// names is a set of words.
type names map[string]bool

// targetCheck turns the lines of a file into events, and knows what they may speak of.
type targetCheck struct {
	setAt     cell // where a line tells nothing; empty: not told
	source    cell
	catalogue []string
	ages      *reference.AgeSchemes
	seen      map[string]cell // targets and what they are for, by where they stand first
}

func newTargetCheck(setAt string) (*targetCheck, error) {
	catalogue, err := indicator.Load(schemas.FS, "indicators")
	if err != nil {
		return nil, err
	}
	ages, err := reference.LoadAgeSchemes(schemas.FS)
	if err != nil {
		return nil, err
	}
	c := &targetCheck{setAt: cell{text: setAt}, ages: ages, seen: map[string]cell{}}
	for _, e := range catalogue {
		c.catalogue = append(c.catalogue, e.ID)
	}
	if setAt != "" {
		if _, ok := instantOf(setAt); !ok {
			return nil, errors.New("set-at: " + notAnInstant)
		}
	}
	return c, nil
}

const notAnInstant = "must be a day such as 2025-11-17, or a time such as 2025-11-17T10:00:00+02:00"

// instantOf reads a day, which is its first moment in UTC, or a time.
func instantOf(text string) (time.Time, bool) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
