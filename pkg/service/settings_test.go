package service_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"

	"vointi.fi/pkg/service"
)

type config struct {
	Name   string        `name:"name" default:"a \"b\"" help:"a name"`
	Wait   time.Duration `name:"wait" default:"90s"`
	Count  int           `name:"count" default:"7"`
	Ratio  float64       `name:"ratio" default:"0.5"`
	On     bool          `name:"on" default:"true"`
	List   []string      `name:"list" default:"x,y"`
	Token  string        `name:"token" secret:"true"`
	Nested struct {
		URL string `name:"url" default:"nats://127.0.0.1:4222"`
	} `embed:"" prefix:"nats-"`
	internal int
	NoName   int
}

func TestSettings(t *testing.T) {
	var names []string
	for _, s := range service.Settings(&config{}) {
		names = append(names, s.Name)
	}
	if want := []string{"name", "wait", "count", "ratio", "on", "list", "token", "nats-url"}; !reflect.DeepEqual(names, want) {
		t.Errorf("settings are %v, want %v", names, want)
	}
	if got := service.EnvName("nats-url"); got != "VOINTI_NATS_URL" {
		t.Errorf("variable is %s", got)
	}
}

func TestSetDefaults(t *testing.T) {
	got := config{Count: 3}
	service.SetDefaults(&got)
	want := config{Name: `a "b"`, Wait: 90 * time.Second, Count: 3, Ratio: 0.5, On: true, List: []string{"x", "y"}}
	want.Nested.URL = "nats://127.0.0.1:4222"
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	defer func() {
		if recover() == nil {
			t.Error("a default that does not fit went unnoticed")
		}
	}()
	service.SetDefaults(&struct {
		Wait time.Duration `name:"wait" default:"soon"`
	}{})
}

func TestPrintedSettingsCanBeReadAgain(t *testing.T) {
	cfg := config{Token: "secret-value", internal: 1}
	service.SetDefaults(&cfg)
	var out bytes.Buffer
	noErr(t, service.PrintSettings(&out, &cfg))
	if strings.Contains(out.String(), "secret-value") {
		t.Fatal("a secret was printed")
	}
	file, err := service.ParseFile("printed", out.Bytes())
	noErr(t, err)
	var names []string
	for _, s := range service.Settings(&cfg) {
		names = append(names, s.Name)
		if _, ok := file.Value(s.Name); !ok {
			t.Errorf("%s is missing in\n%s", s.Name, out.String())
		}
	}
	noErr(t, file.Check(names))
	if v, _ := file.Value("name"); v != cfg.Name {
		t.Errorf("name is read as %q", v)
	}
	if v, _ := file.Value("list"); v != "x,y" {
		t.Errorf("list is read as %q", v)
	}
}

func TestFile(t *testing.T) {
	known := []string{"nats-url", "log-level", "hosts"}
	for name, test := range map[string]struct {
		text   string
		faults []string
	}{
		"flat":            {text: "nats-url: a\nhosts: [x, y]"},
		"nested":          {text: "nats: {url: a}\nlog: {level: info}"},
		"empty":           {},
		"only a comment":  {text: "# nothing"},
		"unknown":         {text: "nats-url: a\nnats-ulr: b\nhost: c", faults: []string{`f:2: there is no setting "nats-ulr"`, `f:3: there is no setting "host"`}},
		"twice":           {text: "nats-url: a\nnats: {url: b}", faults: []string{"f:2: nats-url is set twice"}},
		"a list at top":   {text: "- a", faults: []string{"f:1: must be a list of settings"}},
		"a list of lists": {text: "hosts: [[a]]", faults: []string{"f:1: hosts must be a value or a list of values"}},
		"an alias":        {text: "hosts: &h [a]\nnats-url: *h", faults: []string{"f:2: nats-url must be"}},
		"too deep":        {text: strings.Repeat("{a: ", 20) + "1" + strings.Repeat("}", 20), faults: []string{"must be a value"}},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := service.ParseFile("f", []byte(test.text))
			noErr(t, err)
			err = file.Check(known)
			if test.faults == nil {
				noErr(t, err)
				return
			}
			wantText(t, err, test.faults...)
		})
	}
	if _, err := service.ParseFile("f", []byte("a: [")); err == nil {
		t.Error("read what is not YAML")
	}
	if _, err := service.ReadFile(t.TempDir() + "/none"); err == nil {
		t.Error("read a file that is not there")
	}
	var none *service.File
	if _, ok := none.Value("x"); ok {
		t.Error("no file has a value")
	}
}

func FuzzParseFile(f *testing.F) {
	f.Add([]byte("nats: {url: a}\nhosts: [x, y]"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if file, err := service.ParseFile("f", data); err == nil {
			_ = file.Check(nil)
		}
	})
}

func TestLogger(t *testing.T) {
	cfg := service.LogConfig{}
	service.SetDefaults(&cfg)
	log, err := service.NewLogger(cfg)
	noErr(t, err)
	if log.Core().Enabled(-1) || !log.Core().Enabled(0) {
		t.Error("the default level is not info")
	}
	_, err = service.NewLogger(service.LogConfig{Level: "loud", Format: "xml"})
	wantText(t, err, "log-level", "log-format")
}
