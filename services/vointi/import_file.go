package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/sheet"
)

// cell is a value and where it stands in its file.
type cell struct {
	text         string
	line, column int
}

// record is one line of a table, or one item of a list: its values by name, where it begins, and what is wrong with its form.
type record struct {
	cell
	values map[string]cell
	faults []error
}

// fault is something wrong at a place of a file.
func (c cell) fault(file, format string, args ...any) error {
	return fmt.Errorf("%s:%d:%d: %s", filepath.Base(file), c.line, c.column, fmt.Sprintf(format, args...))
}

// recordsFromFile reads a YAML or CSV file, by its name. common are values that a YAML file gives for all. The error is about the
// file as a whole; a record has its own faults.
func recordsFromFile(file string, text []byte, list string, columns, common []string) (records []record, all map[string]cell, err error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	switch strings.ToLower(filepath.Ext(file)) {
	case ".yaml", ".yml":
		return recordsFromYAML(file, text, list, columns, common)
	case ".csv":
		records, err = recordsFromCSV(file, text, columns)
		return records, nil, err
	}
	return nil, nil, fmt.Errorf("%s: its name must end in .yaml, .yml or .csv", filepath.Base(file))
}

func recordsFromYAML(file string, text []byte, list string, columns, common []string) ([]record, map[string]cell, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	if len(document.Content) == 0 {
		return nil, nil, fmt.Errorf("%s: it is empty", filepath.Base(file))
	}
	var faults []error
	all := map[string]cell{}
	var records []record
	faults = append(faults, members(file, document.Content[0], append([]string{list}, common...), func(name string, value *yaml.Node) error {
		if name != list {
			return scalar(file, all, name, value)
		}
		if value.Kind != yaml.SequenceNode {
			return at(value).fault(file, "%s must be a list", list)
		}
		for _, item := range value.Content {
			r := record{cell: at(item), values: map[string]cell{}}
			if err := members(file, item, columns, func(name string, value *yaml.Node) error {
				return scalar(file, r.values, name, value)
			}); err != nil {
				r.faults = append(r.faults, err)
			}
			records = append(records, r)
		}
		return nil
	}))
	return records, all, errors.Join(faults...)
}

func at(n *yaml.Node) cell { return cell{n.Value, n.Line, n.Column} }

// members hands over the members of a mapping whose names are known.
func members(file string, n *yaml.Node, known []string, member func(string, *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		return at(n).fault(file, "must be a mapping with %s", strings.Join(known, ", "))
	}
	var faults []error
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		switch {
		case !slices.Contains(known, name.Value):
			faults = append(faults, at(name).fault(file, "%s is unknown%s", name.Value, reference.Meant(name.Value, known)))
		case seen[name.Value]:
			faults = append(faults, at(name).fault(file, "%s is given twice", name.Value))
		default:
			faults = append(faults, member(name.Value, value))
		}
		seen[name.Value] = true
	}
	return errors.Join(faults...)
}

func scalar(file string, into map[string]cell, name string, value *yaml.Node) error {
	if value.Kind != yaml.ScalarNode {
		return at(value).fault(file, "%s must be one value", name)
	}
	if value.Tag != "!!null" {
		into[name] = at(value)
	}
	return nil
}

// recordsFromCSV reads a table with names in its first line. Where semicolons or tabs part the values, a decimal comma becomes a
// point.
func recordsFromCSV(file string, text []byte, columns []string) ([]record, error) {
	text, err := sheet.Decode(text, sheet.UTF8)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord, r.Comma = -1, sheet.Separator(text)
	header, err := namesOf(file, r, columns)
	if err != nil {
		return nil, err
	}
	var records []record
	for {
		values, err := r.Read()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
		}
		line, column := r.FieldPos(0)
		if len(values) != len(header) {
			here := cell{"", line, column}
			wrong := here.fault(file, "has %d values, the first line has %d", len(values), len(header))
			records = append(records, record{here, nil, []error{wrong}})
			continue
		}
		rec := record{cell: cell{"", line, column}, values: map[string]cell{}}
		for i, v := range values {
			if v = strings.TrimSpace(v); v == "" {
				continue
			}
			if r.Comma != ',' && header[i] == "value" {
				v = strings.Replace(v, ",", ".", 1)
			}
			line, column := r.FieldPos(i)
			rec.values[header[i]] = cell{v, line, column}
		}
		records = append(records, rec)
	}
}

// namesOf reads the first line, which must name columns that are known.
func namesOf(file string, r *csv.Reader, columns []string) ([]string, error) {
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		err = errors.New("it is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	var faults []error
	for i, name := range header {
		header[i] = strings.TrimSpace(name)
		line, column := r.FieldPos(i)
		here := cell{"", line, column}
		if !slices.Contains(columns, header[i]) {
			faults = append(faults, here.fault(file, "%q is unknown%s", header[i], reference.Meant(header[i], columns)))
		} else if slices.Contains(header[:i], header[i]) {
			faults = append(faults, here.fault(file, "%s stands twice", header[i]))
		}
	}
	if len(faults) > 0 {
		faults = append(faults, fmt.Errorf("the first line names columns, parted by commas, semicolons or tabs; there are %s", strings.Join(columns, ", ")))
	}
	return header, errors.Join(faults...)
}
