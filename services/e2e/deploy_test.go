package e2e

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v3"
)

// deployed is a copy of deploy/ with its secrets made, as an operator has it.
func deployed(t *testing.T) (dir string, environ map[string]string) {
	t.Helper()
	top := t.TempDir()
	dir = filepath.Join(top, "deploy")
	for _, name := range []string{"nats", "clickhouse", "prometheus", "grafana", "kubernetes", "programmes"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(root(t), "deploy", name))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"compose.yaml", "make-secrets", "Dockerfile"} {
		text := read(t, "deploy/"+name)
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // run again it changes nothing
		if out, err := exec.CommandContext(t.Context(), filepath.Join(dir, "make-secrets")).CombinedOutput(); err != nil {
			t.Fatalf("make-secrets: %v: %s", err, out)
		}
	}
	environ = map[string]string{}
	for line := range strings.Lines(string(readFile(t, filepath.Join(dir, ".env")))) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		if _, twice := environ[name]; twice || value == "" {
			t.Errorf(".env: %s is there twice, or empty", name)
		}
		environ[name] = value
	}
	return dir, environ
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	return readFile(t, filepath.Join(root(t), name))
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// compose loads compose.yaml as docker compose does.
func compose(t *testing.T) (project *types.Project, dir string) {
	t.Helper()
	dir, environ := deployed(t)
	details := types.ConfigDetails{
		WorkingDir: dir, Environment: environ,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(dir, "compose.yaml")}},
	}
	project, err := loader.LoadWithContext(context.Background(), details, func(o *loader.Options) { o.Profiles = []string{"*"} })
	if err != nil {
		t.Fatal(err)
	}
	return project, dir
}

// ours are the containers that run this program.
func ours(project *types.Project) map[string]types.ServiceConfig {
	services := map[string]types.ServiceConfig{}
	for name, s := range project.Services {
		if s.Build != nil {
			services[name] = s
		}
	}
	return services
}

// settings runs a command of the program as a container would, and returns what it takes from its environment.
func settings(t *testing.T, command string, environ []string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary(t), command, "--print-config")
	switch command {
	case "close":
		cmd.Args = append(cmd.Args, "2026")
	case "tokens":
		cmd.Args = append(cmd.Args, "list")
	}
	cmd.Env = append(environ, "HOME="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("vointi %s with %v: %v: %s", command, environ, err, out)
	}
	return string(out)
}

// setting is the name of the setting that a variable sets.
func setting(variable string) string {
	name := strings.TrimSuffix(strings.TrimPrefix(variable, "VOINTI_"), "_FILE")
	return strings.ToLower(strings.ReplaceAll(name, "_", "-"))
}

// environment is a container's, with its secrets where they are on this machine.
func environment(variables map[string]string, secrets, dir string) (environ []string) {
	for name, value := range variables {
		environ = append(environ, name+"="+strings.ReplaceAll(value, secrets, filepath.Join(dir, "secrets")))
	}
	slices.Sort(environ)
	return environ
}

func TestComposeEnvironmentIsWhatTheProgramReads(t *testing.T) {
	project, dir := compose(t)
	services := ours(project)
	if len(services) < 8 {
		t.Errorf("only %d services of ours", len(services))
	}
	for name, s := range services {
		t.Run(name, func(t *testing.T) {
			command := s.Command[0]
			if name == "operator" {
				command = "reconcile"
			}
			variables := map[string]string{}
			for variable, value := range s.Environment {
				variables[variable] = *value
			}
			printed := settings(t, command, environment(variables, "/run/secrets", dir))
			for variable := range variables {
				if !strings.Contains(printed, "\n"+setting(variable)+":") && !strings.HasPrefix(printed, setting(variable)+":") {
					t.Errorf("vointi %s has no setting for %s", command, variable)
				}
			}
			mounted := ""
			for _, v := range s.Volumes {
				if v.Source == "emitters" && v.ReadOnly == (name != "emitters") { // the operator's container writes it
					mounted = v.Target
				}
			}
			tokensAre(t, name, printed, variables["VOINTI_TOKENS"], mounted)
			for _, secret := range s.Secrets {
				used := false
				for _, value := range variables {
					used = used || value == "/run/secrets/"+secret.Source
				}
				if !used {
					t.Errorf("the secret %s is mounted and not used", secret.Source)
				}
			}
		})
	}
}

// tokensAre checks that a service which lets emitters in reads their tokens where they are mounted, and no other does.
func tokensAre(t *testing.T, name, printed, tokens, mounted string) {
	t.Helper()
	reads := strings.Contains(printed, "\ntokens:") || strings.HasPrefix(printed, "tokens:")
	if reads != (tokens != "") || filepath.Dir(tokens) != cmp.Or(mounted, ".") {
		t.Errorf("%s reads tokens: %t; from %q, mounted is %q", name, reads, tokens, mounted)
	}
}

func TestComposeAddressesLeadToContainers(t *testing.T) {
	project, _ := compose(t)
	port := map[string]string{"nats": natsPort(t), "clickhouse": clickhousePort(t), "prometheus": "9090"}
	for name, s := range project.Services {
		for variable, value := range s.Environment {
			if value == nil || !strings.Contains(*value, "://") {
				continue
			}
			u, err := url.Parse(*value)
			if err != nil {
				t.Fatal(err)
			}
			target, ok := project.Services[u.Hostname()]
			if !ok || u.Port() != port[u.Hostname()] {
				t.Errorf("%s: %s=%s leads nowhere", name, variable, *value)
			}
			if !shareNetwork(s, target) {
				t.Errorf("%s and %s share no network", name, u.Hostname())
			}
		}
		for _, p := range s.Ports {
			if p.HostIP != "127.0.0.1" {
				t.Errorf("%s publishes port %d beyond this machine", name, p.Target)
			}
			if listen := s.Environment["VOINTI_LISTEN"]; listen != nil && !strings.HasSuffix(*listen, fmt.Sprint(":", p.Target)) {
				t.Errorf("%s publishes port %d and listens on %s", name, p.Target, *listen)
			}
		}
		if listen := s.Environment["VOINTI_LISTEN"]; listen != nil && !strings.Contains(strings.Join(s.HealthCheck.Test, " "), "127.0.0.1:8080/readyz") {
			t.Errorf("%s: health check %v", name, s.HealthCheck.Test)
		}
	}
}

func natsPort(t *testing.T) string {
	t.Helper()
	return string(regexp.MustCompile(`(?m)^listen: 0\.0\.0\.0:(\d+)`).FindSubmatch(read(t, "deploy/nats/nats.conf"))[1])
}

func clickhousePort(t *testing.T) string {
	t.Helper()
	return string(regexp.MustCompile(`<http_port>(\d+)<`).FindSubmatch(read(t, "deploy/clickhouse/config.d/vointi.xml"))[1])
}

func shareNetwork(a, b types.ServiceConfig) bool {
	for network := range a.Networks {
		if _, ok := b.Networks[network]; ok {
			return true
		}
	}
	return false
}

func TestComposeLeastPrivilege(t *testing.T) {
	project, _ := compose(t)
	networks := map[string][]string{
		"nats": {"bus"}, "clickhouse": {"store"}, "migrate": {"bus", "store"}, "operator": {"bus", "store"},
		"gateway": {"bus", "edge", "watch"}, "participation": {"bus", "edge", "watch"}, "survey": {"bus", "edge", "watch"}, "calendar": {"bus", "edge", "watch"},
		"ingester": {"bus", "store", "watch"}, "aggregator": {"bus", "store", "watch"}, "eraser": {"bus", "store", "watch"}, "evaluator": {"store", "watch"}, "report": {"edge", "store", "watch"},
		"prometheus": {"watch"}, "grafana": {"edge", "store", "watch"}, "own-nats-volume": nil, "emitters": nil,
	}
	for name, s := range project.Services {
		want, known := networks[name]
		if got := s.NetworksByPriority(); !known || !sameSet(got, want) && s.NetworkMode != "none" {
			t.Errorf("%s is in the networks %v, want %v", name, got, want)
		}
		if !slices.Contains(s.CapDrop, "ALL") || name != "own-nats-volume" && !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s keeps capabilities, or may gain some", name)
		}
		if s.Privileged || s.Pid != "" || s.NetworkMode == "host" {
			t.Errorf("%s reaches into the host", name)
		}
	}
	for name, s := range ours(project) {
		if !s.ReadOnly || s.User == "" || strings.HasPrefix(s.User, "0") {
			t.Errorf("%s is root or may write its image", name)
		}
	}
	for _, name := range []string{"bus", "store", "watch"} {
		if !project.Networks[name].Internal {
			t.Errorf("network %s leads outside", name)
		}
	}
}

func sameSet(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

func TestComposeRestartsAndWatches(t *testing.T) {
	project, dir := compose(t)
	for name, s := range project.Services {
		once := slices.Contains([]string{"migrate", "operator", "emitters", "own-nats-volume"}, name)
		if !once && (s.Restart != "unless-stopped" || s.HealthCheck == nil || s.HealthCheck.Disable) {
			t.Errorf("%s: restart %q, health check %v", name, s.Restart, s.HealthCheck)
		}
		for _, v := range s.Volumes {
			source := strings.Replace(v.Source, filepath.Dir(dir)+"/dashboards", filepath.Join(root(t), "dashboards"), 1)
			switch _, err := os.Stat(source); {
			case v.Type == "volume" && project.Volumes[v.Source].Name == "":
				t.Errorf("%s: there is no volume %s", name, v.Source)
			case v.Type == "bind" && (err != nil || !v.ReadOnly):
				t.Errorf("%s mounts %s: %v, read-only %v", name, v.Source, err, v.ReadOnly)
			}
		}
	}
	for name, s := range project.Secrets {
		info, err := os.Stat(s.File)
		if err != nil || info.Size() == 0 {
			t.Errorf("make-secrets does not make %s: %v", name, err)
		}
	}
}

func TestComposeUsersExist(t *testing.T) {
	project, _ := compose(t)
	bus, store := string(read(t, "deploy/nats/nats.conf")), string(read(t, "deploy/clickhouse/users.d/vointi.xml"))
	for name, s := range ours(project) {
		if user := s.Environment["VOINTI_NATS_USER"]; user != nil && !strings.Contains(bus, "user: "+*user+",") {
			t.Errorf("%s: NATS has no user %s", name, *user)
		}
		if user := s.Environment["VOINTI_CLICKHOUSE_USER"]; user != nil && !strings.Contains(store, "<"+*user+">") {
			t.Errorf("%s: ClickHouse has no user %s", name, *user)
		}
	}
	for server, pattern := range map[string]string{"nats": `\$(NATS_[A-Z]+_PASSWORD)`, "clickhouse": `from_env="(CLICKHOUSE_[A-Z]+_PASSWORD)"`} {
		text := map[string]string{"nats": bus, "clickhouse": store}[server]
		var asked []string
		for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
			asked = append(asked, match[1])
		}
		var given []string
		for variable := range project.Services[server].Environment {
			if strings.HasSuffix(variable, "_PASSWORD") {
				given = append(given, variable)
			}
		}
		if !sameSet(asked, given) {
			t.Errorf("%s asks for the passwords %v and is given %v", server, asked, given)
		}
	}
}

func TestKubernetesEnvironmentIsWhatTheProgramReads(t *testing.T) {
	dir, _ := deployed(t)
	type container struct {
		Name         string
		Args         []string
		Env          []struct{ Name, Value string }
		VolumeMounts []struct {
			Name      string
			MountPath string `yaml:"mountPath"`
			ReadOnly  bool   `yaml:"readOnly"`
		} `yaml:"volumeMounts"`
	}
	type manifest struct {
		Kind     string
		Metadata struct{ Name string }
		Data     map[string]string
		Spec     struct {
			Template struct {
				Spec struct {
					EnableServiceLinks *bool `yaml:"enableServiceLinks"`
					Containers         []container
					Volumes            []struct {
						Name   string
						Secret struct {
							SecretName string `yaml:"secretName"`
							Optional   bool
						}
					}
				}
			}
		}
	}
	shared := map[string]string{}
	decoder := yaml.NewDecoder(bytes.NewReader(read(t, "deploy/kubernetes/vointi.yaml")))
	deployments := 0
	for {
		var m manifest
		if err := decoder.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if m.Kind == "ConfigMap" {
			shared = m.Data
		}
		for _, c := range m.Spec.Template.Spec.Containers {
			deployments++
			variables := map[string]string{}
			for name, value := range shared {
				variables[name] = value
			}
			for _, e := range c.Env {
				variables[e.Name] = e.Value
			}
			printed := settings(t, c.Args[0], environment(variables, "/run/secrets/vointi", dir))
			mounted := ""
			for _, v := range c.VolumeMounts {
				for _, volume := range m.Spec.Template.Spec.Volumes {
					if volume.Name == v.Name && volume.Secret.SecretName == "emitters" && volume.Secret.Optional && v.ReadOnly {
						mounted = v.MountPath
					}
				}
			}
			tokensAre(t, c.Name, printed, variables["VOINTI_TOKENS"], mounted)
			if links := m.Spec.Template.Spec.EnableServiceLinks; links == nil || *links {
				t.Errorf("%s: service links would look like settings", c.Name)
			}
		}
	}
	if deployments != 10 {
		t.Errorf("%d workloads, want 10", deployments)
	}
}

func TestSystemdUnitStartsWhatExists(t *testing.T) {
	unit := string(read(t, "deploy/systemd/vointi.service"))
	match := regexp.MustCompile(`(?m)^ExecStart=/opt/vointi/vointi (.*)$`).FindStringSubmatch(unit)
	if match == nil {
		t.Fatal("no ExecStart")
	}
	out, err := exec.CommandContext(t.Context(), binary(t), append(strings.Fields(match[1]), "--print-config")...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), `data: "/var/lib/vointi"`) {
		t.Errorf("%v: %s", err, out)
	}
}

// TestClickHouseReadingRolesAreThoseOfTheEmbeddedEngine and every statement in the file is one that the engine reads.
func TestClickHouseUsersFileIsWellFormed(t *testing.T) {
	for _, name := range []string{"deploy/clickhouse/users.d/vointi.xml", "deploy/clickhouse/config.d/vointi.xml"} {
		decoder := xml.NewDecoder(bytes.NewReader(read(t, name)))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}
