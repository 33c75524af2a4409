// Package document reads YAML files that people write: whatever does not fit the type it is read into, and whatever a
// caller finds wrong with it, is noted with its line and column, all of it at once.
package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"vointi.fi/pkg/reference"
)

// Fault is one thing that is wrong with a file, and where.
type Fault struct {
	File         string
	Line, Column int
	Reason       string
}

func (f *Fault) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Reason)
}

// Document is a YAML file with the places of its values. The zero Document has none: faults stand at its beginning.
type Document struct {
	File string

	root   *yaml.Node
	faults []error
	misfit int // how many of the faults are values of another kind than wanted, of which nothing more is to be said

	unreadable bool // nothing can be decoded
}

// Read decodes a file that holds one mapping into a pointer to a struct, and notes what does not fit it. It reports whether the
// struct was filled, as far as the text fits, and can be looked at; Faults tells what was wrong in either case.
func Read(file string, text []byte, into any) (d Document, ok bool) {
	d.File = file
	if d.open(text); d.root == nil {
		return d, false
	}
	d.fit(d.root, reflect.TypeOf(into).Elem())
	if d.misfit = len(d.faults); d.unreadable {
		return d, false
	}
	_ = d.root.Decode(into) // what does not fit was noted, with its place
	return d, true
}

// Faults are all that were noted, each a [Fault].
func (d *Document) Faults() []error { return d.faults }

// Fault notes a fault at a node.
func (d *Document) Fault(at *yaml.Node, format string, args ...any) {
	f := &Fault{d.File, at.Line, at.Column, fmt.Sprintf(format, args...)}
	for _, err := range d.faults[:d.misfit] {
		var before *Fault
		if errors.As(err, &before) && before.Line == f.Line && before.Column == f.Column {
			return
		}
	}
	d.faults = append(d.faults, f)
}

// Check notes a fault unless ok.
func (d *Document) Check(ok bool, at *yaml.Node, format string, args ...any) {
	if !ok {
		d.Fault(at, format, args...)
	}
}

// Want notes a reason, if there is one.
func (d *Document) Want(at *yaml.Node, reason string) { d.Check(reason == "", at, "%s", reason) }

var beginning = &yaml.Node{Line: 1, Column: 1}

// At returns the node of a path of keys (string) and indexes (int), or as much of it as there is.
func (d *Document) At(path ...any) *yaml.Node {
	n := d.root
	if n == nil {
		return beginning
	}
	for _, step := range path {
		next := child(n, step)
		if next == nil {
			break
		}
		n = next
	}
	return n
}

func child(n *yaml.Node, step any) *yaml.Node {
	switch s := step.(type) {
	case int:
		if n.Kind == yaml.SequenceNode && s < len(n.Content) {
			return n.Content[s]
		}
		if n.Kind == yaml.ScalarNode && s == 0 { // one value stands for a list of one
			return n
		}
	case string:
		for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
			if n.Content[i].Value == s {
				return n.Content[i+1]
			}
		}
	}
	return nil
}

var lineInMessage = regexp.MustCompile(`^yaml: line (\d+): `)

// open parses the text, which holds one mapping.
func (d *Document) open(text []byte) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF):
		d.Fault(beginning, "the file is empty")
		return
	case err != nil:
		d.syntax(text, err)
		return
	}
	if doc.Content[0].Kind != yaml.MappingNode {
		d.Fault(doc.Content[0], "must be a mapping of keys to values")
		return
	}
	d.root = doc.Content[0]
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		at := beginning
		if err == nil {
			at = &more
		}
		d.Fault(at, "the file holds more than one document")
	}
}

// syntax places an error of the parser, which tells the line: the column is that of the line's first letter.
func (d *Document) syntax(text []byte, err error) {
	at := &yaml.Node{Line: 1, Column: 1}
	message := err.Error()
	if m := lineInMessage.FindStringSubmatch(message); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		message = strings.TrimPrefix(message, m[0])
		if lines := bytes.Split(text, []byte("\n")); at.Line <= len(lines) {
			line := lines[at.Line-1]
			at.Column = len(line) - len(bytes.TrimLeft(line, " \t")) + 1
		}
	}
	d.Fault(at, "%s", strings.TrimPrefix(message, "yaml: "))
}

var unmarshaler = reflect.TypeFor[yaml.Unmarshaler]()

// fit holds a node against the type that it will be decoded into: keys that are not known, that stand twice, and values
// of another kind are faults.
func (d *Document) fit(n *yaml.Node, t reflect.Type) {
	if n.Kind == yaml.AliasNode {
		d.unreadable = true // it may hold itself
		d.Fault(n, "an alias stands for text elsewhere: write it out")
		return
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case reflect.PointerTo(t).Implements(unmarshaler):
		d.fitScalars(n)
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map:
		d.fitMapping(n, t)
	case t.Kind() == reflect.Slice:
		d.Check(n.Kind == yaml.SequenceNode, n, "must be a list")
		for i := 0; n.Kind == yaml.SequenceNode && i < len(n.Content); i++ {
			d.fit(n.Content[i], t.Elem())
		}
	default:
		d.Check(n.Kind == yaml.ScalarNode && n.Tag != "!!null" && n.Decode(reflect.New(t).Interface()) == nil, n, "must be %s", kindName(t.Kind()))
	}
}

// fitScalars wants one value, or a list of them.
func (d *Document) fitScalars(n *yaml.Node) {
	if n.Kind == yaml.SequenceNode && len(n.Content) > 0 {
		for _, c := range n.Content {
			d.Check(c.Kind == yaml.ScalarNode, c, "must be a word")
		}
		return
	}
	d.Check(n.Kind == yaml.ScalarNode && n.Tag != "!!null", n, "must be a word or a list of words")
}

func (d *Document) fitMapping(n *yaml.Node, t reflect.Type) {
	if n.Kind != yaml.MappingNode {
		d.Fault(n, "must be a mapping of keys to values")
		return
	}
	types := map[string]reflect.Type{}
	for i := 0; t.Kind() == reflect.Struct && i < t.NumField(); i++ {
		if name := t.Field(i).Tag.Get("yaml"); name != "-" && name != "" {
			types[name] = t.Field(i).Type
		}
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if seen[key.Value] {
			d.unreadable = true
			d.Fault(key, "key %q stands twice", key.Value)
		}
		seen[key.Value] = true
		if t.Kind() == reflect.Map {
			d.fit(value, t.Elem())
			continue
		}
		of, ok := types[key.Value]
		d.Check(ok, key, "unknown key %q%s", key.Value, reference.Meant(key.Value, slices.Sorted(maps.Keys(types))))
		if ok {
			d.fit(value, of)
		}
	}
}

func kindName(k reflect.Kind) string {
	switch k {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Uint64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	default:
		return "text"
	}
}
