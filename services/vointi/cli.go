package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"vointi.fi/pkg/service"
)

// cli is the command line. Every flag is a setting: its name is also the key in the file and, in capitals with VOINTI_
// in front, the environment variable.
type cli struct {
	Config      string `name:"config" placeholder:"FILE" help:"YAML file with settings; keys are the names of flags, of any command"`
	PrintConfig bool   `name:"print-config" help:"print the command's settings as such a file, secrets masked, and end"`

	Up          upCommand          `cmd:"" help:"Run everything on this machine, on embedded engines."`
	Clickhouse  clickhouseCommand  `cmd:"" hidden:"" help:"The embedded engine's process; vointi up starts it."`
	Probe       probeCommand       `cmd:"" hidden:"" help:"Ask an address once; for health checks."`
	Settings    settingsCommand    `cmd:"" hidden:"" help:"Print the table of all settings."`
	Migrate     migrateCommand     `cmd:"" help:"Make or update the streams and the tables."`
	Simulate    simulateCommand    `cmd:"" help:"Publish a synthetic history, and a live trickle if asked."`
	Recompute   recomputeCommand   `cmd:"" help:"Compute all indicators from the facts again, or verify them."`
	Deadletters deadLettersCommand `cmd:"" help:"What could not be stored: list it, or send it again."`
	Reconcile   reconcileCommand   `cmd:"" help:"Hold the receipts against the stream: is every message accounted for?"`
	Close       closeCommand       `cmd:"" help:"Close a period, so that its figures become final."`
	Erase       eraseCommand       `cmd:"" help:"Forget a person under every linked pseudonym; --dry-run counts first."`
	Keys        keysCommand        `cmd:"" help:"The keys that make pseudonyms of card ids: list, add, rotate, retire."`
	Estimate    estimateCommand    `cmd:"" help:"What programmes cost, what changed because of them, and how sure that is."`
	Tokens      tokensCommand      `cmd:"" help:"Who may publish over HTTP: create, list and revoke the tokens of emitters."`
	Indicators  indicatorsCommand  `cmd:"" help:"The catalogue of indicators: list it, explain one, check files."`
	Import      importCommand      `cmd:"" help:"Bring in what others have decided or counted, from files or addresses."`
	Dashboards  dashboardsCommand  `cmd:"" help:"Write the dashboards into a folder, or push them to a Grafana."`
	Version     versionCommand     `cmd:"" help:"Print the version."`

	Gateway       gatewayCommand       `cmd:"" group:"services" help:"POST /v1/events: CloudEvents in, onto the bus."`
	Participation participationCommand `cmd:"" group:"services" help:"Check-ins and head counts; card ids become pseudonyms here."`
	Survey        surveyCommand        `cmd:"" group:"services" help:"Answered questionnaires."`
	Calendar      calendarCommand      `cmd:"" group:"services" help:"Occurrences of event calendars."`
	Ingester      ingesterCommand      `cmd:"" group:"services" help:"From the bus into ClickHouse; run as many as you like."`
	Aggregator    aggregatorCommand    `cmd:"" group:"services" help:"From facts to indicators; run one."`
	Eraser        eraserCommand        `cmd:"" group:"services" help:"Works off requests for erasure."`
	Evaluator     evaluatorCommand     `cmd:"" group:"services" help:"Estimates of programmes, from what is published; run one."`
	Report        reportCommand        `cmd:"" group:"services" help:"The indicators as a web page and as an API."`
	Provisioner   provisionerCommand   `cmd:"" group:"services" help:"Keep a Grafana's data source and dashboards as they should be."`
}

const description = `Vointi turns participation, survey and calendar events into well-being indicators per age group and area.

Begin with "vointi up --demo", which needs no server: it runs everything here, on synthetic data, and says where to look.

Every flag can be given as an environment variable (shown beside it) or as a key of the file that --config names;
VOINTI_X_FILE names a file that holds the value of a secret X. A flag wins over a variable, and a variable over the file.

Exit codes: 0 done; 1 failed, and the message says what to do; 2 wrong flag, variable or key; 3 a check found differences.`

// parse returns the command that the process is asked to run, or nil and the exit code when there is nothing to run.
func parse(p *process) (command func(context.Context) error, code int) {
	var c cli
	code = -1
	parser := newParser(p, &c, func(exit int) { code = max(code, exit) })
	parsed, err := parser.Parse(p.args)
	if code >= 0 { // --help was printed
		return nil, code
	}
	if err != nil {
		return nil, p.refuse(err)
	}
	if c.PrintConfig {
		if err := service.PrintSettings(p.stdout, parsed.Selected().Target.Addr().Interface()); err != nil {
			return nil, exitFailed
		}
		return nil, exitDone
	}
	return func(ctx context.Context) error {
		parsed.BindTo(ctx, (*context.Context)(nil))
		return parsed.Run()
	}, exitDone
}

func newParser(p *process, c *cli, exit func(int)) *kong.Kong {
	return kong.Must(c,
		kong.Name("vointi"), kong.Description(description), kong.Exit(exit), kong.Writers(p.stdout, p.stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 120}),
		kong.ValueFormatter(helpText),
		kong.ExplicitGroups([]kong.Group{{Key: "services", Title: "Services, one by one:"}}),
		kong.Bind(p),
	)
}

// helpText shows the environment variable of a flag beside its help.
func helpText(value *kong.Value) string {
	if value.Flag == nil || value.Flag.Name == "help" {
		return value.Help
	}
	return fmt.Sprintf("%s ($%s)", value.Help, service.EnvName(value.Flag.Name))
}

// BeforeResolve adds what the environment and the file say to what the command line leaves open.
func (c *cli) BeforeResolve(ctx *kong.Context, p *process) error {
	s, err := newSources(ctx, p.environ)
	if err != nil {
		return err
	}
	ctx.AddResolver(s)
	return nil
}

// refuse tells what is wrong with the settings, all of it at once.
func (p *process) refuse(err error) int {
	text := err.Error()
	var wrong *kong.ParseError
	if errors.As(err, &wrong) && wrong.Context.Selected() != nil {
		if all := faults(wrong.Context.Selected().Target); all != nil && strings.Contains(all.Error(), lastPart(text)) {
			text = all.Error()
		}
	}
	fmt.Fprintf(p.stderr, "vointi: %s\nRun \"vointi --help\", or --help after a command, to see what there is.\n", text)
	return exitUsage
}

// lastPart is the text of the innermost error: what a Validate method said.
func lastPart(text string) string {
	_, after, found := strings.Cut(text, "configuration: ")
	if !found {
		return text
	}
	return after
}

// faults asks every part of a command's settings what is wrong with it.
func faults(settings reflect.Value) error {
	var all []error
	for i := range settings.NumField() {
		if _, embed := settings.Type().Field(i).Tag.Lookup("embed"); !embed {
			continue
		}
		field := settings.Field(i)
		all = append(all, faults(field))
		if v, ok := field.Interface().(interface{ Validate() error }); ok {
			all = append(all, v.Validate())
		}
	}
	return errors.Join(all...)
}
