package event_test

import (
	"errors"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"vointi.fi/pkg/event"
	"vointi.fi/schemas"
)

// examples returns the examples whose name holds mark, by file name.
func examples(t testing.TB, mark string) map[string][]byte {
	t.Helper()
	names, err := fs.Glob(schemas.FS, "events/examples/*"+mark+"*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no examples %s: %v", mark, err)
	}
	m := map[string][]byte{}
	for _, name := range names {
		m[path.Base(name)] = read(name)
	}
	return m
}

func typeOf(name string) event.Type {
	typ, _, _ := strings.Cut(name, ".good-")
	typ, _, _ = strings.Cut(typ, ".bad-")
	return event.Type(typ)
}

func TestGoodExamples(t *testing.T) {
	seen := map[event.Type]bool{}
	for name, body := range examples(t, ".good-") {
		t.Run(name, func(t *testing.T) {
			seen[typeOf(name)] = true
			if err := conforms(body); err != nil {
				t.Errorf("schema: %v", err)
			}
			e, err := event.Decode(nil, body)
			if err != nil {
				t.Fatal(err)
			}
			if e.Type != typeOf(name) || e.Family() == "" {
				t.Errorf("type %s of family %q", e.Type, e.Family())
			}
			again, err := event.Decode(nil, e.Encode())
			if err != nil || !reflect.DeepEqual(e, again) {
				t.Errorf("not the same after Encode: %v\n%+v\n%+v", err, e, again)
			}
		})
	}
	for _, typ := range event.Types() {
		if !seen[typ] {
			t.Errorf("no good example of %s", typ)
		}
	}
}

func TestBadExamples(t *testing.T) {
	var table map[string]struct {
		Reason event.Reason
		Faults []string
	}
	if err := yaml.Unmarshal(read("events/examples/bad.yaml"), &table); err != nil {
		t.Fatal(err)
	}
	bodies := examples(t, ".bad-")
	for name := range table {
		if bodies[name] == nil {
			t.Errorf("bad.yaml names %s, which is missing", name)
		}
	}
	seen := map[event.Type]bool{}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			want, ok := table[name]
			if !ok {
				t.Fatal("missing in bad.yaml")
			}
			seen[typeOf(name)] = true
			if conforms(body) == nil {
				t.Error("the schema takes it for valid")
			}
			_, err := event.Decode(nil, body)
			var invalid *event.InvalidError
			if !errors.As(err, &invalid) || !errors.Is(err, event.ErrInvalid) {
				t.Fatalf("got %v", err)
			}
			if invalid.Kind != want.Reason {
				t.Errorf("got %s, want %s", invalid.Kind, want.Reason)
			}
			sameSet(t, pointers(invalid), want.Faults)
		})
	}
	for _, typ := range event.Types() {
		if !seen[typ] {
			t.Errorf("no bad example of %s", typ)
		}
	}
}

func pointers(err *event.InvalidError) (list []string) {
	for _, f := range err.Faults {
		list = append(list, f.Pointer)
	}
	return list
}

func sameSet(t *testing.T, got, want []string) {
	t.Helper()
	got, want = slices.Clone(got), slices.Clone(want)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestFaultsRepeatNothing makes sure that no value from outside gets into an error, since errors are logged and kept.
func TestFaultsRepeatNothing(t *testing.T) {
	for name, body := range examples(t, ".bad-personal") {
		_, err := event.Decode(nil, body)
		var invalid *event.InvalidError
		if !errors.As(err, &invalid) {
			t.Fatalf("%s: %v", name, err)
		}
		for _, s := range []string{err.Error(), invalid.ID, invalid.Source, invalid.Type} {
			if event.HoldsPersonalCode([]byte(s)) {
				t.Errorf("%s: %s", name, s)
			}
		}
		if !event.HoldsPersonalCode(body) {
			t.Errorf("%s: its raw bytes are not recognised", name)
		}
	}
}
