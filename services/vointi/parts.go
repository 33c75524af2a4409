package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/access"
	"vointi.fi/pkg/service"
)

// stopWithin bounds how long a process takes to stop.
const stopWithin = 9 * time.Second

// parts are what a process consists of. They run side by side; when one ends by itself, all end; they stop in the
// reverse order of their start.
type parts struct {
	log    *zap.Logger
	reg    *prometheus.Registry
	health *service.Health
	stack  service.Stack
	ctx    context.Context // ends when the process is to stop, or with the first part that ended by itself
	fail   context.CancelCauseFunc
	edges  edges
}

// edges are the routes on which emitters publish, and those that anybody may open.
type edges struct {
	mu             sync.Mutex
	callers        *access.Callers
	patterns, free []string
}

// accessSettings say who may publish over HTTP.
type accessSettings struct {
	Tokens string `name:"tokens" default:"data/tokens.json" help:"file with the hashes of emitters' tokens, which vointi tokens writes; as long as it is not there, whoever reaches the process may publish"`
}

// admit reads who may publish; the process's own token may always.
func (p *parts) admit(s accessSettings, cfg service.HTTPConfig) error {
	callers, err := access.Open(s.Tokens, cfg.Token)
	if err != nil {
		return err
	}
	p.edges.mu.Lock()
	defer p.edges.mu.Unlock()
	p.edges.callers = callers
	p.health.Add("tokens", callers.Health)
	return nil
}

// emit mounts a handler that publishes for its callers; admit has been called.
func (p *parts) emit(routes *http.ServeMux, pattern string, handler http.Handler) {
	p.mount(routes, &p.edges.patterns, pattern, handler)
}

// open mounts a handler that lets anybody in, and knows who it is; admit has been called.
func (p *parts) open(routes *http.ServeMux, pattern string, handler http.Handler) {
	p.mount(routes, &p.edges.free, pattern, handler)
}

func (p *parts) mount(routes *http.ServeMux, among *[]string, pattern string, handler http.Handler) {
	p.edges.mu.Lock()
	defer p.edges.mu.Unlock()
	*among = append(*among, pattern)
	routes.Handle(pattern, p.edges.callers.Identify(handler))
}

// known tells whether a request bears the token of an emitter, and goes where emitters may, or where anybody may.
func (e *edges) known(routes *http.ServeMux, r *http.Request) bool {
	_, pattern := routes.Handler(r)
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Contains(e.free, pattern) || slices.Contains(e.patterns, pattern) && e.callers.Known(r)
}

func newParts(ctx context.Context, log *zap.Logger) *parts {
	p := &parts{log: log, reg: service.NewRegistry(), health: &service.Health{}}
	p.ctx, p.fail = context.WithCancelCause(ctx)
	return p
}

// run starts a part, which ends when it is the part's turn to stop.
func (p *parts) run(name string, part func(context.Context) error) {
	p.stack.Push(name, p.begin(name, part))
}

// begin starts a part in a goroutine and returns what stops it and waits for it.
func (p *parts) begin(name string, part func(context.Context) error) (stop func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		err := part(ctx)
		if ctx.Err() == nil {
			p.end(name, err)
		}
		done <- err
	}()
	return func(within context.Context) error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-within.Done():
			return errors.New("did not end in time")
		}
	}
}

// end notes the first part that ended by itself.
func (p *parts) end(name string, err error) {
	if err == nil {
		err = errors.New("ended")
	}
	p.fail(fmt.Errorf("%s: %w", name, err))
}

// wait returns nil when the process is to stop, or the error of a part that ended by itself.
func (p *parts) wait() error {
	<-p.ctx.Done()
	return p.failure()
}

// failure is the error of a part that ended by itself, or nil.
func (p *parts) failure() error {
	if err := context.Cause(p.ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// stop stops all parts.
func (p *parts) stop() error {
	err := p.stack.Stop(p.log, stopWithin)
	p.fail(context.Canceled)
	return err
}

// closer pushes a clean-up that cannot fail or take long.
func (p *parts) closer(name string, end func()) {
	p.stack.Push(name, func(context.Context) error { end(); return nil })
}

// serve answers on the listener with the routes and the admin pages, and returns what stops it.
func (p *parts) serve(cfg service.HTTPConfig, listener net.Listener, routes *http.ServeMux) (stop func(context.Context) error) {
	admin := service.AdminHandler(p.reg, p.health)
	for _, path := range []string{"/metrics", "/healthz", "/readyz"} {
		routes.Handle("GET "+path, admin)
	}
	return p.begin("http", func(ctx context.Context) error {
		known := func(r *http.Request) bool { return p.edges.known(routes, r) }
		return service.Serve(ctx, p.log.Named("http"), listener, service.Guard(cfg, known, routes))
	})
}

// listen takes an address; when it cannot, the error names the flag that chooses another.
func listen(address, flag string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is taken by another process; stop that one, or choose another address with --%s", address, flag)
	}
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flag, err)
	}
	return listener, nil
}

// serviceSettings are those of every process that runs one service.
type serviceSettings struct {
	Log  service.LogConfig  `embed:""`
	HTTP service.HTTPConfig `embed:""`
}

// run runs one service: assemble starts its parts and mounts its routes.
func (s serviceSettings) run(ctx context.Context, name string, assemble func(*parts, *http.ServeMux) error) (err error) {
	log, err := service.NewLogger(s.Log)
	if err != nil {
		return err
	}
	p := newParts(ctx, log)
	defer func() { err = errors.Join(err, p.stop()) }()
	listener, err := listen(s.HTTP.Listen, "listen")
	if err != nil {
		return err
	}
	routes := http.NewServeMux()
	p.health.Add("start", func(context.Context) error { return errors.New("waiting for its servers") })
	stopHTTP := p.serve(s.HTTP, listener, routes) // probes are answered while the service waits for its servers
	err = assemble(p, routes)
	p.stack.Push("http", stopHTTP) // on top: requests end while what they use is still there
	if err != nil {
		return err
	}
	p.health.Add("start", func(context.Context) error { return nil })
	log.Info("service started", zap.String("service", name), zap.String("version", version()))
	err = p.wait()
	log.Info("service stops", zap.String("service", name))
	return err
}

// terminalLog is the log of commands that a person runs: what went wrong, in plain lines.
type terminalLog struct {
	Level  string `name:"log-level" default:"warn" help:"least level that is logged: debug, info, warn or error"`
	Format string `name:"log-format" default:"console" help:"json for machines, console for a person at a terminal"`
}

func (l terminalLog) logger() (*zap.Logger, error) { return service.NewLogger(service.LogConfig(l)) }

// Validate lists every fault.
func (l terminalLog) Validate() error { return service.LogConfig(l).Validate() }
