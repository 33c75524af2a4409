package opendata

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxCells is more than any table that answers one question.
const maxCells = 5_000_000

// dataset is a JSON-stat 2.0 dataset, whose categories are in the order of their cells.
type dataset struct {
	label, source string
	table         string // its id at the office, where it says so
	updated       time.Time
	dimensions    []dimension
	values        []float64 // row-major; NaN where there is none
}

// dimension is one of a dataset's.
type dimension struct {
	id, label string
	role      string
	codes     []string
	labels    []string
}

type statFile struct {
	Class, Label, Source, Updated string
	ID                            []string
	Size                          []int
	Role                          map[string][]string
	Dimension                     map[string]struct {
		Label    string
		Category struct {
			Index json.RawMessage
			Label map[string]string
		}
	}
	Value     json.RawMessage
	Extension struct {
		Px struct {
			TableID string `json:"tableid"`
		}
	}
}

// readDataset reads JSON-stat 2.0. What does not fit together is refused, so that no value is taken for another's.
func readDataset(text []byte) (*dataset, error) {
	var f statFile
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("is no JSON-stat: %w", err)
	}
	if f.Class != "dataset" {
		return nil, errors.New("is no JSON-stat 2.0 dataset; ask for the format json-stat2")
	}
	if len(f.ID) != len(f.Size) || len(f.ID) == 0 {
		return nil, fmt.Errorf("names %d dimensions and %d sizes", len(f.ID), len(f.Size))
	}
	d := &dataset{label: f.Label, source: f.Source, table: f.Extension.Px.TableID}
	d.updated, _ = time.Parse(time.RFC3339Nano, f.Updated)
	cells := 1
	for i, size := range f.Size {
		if size < 1 || size > maxCells/cells {
			return nil, fmt.Errorf("has a dimension %q of size %d, or more than %d cells", f.ID[i], size, maxCells)
		}
		cells *= size
	}
	for i, id := range f.ID {
		size := f.Size[i]
		raw := f.Dimension[id]
		codes, err := categories(raw.Category.Index, raw.Category.Label, size)
		if err != nil {
			return nil, fmt.Errorf("dimension %q: %w", id, err)
		}
		dim := dimension{id: id, label: raw.Label, codes: codes}
		for role, ids := range f.Role {
			if slices.Contains(ids, id) {
				dim.role = role
			}
		}
		for _, code := range codes {
			dim.labels = append(dim.labels, raw.Category.Label[code])
		}
		d.dimensions = append(d.dimensions, dim)
	}
	var err error
	d.values, err = cellValues(f.Value, cells)
	return d, err
}

// categories returns the codes in the order of their cells: index is {code: position}, a list, or missing for one category.
func categories(index json.RawMessage, labels map[string]string, size int) ([]string, error) {
	var list []string
	if json.Unmarshal(index, &list) != nil || list == nil {
		var places map[string]int
		if err := json.Unmarshal(index, &places); err != nil || places == nil {
			if len(index) > 0 || len(labels) != 1 {
				return nil, errors.New("its categories have no index")
			}
			for code := range labels {
				list = []string{code}
			}
		}
		if places != nil {
			list = make([]string, size)
			for code, at := range places {
				if at < 0 || at >= size || list[at] != "" || code == "" {
					return nil, errors.New("its index is no order of its categories")
				}
				list[at] = code
			}
		}
	}
	seen := map[string]bool{}
	for _, code := range list {
		if code == "" || seen[code] {
			return nil, errors.New("its index is no order of its categories")
		}
		seen[code] = true
	}
	if len(list) != size {
		return nil, fmt.Errorf("%d categories, its size is %d", len(list), size)
	}
	return list, nil
}

// cellValues reads a list with null for missing values, or {position: value}.
func cellValues(raw json.RawMessage, cells int) ([]float64, error) {
	values := make([]float64, cells)
	for i := range values {
		values[i] = math.NaN()
	}
	var list []*float64
	if err := json.Unmarshal(raw, &list); err == nil && list != nil {
		if len(list) != cells {
			return nil, fmt.Errorf("has %d values, its sizes ask for %d", len(list), cells)
		}
		for i, v := range list {
			if v != nil {
				values[i] = *v
			}
		}
		return values, nil
	}
	var sparse map[string]*float64
	if err := json.Unmarshal(raw, &sparse); err != nil || sparse == nil {
		return nil, errors.New("has no values that are numbers")
	}
	for key, v := range sparse {
		at, err := strconv.Atoi(key)
		if err != nil || at < 0 || at >= cells || strconv.Itoa(at) != key {
			return nil, fmt.Errorf("has a value at %q, its sizes allow 0 to %d", key, cells-1)
		}
		if v != nil {
			values[at] = *v
		}
	}
	return values, nil
}

// find returns the index of the dimension that plays a role or has one of these names, −1 if none does.
func (d *dataset) find(role string, names ...string) int {
	byRole := -1
	for i, dim := range d.dimensions {
		for _, name := range names {
			if strings.EqualFold(dim.id, name) || strings.EqualFold(dim.label, name) {
				return i
			}
		}
		if role != "" && dim.role == role && byRole < 0 {
			byRole = i
		}
	}
	return byRole
}

// place returns the categories' positions of a cell.
func (d *dataset) place(cell int, into []int) {
	for i := len(d.dimensions) - 1; i >= 0; i-- {
		size := len(d.dimensions[i].codes)
		into[i] = cell % size
		cell /= size
	}
}
