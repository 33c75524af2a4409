package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"vointi.fi/pkg/fetch"
	"vointi.fi/pkg/sheet"
	"vointi.fi/services/opendata"
)

// importSource is that of events made from documents of others.
const importSource = "/vointi/import"

// document is a file or what a server sent, and when it was retrieved: for a file, when it was written.
type document struct {
	name      string
	body      []byte
	retrieved time.Time
	fetched   bool
}

// tableName is the name of a document that is a table, which tells what it is: that of a file does; addresses often have none, and
// servers are often wrong about it.
func (d document) tableName() string {
	switch known := path.Ext(d.name) != "" && !d.fetched; {
	case known || slices.Contains([]string{".csv", ".tsv", ".txt", ".xlsx"}, strings.ToLower(path.Ext(d.name))):
		return d.name
	case bytes.HasPrefix(d.body, []byte("PK")):
		return d.name + ".xlsx"
	default:
		return d.name + ".csv"
	}
}

func isAddress(where string) bool {
	return strings.HasPrefix(where, "http://") || strings.HasPrefix(where, "https://")
}

// openDocument reads a file, or fetches an address, by a query in JSON if there is one. There is something in it.
func openDocument(ctx context.Context, proc *process, where, query string) (d document, err error) {
	if isAddress(where) {
		d, err = fetchDocument(ctx, proc, where, query)
	} else {
		d, err = readDocument(where, query)
	}
	if err == nil && len(bytes.TrimSpace(d.body)) == 0 {
		err = fmt.Errorf("%s: it is empty", d.name)
	}
	return d, err
}

func readDocument(where, query string) (d document, err error) {
	if query != "" {
		return d, errors.New("query: only an address can be asked; a file is what it is")
	}
	if scheme, _, is := strings.Cut(where, "://"); is {
		return d, fmt.Errorf("%s: addresses begin with https:// or http://", scheme)
	}
	info, err := os.Stat(where)
	if err != nil {
		return d, err
	}
	d.name, d.retrieved = filepath.Base(where), info.ModTime().UTC().Truncate(time.Second)
	d.body, err = readInput(where, sheet.MaxSize)
	return d, err
}

func fetchDocument(ctx context.Context, proc *process, where, query string) (d document, err error) {
	request := fetch.Request{Address: where}
	if query != "" {
		if request.Query, err = readInput(query, 1<<20); err != nil {
			return d, err
		}
	}
	fetched, err := new(fetch.Fetcher).Patiently(ctx, request)
	if u, wrong := url.Parse(where); wrong == nil {
		d.name = path.Base(u.Path)
	}
	d.body, d.retrieved, d.fetched = fetched.Body, proc.now().UTC().Truncate(time.Second), true
	return d, err
}

type importPopulationCommand struct {
	From    string         `arg:"" help:"a file in JSON-stat 2.0, CSV or Excel, or an address that answers one"`
	Query   string         `name:"query" placeholder:"FILE" help:"what to ask the address for, in the JSON of PxWeb"`
	Table   string         `name:"table" placeholder:"ID" help:"id of the table, if the document does not tell: 11re"`
	Licence string         `name:"licence" default:"CC BY 4.0" help:"licence of the figures"`
	Import  importSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*importPopulationCommand) Help() string {
	return `Residents on 31 December by area, age and sex become events population.snapshot.v1: the denominators of rates.

JSON-stat 2.0 is what Statistics Finland's PxWeb answers when the query asks for json-stat2. Ask table 11re for the areas, every single age (000 to 100-), both sexes and the years that are needed; other age groups count in no age group unless they lie in one of those that figures are made of. Totals (SSS) of ages and sexes are left out where their parts are there.

    {"query": [
      {"code": "Alue", "selection": {"filter": "item", "values": ["KU305", "KU208"]}},
      {"code": "Ikä", "selection": {"filter": "all", "values": ["*"]}},
      {"code": "Sukupuoli", "selection": {"filter": "item", "values": ["1", "2"]}},
      {"code": "Vuosi", "selection": {"filter": "item", "values": ["2024"]}}],
     "response": {"format": "json-stat2"}}

CSV and Excel: the columns area_id, year, sex (1, 2 or all), age (7, 0-4 or 100+) and count.

Ages of one area, year and sex must not overlap, also not with what was imported before: bands and single years would count people twice. The same document again publishes nothing, a revised one what has changed.`
}

// Run publishes a population.snapshot.v1 for each number.
func (c *importPopulationCommand) Run(ctx context.Context, proc *process) error {
	d, err := openDocument(ctx, proc, c.From, c.Query)
	if err != nil {
		return fmt.Errorf("import population: %w", err)
	}
	from := opendata.Origin{Source: importSource, Table: c.Table, Retrieved: d.retrieved, Licence: c.Licence}
	read := func() (*opendata.Table, error) { return opendata.PopulationRows(d.tableName(), d.body, from) }
	if bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(d.body, []byte("\ufeff"))), []byte("{")) {
		read = func() (*opendata.Table, error) { return opendata.PopulationTable(d.body, from) }
	}
	return c.Import.finishTable(ctx, proc, "population", "rates have their denominators", d.name, read)
}

// finishTable reads a table and finishes the import of it.
func (s *importSettings) finishTable(ctx context.Context, proc *process, ledger, shows, name string, read func() (*opendata.Table, error)) error {
	t, err := read()
	if errors.Is(err, sheet.ErrTable) { // says of which
		return s.finish(ctx, proc, imported{unreadable: err})
	}
	if err != nil {
		return s.finish(ctx, proc, imported{unreadable: fmt.Errorf("%s: %w", name, err)})
	}
	in := imported{events: t.Events, faulty: t.Faulty, faults: t.Faults, ledger: ledger, shows: shows}
	in.summary = countOf(len(t.Events), "figure", "figures") + " of " + name
	for _, why := range slices.Sorted(maps.Keys(t.Skipped)) {
		in.notes = append(in.notes, fmt.Sprintf("  left out: %d %s", t.Skipped[why], why))
	}
	if len(t.Events)+t.Faulty == 0 {
		in.unreadable = fmt.Errorf("%s: there are no figures in it", name)
	}
	return s.finish(ctx, proc, in)
}

type importSotkanetCommand struct {
	From      []string       `arg:"" optional:"" help:"what Sotkanet answered, JSON or CSV: files or addresses; or name indicators"`
	Indicator []int          `name:"sotkanet-indicator" placeholder:"ID" help:"ask Sotkanet for these indicators"`
	Years     []int          `name:"sotkanet-years" placeholder:"YEAR" help:"of these years"`
	Regions   string         `name:"sotkanet-regions" placeholder:"FILE" help:"Sotkanet's list of regions, a file or an address; Sotkanet's own if not given"`
	Address   string         `name:"sotkanet-address" default:"https://sotkanet.fi/rest/1.1/" help:"where Sotkanet's REST interface is"`
	Areas     []string       `name:"sotkanet-areas" placeholder:"AREA" help:"only these areas: KU305,HVA19; all if not given"`
	Licence   string         `name:"licence" default:"CC BY 4.0" help:"licence of the figures"`
	Import    importSettings `embed:""`
}

// Help implements [kong.HelpProvider].
func (*importSotkanetCommand) Help() string {
	return `Figures of Sotkanet become events indicator.imported.v1, with licence and time of retrieval. --sotkanet-indicator 127 --sotkanet-years 2022,2023 asks Sotkanet itself; or give files with what /rest/1.1/json or /rest/1.1/csv answered.

Sotkanet's region ids are not the codes of areas: region 658 is the whole country. The list of regions says what they are, so it is needed beside files too. Municipalities, regions, wellbeing services counties and the country are taken; the others are left out and counted.

The same figures again publish nothing, changed ones replace what was imported before. vointi.imported shows them, beside figures of one's own.`
}

// Run publishes an indicator.imported.v1 for each figure.
func (c *importSotkanetCommand) Run(ctx context.Context, proc *process) error {
	base := strings.TrimSuffix(c.Address, "/") + "/"
	from := slices.Clone(c.From)
	for _, id := range c.Indicator {
		query := url.Values{"indicator": {strconv.Itoa(id)}, "genders": {"total", "male", "female"}}
		for _, year := range c.Years {
			query.Add("years", strconv.Itoa(year))
		}
		from = append(from, base+"json?"+query.Encode())
	}
	if len(from) == 0 || len(c.Indicator) > 0 && len(c.Years) == 0 {
		return errors.New("import sotkanet: what is to be imported? Name files, or --sotkanet-indicator with --sotkanet-years")
	}
	list := c.Regions
	if list == "" {
		list = base + "regions"
	}
	d, err := openDocument(ctx, proc, list, "")
	if err != nil {
		return fmt.Errorf("import sotkanet: regions: %w", err)
	}
	regions, err := opendata.ReadRegions(d.body)
	if err != nil {
		return fmt.Errorf("import sotkanet: %s: %w", d.name, err)
	}
	for _, where := range from {
		if err := c.figures(ctx, proc, where, regions); err != nil {
			return err
		}
	}
	return nil
}

func (c *importSotkanetCommand) figures(ctx context.Context, proc *process, where string, regions opendata.Regions) error {
	d, err := openDocument(ctx, proc, where, "")
	if err != nil {
		return fmt.Errorf("import sotkanet: %w", err)
	}
	return c.Import.finishTable(ctx, proc, "sotkanet", "vointi.imported shows them", d.name, func() (*opendata.Table, error) {
		return opendata.Sotkanet(d.tableName(), d.body, regions, c.Areas, opendata.Origin{Source: importSource, Retrieved: d.retrieved, Licence: c.Licence})
	})
}
