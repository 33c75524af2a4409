package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pkg is what `go list` says of a package.
type pkg struct {
	ImportPath, Dir                    string
	GoFiles                            []string
	Imports, TestImports, XTestImports []string
	Deps                               []string
}

const module = "vointi.fi/"

// root is the top of the source tree.
func root(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// packages lists the module's packages, by path without the module's name.
func packages(t *testing.T) map[string]pkg {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,GoFiles,Imports,TestImports,XTestImports,Deps", "./...")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]pkg{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimPrefix(p.ImportPath, module)] = p
	}
}

// layers, lowest first: a package imports packages of lower layers, or of its own where beside allows it.
var layers = []struct {
	name   string
	in     func(path string) bool
	beside bool // packages of one layer may import each other
}{
	{"schemas", func(p string) bool { return under(p, "schemas") }, true},
	{"pkg/event", func(p string) bool { return p == "pkg/event" }, false},
	{"pkg", func(p string) bool { return under(p, "pkg") }, true},
	{"dashboards", func(p string) bool { return under(p, "dashboards") }, true},
	{"services", func(p string) bool {
		return under(p, "services") && !under(p, "services/vointi") && !under(p, "services/e2e")
	}, false},
	{"services/vointi", func(p string) bool { return under(p, "services/vointi") }, false},
	{"services/e2e", func(p string) bool { return under(p, "services/e2e") || under(p, "deploy") }, false},
}

func under(path, dir string) bool { return path == dir || strings.HasPrefix(path, dir+"/") }

func layer(path string) int {
	for i, l := range layers {
		if l.in(path) {
			return i
		}
	}
	return -1
}

// mayImport is the one-way rule. A package and its subpackages count as one.
func mayImport(from, to string) bool {
	a, b := layer(from), layer(to)
	switch {
	case a < 0 || b < 0:
		return false
	case a > b:
		return true
	case a < b:
		return false
	default:
		return layers[a].beside || family(from) == family(to)
	}
}

// family is the service or package that a subpackage belongs to.
func family(path string) string {
	parts := strings.SplitN(path, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

func TestImportsGoOneWay(t *testing.T) {
	for path, p := range packages(t) {
		if layer(path) < 0 && path != strings.TrimSuffix(module, "/") {
			t.Errorf("%s belongs to no layer; see the tree in ARCHITECTURE.md", path)
		}
		for _, imported := range p.Imports {
			to, ours := strings.CutPrefix(imported, module)
			if ours && !mayImport(path, to) {
				t.Errorf("%s must not import %s: %s", path, to, "schemas → pkg/event → pkg/… → services/x → services/vointi, and services never import each other")
			}
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			to, ours := strings.CutPrefix(imported, module)
			if ours && under(path, "services") && under(to, "services") && layer(path) == layer(to) && family(path) != family(to) {
				t.Errorf("the tests of %s must not import %s: what needs two services is tested in services/e2e", path, to)
			}
		}
	}
}

// technologies are imported in one package, so that replacing one is a change in one place. Test support that starts a
// real server for tests (streamtest) counts as part of it.
var technologies = map[string][]string{
	"github.com/nats-io/nats.go":                              {"pkg/stream", "deploy/emitting/bus"}, // the latter shows others how
	"github.com/synadia-io/orbit.go":                          {"pkg/stream"},
	"github.com/nats-io/nats-server":                          {"pkg/embedded", "pkg/stream/streamtest"},
	"github.com/ClickHouse/clickhouse-go/v2":                  {"pkg/warehouse"},
	"github.com/ClickHouse/clickhouse-go/v2/lib":              {"pkg/embedded", "pkg/warehouse"},
	"github.com/ClickHouse/ch-go":                             {"pkg/embedded", "pkg/warehouse"},
	"github.com/ebitengine/purego":                            {"pkg/embedded"},
	"github.com/santhosh-tekuri/jsonschema":                   {"pkg/event"},
	"github.com/xuri/excelize":                                {"pkg/sheet"},
	"github.com/cloudevents":                                  {},
	"github.com/grafana/grafana-api-golang-client":            {"services/provisioner"},
	"github.com/grafana/grafana-foundation-sdk":               {"dashboards/gen"},
	"github.com/alecthomas/kong":                              {"services/vointi"},
	"github.com/compose-spec/compose-go":                      {},
	"github.com/prometheus/client_golang/prometheus/promhttp": {"pkg/service"},
	"go.etcd.io/bbolt":                                        {"pkg/outbox"},
	"gonum.org/v1/gonum":                                      {"pkg/stats", "pkg/costeffect", "pkg/disclosure", "pkg/indicator"},
}

func TestEachTechnologyHasOneHome(t *testing.T) {
	for path, p := range packages(t) {
		for _, imported := range p.Imports {
			technology, homes := technologyOf(imported)
			if technology != "" && !slices.ContainsFunc(homes, func(home string) bool { return path == home || path == home+"/"+filepath.Base(home)+"test" }) {
				t.Errorf("%s imports %s, whose place is %v", path, imported, homes)
			}
		}
	}
}

// technologyOf finds the longest entry that an import path belongs to.
func technologyOf(imported string) (technology string, homes []string) {
	for name, in := range technologies {
		if under(imported, name) && len(name) > len(technology) {
			technology, homes = name, in
		}
	}
	return technology, homes
}

// TestEdgeServicesKnowNoWarehouse: what faces the world holds no code that could reach the facts.
func TestEdgeServicesKnowNoWarehouse(t *testing.T) {
	all := packages(t)
	for _, path := range []string{"services/gateway", "services/participation", "services/survey", "services/calendar", "services/simulator"} {
		p, ok := all[path]
		if !ok {
			t.Errorf("%s is missing", path)
		}
		for _, dep := range p.Deps {
			if under(dep, module+"pkg/warehouse") || under(dep, module+"pkg/embedded") {
				t.Errorf("%s depends on %s", path, dep)
			}
		}
	}
}

// environmentReaders read variables of their own: where the engine's library is, and what a child process is given.
var environmentReaders = []string{"services/vointi/main.go", "pkg/embedded/library.go", "pkg/embedded/supervisor.go", "services/provisioner/grafana.go"}

func TestOnlyMainReadsTheEnvironment(t *testing.T) {
	for path, p := range packages(t) {
		for _, name := range p.GoFiles {
			file := path + "/" + name
			if slices.Contains(environmentReaders, file) || strings.HasSuffix(path, "test") || under(path, "services/e2e") {
				continue
			}
			for _, called := range calls(t, filepath.Join(p.Dir, name), "os") {
				if slices.Contains([]string{"Getenv", "LookupEnv", "Environ"}, called) {
					t.Errorf("%s reads the environment; only services/vointi/main.go may", file)
				}
			}
		}
	}
}

// calls lists the functions of a standard package that a file uses.
func calls(t *testing.T, file, of string) (names []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := selector.X.(*ast.Ident); ok && x.Name == of {
				names = append(names, selector.Sel.Name)
			}
		}
		return true
	})
	return names
}

// TestTheTopLevelIsFixed: newcomers find the same few folders for ever.
func TestTheTopLevelIsFixed(t *testing.T) {
	want := []string{"dashboards", "deploy", "pkg", "schemas", "services"}
	entries, err := os.ReadDir(root(t))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !slices.Contains([]string{"bin", "data", "build"}, e.Name()) {
			got = append(got, e.Name())
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("folders at the top are %v, want %v", got, want)
	}
	for _, name := range []string{"README.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE", "Makefile", "go.mod", ".ci/run"} {
		if _, err := os.Stat(filepath.Join(root(t), name)); errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is missing", name)
		}
	}
}
