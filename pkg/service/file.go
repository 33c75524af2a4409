package service

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// File is a configuration file: YAML, whose keys are the settings' names. Keys may nest, so that "nats: {url: …}" and
// "nats-url: …" mean the same.
type File struct {
	path   string
	values map[string]string
	lines  map[string]int
	faults []string
}

// ReadFile reads a configuration file. A file that is not YAML at all is an error; anything less is told by Check.
func ReadFile(path string) (*File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	return ParseFile(path, data)
}

// ParseFile is [ReadFile] of bytes; path is for messages.
func ParseFile(path string, data []byte) (*File, error) {
	f := &File{path: path, values: map[string]string{}, lines: map[string]int{}}
	var root yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	switch err := decoder.Decode(&root); {
	case errors.Is(err, io.EOF):
		return f, nil
	case err != nil:
		return nil, fmt.Errorf("configuration file %s: %w", path, err)
	}
	f.read("", root.Content[0], 0)
	return f, nil
}

// maxDepth bounds how deep keys nest; no setting's name has more parts.
const maxDepth = 8

// read flattens a node below a key.
func (f *File) read(key string, node *yaml.Node, depth int) {
	switch {
	case node.Kind == yaml.MappingNode && depth < maxDepth:
		for i := 0; i+1 < len(node.Content); i += 2 {
			f.read(strings.TrimPrefix(key+"-"+node.Content[i].Value, "-"), node.Content[i+1], depth+1)
		}
	case key == "":
		f.fault(node, "must be a list of settings, each as name: value")
	case node.Kind == yaml.ScalarNode:
		f.set(key, node, node.Value)
	case node.Kind == yaml.SequenceNode && scalars(node):
		f.set(key, node, join(node))
	default:
		f.fault(node, "%s must be a value or a list of values", key)
	}
}

func scalars(node *yaml.Node) bool {
	return !slices.ContainsFunc(node.Content, func(n *yaml.Node) bool { return n.Kind != yaml.ScalarNode })
}

func join(node *yaml.Node) string {
	values := make([]string, len(node.Content))
	for i, n := range node.Content {
		values[i] = n.Value
	}
	return strings.Join(values, ",")
}

func (f *File) set(key string, node *yaml.Node, value string) {
	if _, twice := f.values[key]; twice {
		f.fault(node, "%s is set twice", key)
	}
	f.values[key], f.lines[key] = value, node.Line
}

func (f *File) fault(node *yaml.Node, format string, args ...any) {
	f.faults = append(f.faults, fmt.Sprintf("%s:%d: ", f.path, node.Line)+fmt.Sprintf(format, args...))
}

// Value returns a setting's value as text, lists joined by commas.
func (f *File) Value(name string) (string, bool) {
	if f == nil {
		return "", false
	}
	value, ok := f.values[name]
	return value, ok
}

// Check lists everything wrong with the file: values of the wrong shape, settings given twice, and names that are not
// among those known.
func (f *File) Check(known []string) error {
	faults := slices.Clone(f.faults)
	for name, line := range f.lines {
		if !slices.Contains(known, name) {
			faults = append(faults, fmt.Sprintf("%s:%d: there is no setting %q", f.path, line, name))
		}
	}
	if len(faults) == 0 {
		return nil
	}
	slices.Sort(faults)
	return fmt.Errorf("configuration file: %s", strings.Join(faults, "; "))
}
