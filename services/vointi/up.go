package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"go.uber.org/zap"

	"vointi.fi/pkg/service"
	"vointi.fi/services/calendar"
	"vointi.fi/services/gateway"
	"vointi.fi/services/participation"
	"vointi.fi/services/survey"
)

type upCommand struct {
	Data          string               `name:"data" default:"data" placeholder:"DIR" help:"folder for everything that is kept; made if missing"`
	Demo          bool                 `name:"demo" help:"fill an empty data folder with synthetic data, and go on with a live trickle"`
	Size          string               `name:"demo-size" default:"full" enum:"full,small,large" help:"full: three years, about a million events; small: about 25 000; large: ten million, to measure with"`
	Rate          float64              `name:"demo-rate" default:"2" help:"events a second of the live trickle; 0: none"`
	NATSListen    string               `name:"nats-listen" default:"127.0.0.1:4222" help:"loopback address of the bus; port 0: any free one"`
	EngineListen  string               `name:"clickhouse-listen" default:"127.0.0.1:8123" help:"loopback address of ClickHouse's HTTP interface; port 0: any free one"`
	EngineMemory  int                  `name:"clickhouse-memory-gib" default:"0" help:"memory in GiB that the engine may use; 0: half of the machine's"`
	Log           terminalLog          `embed:""`
	HTTP          service.HTTPConfig   `embed:""`
	Access        accessSettings       `embed:""`
	Streams       streamSettings       `embed:""`
	Ingester      ingesterSettings     `embed:""`
	Aggregator    aggregatorSettings   `embed:""`
	Participation participation.Config `embed:"" prefix:"participation-"`
	Survey        survey.Config        `embed:"" prefix:"survey-"`
	Calendar      calendar.Config      `embed:"" prefix:"calendar-"`
	Evaluator     evaluatorSettings    `embed:""`
	Report        reportSettings       `embed:""`
	Grafana       localGrafana         `embed:""`
}

// Help implements [kong.HelpProvider].
func (*upCommand) Help() string {
	return `Starts a NATS server, the ClickHouse engine and all services, and prints where to look. Ctrl-C stops everything within 10 s; started again with the same data folder it goes on where it stopped. Everything listens on this machine only.`
}

// Where participation.Config keeps the issuers' keys, and accessSettings the tokens, unless told otherwise.
const (
	keysFile   = "data/participation-keys.json"
	tokensFile = "data/tokens.json"
)

// inFolder is where a file or folder is: one that has its default place belongs to the data folder.
func inFolder(data, path, standard string) string {
	if path == standard {
		return filepath.Join(data, filepath.Base(standard))
	}
	return path
}

// Run runs everything until ctx ends.
func (c *upCommand) Run(ctx context.Context, proc *process) (err error) {
	log, err := c.Log.logger()
	if err != nil {
		return err
	}
	unlock, err := lockFolder(c.Data)
	if err != nil {
		return err
	}
	defer unlock()
	c.Participation.Keys = inFolder(c.Data, c.Participation.Keys, keysFile)
	c.Access.Tokens = inFolder(c.Data, c.Access.Tokens, tokensFile)
	if c.Demo {
		c.Aggregator.Details = min(c.Aggregator.Details, demoDetails)
	}
	if _, made, err := readHistory(c.Data); c.Demo || made || err != nil {
		c.Report.Synthetic = true // for good: nobody shall take these figures for real ones
		if c.Aggregator.Retention != 0 {
			c.Aggregator.Retention = max(c.Aggregator.Retention, demoRetention)
		}
	}
	u := &up{upCommand: c, parts: newParts(ctx, log), proc: proc}
	err = u.run()
	if ctx.Err() != nil {
		fmt.Fprintln(proc.stdout, "\nStopping …")
	}
	if stopErr := u.stop(); stopErr != nil {
		log.Warn("not everything stopped in time; what was acknowledged is on disk all the same", zap.Error(stopErr))
	}
	if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
		fmt.Fprintf(proc.stdout, "Stopped. The data is in %s; `vointi up` goes on with it.\n", c.Data)
		return nil
	}
	return err
}

// up is one running instance of everything.
type up struct {
	*upCommand
	*parts
	proc     *process
	engines  *engines
	listener net.Listener
	routes   *http.ServeMux
	report   string // URL
	grafana  string // one line
}

// run starts everything in this order, so that each part finds what it needs, and waits:
//
//  1. the listener, since a taken port should be told before anything is begun;
//  2. the engines, the streams and the tables;
//  3. the services that take events, and the page;
//  4. the ingester;
//  5. the synthetic history, if there is to be one: published and stored side by side;
//  6. the aggregator, whose first step over a new history is one rebuild instead of a thousand refreshes;
//  7. the live trickle and Grafana.
func (u *up) run() (err error) {
	if u.listener, err = listen(u.HTTP.Listen, "listen"); err != nil {
		return err
	}
	u.closer("listener", func() { _ = u.listener.Close() })
	if u.engines, err = startEngines(u); err != nil {
		return u.because(err)
	}
	if err := u.startServices(); err != nil {
		return u.because(err)
	}
	if err := startIngester(u.parts, u.engines.ingester, u.engines.db, u.Ingester); err != nil {
		return u.because(err)
	}
	if err := u.startIndicators(); err != nil {
		return u.because(err)
	}
	u.grafana = u.Grafana.start(u)
	u.health.Add("start", func(context.Context) error { return nil })
	u.say()
	return u.wait()
}

// because prefers the error of a part that ended over one that merely follows from it.
func (u *up) because(err error) error {
	if cause := u.failure(); cause != nil {
		return cause
	}
	return err
}

// startServices mounts everything that speaks HTTP on one listener.
func (u *up) startServices() error {
	u.routes = http.NewServeMux()
	if err := u.admit(u.Access, u.HTTP); err != nil {
		return err
	}
	bus := u.engines.publisher.Publisher()
	mountGateway(u.parts, u.routes, bus, gateway.Config{CorrectAny: u.Ingester.CorrectAny})
	if err := mountParticipation(u.parts, u.routes, u.engines.participation, u.Participation); err != nil {
		return err
	}
	if err := mountSurvey(u.parts, u.routes, bus, u.Survey); err != nil {
		return err
	}
	if err := mountCalendar(u.parts, u.routes, u.engines.calendar, u.Calendar); err != nil {
		return err
	}
	if err := mountReport(u.parts, u.routes, u.engines.reading(), u.Report); err != nil {
		return err
	}
	u.health.Add("start", func(context.Context) error { return errors.New("still starting") })
	u.health.Add("bus", u.engines.publisher.Check)
	u.stack.Push("http", u.serve(u.HTTP, u.listener, u.routes))
	u.report = "http://" + u.listener.Addr().String()
	return nil
}

// startIndicators brings the history in, if there is to be one, and starts what works on it.
func (u *up) startIndicators() error {
	a, err := newAggregator(u.log, u.reg, u.engines.db, u.engines.aggregator.Publisher(), u.Aggregator)
	if err != nil {
		return err
	}
	if u.Demo {
		if err := u.demo(a); err != nil {
			return err
		}
	}
	if err := startAggregator(u.parts, u.engines.aggregator, a); err != nil {
		return err
	}
	startEraser(u.parts, u.engines.eraser, u.engines.db)
	return startEvaluator(u.parts, u.engines.db, u.Evaluator.in(u.Data), u.Aggregator.Threshold, u.Report.Synthetic)
}

// say tells where to look.
func (u *up) say() {
	out := u.proc.stdout
	fmt.Fprintln(out)
	if u.Report.Synthetic {
		fmt.Fprintln(out, "Vointi is running, on SYNTHETIC demo data: nobody in it exists.")
	} else {
		fmt.Fprintln(out, "Vointi is running.")
	}
	password := func(path ...string) string { return filepath.Join(append([]string{u.Data}, path...)...) }
	for _, line := range [][2]string{
		{"Report", u.report + "/"},
		{"At the door", u.report + "/checkin"},
		{"Events in", "POST " + u.report + "/v1/events"},
		{"Metrics", u.report + "/metrics"},
		{"ClickHouse", "http://" + u.engines.clickhouse.Addr() + "  user vointi_reader, no password; full access: user vointi, password in " + password("clickhouse", "password")},
		{"NATS", u.engines.nats.URL() + "  users and passwords in " + password("nats", "passwords.json")},
		{"Grafana", u.grafana},
	} {
		fmt.Fprintf(out, "  %-11s %s\n", line[0], line[1])
	}
	fmt.Fprintln(out, "Ctrl-C stops everything; started again, it goes on with the data in", u.Data)
}

// lockFolder makes the data folder and keeps a second instance out of it until unlock is called.
func lockFolder(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w; choose another with --data", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w; choose another with --data", err)
	}
	if err := lockFile(file); err != nil {
		return nil, errors.Join(fmt.Errorf("another vointi up runs on the data folder %s; stop it, or choose another folder with --data", dir), file.Close())
	}
	return func() { _ = file.Close() }, nil
}
