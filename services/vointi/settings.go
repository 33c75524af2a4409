package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"vointi.fi/pkg/embedded"
	"vointi.fi/pkg/service"
)

// clientFile is written by `vointi up` into its data folder: how its operator reaches the bus and the warehouse, as a
// file of settings. Commands with the flag --data read it, so that they need no passwords beside a running `vointi up`.
const clientFile = "client.yaml"

// sources are where a setting comes from that the command line leaves open, the first that has it wins.
type sources struct {
	environ map[string]string
	files   []*service.File
	client  map[string]string // what a vointi up's data folder says
}

// newSources reads the environment and the files, and refuses names that no command knows.
func newSources(ctx *kong.Context, environ []string) (*sources, error) {
	known := settingNames(ctx.Model)
	s := &sources{environ: map[string]string{}}
	for _, pair := range environ {
		if name, value, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "VOINTI_") {
			s.environ[name] = value
		}
	}
	faults := []error{s.checkEnviron(known)}
	paths := []string{s.early(ctx, "config")}
	command, rest, _ := strings.Cut(ctx.Command(), " ")
	if data := s.early(ctx, "data"); data != "" && command != "up" {
		if sub, _, _ := strings.Cut(rest, " "); busUsers[command+" "+sub] != "" {
			command += " " + sub
		}
		client, err := readClient(data, command)
		faults = append(faults, err)
		s.client = client
	}
	for _, path := range paths {
		if path == "" {
			continue
		}
		file, err := service.ReadFile(path)
		if err == nil {
			err = file.Check(known)
		}
		faults = append(faults, err)
		s.files = append(s.files, file)
	}
	return s, errors.Join(faults...)
}

// settingNames lists the settings of all commands, so that one file and one environment can serve them all.
func settingNames(app *kong.Application) []string {
	var names []string
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok {
			names = append(names, flag.Name)
		}
		return next(nil)
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// otherVariables are read elsewhere.
var otherVariables = []string{embedded.LibraryEnv}

// checkEnviron refuses variables that begin with VOINTI_ and mean nothing: nearly always a misspelling.
func (s *sources) checkEnviron(known []string) error {
	var variables []string
	for _, name := range known {
		variables = append(variables, service.EnvName(name), service.EnvName(name)+"_FILE")
	}
	var faults []error
	for name := range s.environ {
		if !slices.Contains(variables, name) && !slices.Contains(otherVariables, name) && !strings.HasPrefix(name, "VOINTI_TEST_") {
			faults = append(faults, fmt.Errorf("environment: there is no setting %s; unset it, or see --help for the right name", name))
		}
	}
	slices.SortFunc(faults, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errors.Join(faults...)
}

// early returns a setting that says where to find others: from the command line, or from the environment. It returns
// "" if the command does not have it.
func (s *sources) early(ctx *kong.Context, name string) string {
	for _, flag := range ctx.Flags() {
		if flag.Name != name {
			continue
		}
		if value, ok := s.environ[service.EnvName(name)]; ok && !given(ctx, flag) {
			return value
		}
		value, _ := ctx.FlagValue(flag).(string)
		return value
	}
	return ""
}

func given(ctx *kong.Context, flag *kong.Flag) bool {
	return slices.ContainsFunc(ctx.Path, func(p *kong.Path) bool { return p.Flag == flag })
}

// busUsers are the users of the bus that commands need, with the least rights that will do.
var busUsers = map[string]string{
	"simulate": "publisher", "import": "publisher", "import calendar": "calendar", "close": "publisher", "deadletters": "publisher", "reconcile": "ingester", "migrate": "migrator", "erase": "eraser",
}

// readClient reads how to reach the engines of the vointi up whose data folder it is; nothing if there is none.
func readClient(data, command string) (map[string]string, error) {
	path := filepath.Join(data, clientFile)
	file, err := service.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	client := map[string]string{}
	for _, name := range []string{"nats-url", "clickhouse-url", "clickhouse-user"} {
		client[name], _ = file.Value(name)
	}
	password, err := os.ReadFile(filepath.Join(data, "clickhouse", "password"))
	client["clickhouse-password"] = strings.TrimSpace(string(password))
	passwords := map[string]string{}
	text, natsErr := os.ReadFile(filepath.Join(data, "nats", "passwords.json"))
	if natsErr == nil {
		natsErr = json.Unmarshal(text, &passwords)
	}
	user := busUsers[command]
	client["nats-user"], client["nats-password"] = user, passwords[user]
	return client, errors.Join(err, natsErr)
}

// Validate implements [kong.Resolver]; newSources has checked all there is.
func (s *sources) Validate(*kong.Application) error { return nil }

// Resolve implements [kong.Resolver]. Settings named --help and the like are for the command line only.
func (s *sources) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if flag.Name == "help" || flag.Name == "print-config" {
		return nil, nil
	}
	name := service.EnvName(flag.Name)
	value, ok := s.environ[name]
	path, inFile := s.environ[name+"_FILE"]
	switch {
	case ok && inFile:
		return nil, fmt.Errorf("%s and %s_FILE are both set; unset one", name, name)
	case ok:
		return value, nil
	case inFile:
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s_FILE: %w", name, err)
		}
		return strings.TrimRight(string(data), "\r\n"), nil
	}
	for _, file := range s.files {
		if value, ok := file.Value(flag.Name); ok {
			return value, nil
		}
	}
	if value, ok := s.client[flag.Name]; ok {
		return value, nil
	}
	return nil, nil
}
