package ingester

import (
	"maps"
	"slices"

	"vointi.fi/pkg/warehouse"
)

// values is one column while a batch is being gathered: appended row by row, reused by the next batch.
type values[T any] struct{ v []T }

func (c *values[T]) add(v T) { c.v = append(c.v, v) }

func (c *values[T]) grow(rows int) { c.v = slices.Grow(c.v, rows) }

func (c *values[T]) truncate(rows int) { c.v = c.v[:min(rows, len(c.v))] }

func (c *values[T]) rows() int { return len(c.v) }

func (c *values[T]) cut(from, to int) any { return c.v[from:to] }

// filling is a column of any type, for what does not look at its values.
type filling interface {
	rows() int
	grow(rows int)
	truncate(rows int)
	cut(from, to int) any
}

// table is the part of one batch that goes into one table, by one insert.
type table struct {
	name    string
	names   []string
	columns []filling
	// message holds for each row which message of the batch it was made of.
	message []int
}

// column declares the next column and returns where its values go.
func column[T any](t *table, name string) *values[T] {
	c := &values[T]{}
	t.names = append(t.names, name)
	t.columns = append(t.columns, c)
	return c
}

func (t *table) rows() int { return len(t.message) }

// grow makes room for so many more rows at once: columns that grow row by row are copied over and over, and leave several
// times their size behind.
func (t *table) grow(rows int) {
	t.message = slices.Grow(t.message, rows)
	for _, c := range t.columns {
		c.grow(rows)
	}
}

// truncate drops all rows from the given one on, even one that is half written.
func (t *table) truncate(rows int) {
	t.message = t.message[:min(rows, len(t.message))]
	for _, c := range t.columns {
		c.truncate(rows)
	}
}

// cut returns the rows [from, to) as the warehouse takes them. They alias the table's memory.
func (t *table) cut(from, to int) []warehouse.Column {
	cols := make([]warehouse.Column, len(t.columns))
	for i, c := range t.columns {
		cols[i] = warehouse.Column{Name: t.names[i], Values: c.cut(from, to)}
	}
	return cols
}

// sorted is a map that goes into its column in the order of its keys, so that equal maps make equal rows: a Go map
// would come in another order each time. The methods are those by which the warehouse's client knows ordered maps.
type sorted[V any] map[string]V

// Keys returns the keys in their order.
func (m sorted[V]) Keys() <-chan any {
	keys := make(chan any, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		keys <- k
	}
	close(keys)
	return keys
}

// Get returns the value of a key.
func (m sorted[V]) Get(key any) (any, bool) {
	k, _ := key.(string)
	v, ok := m[k]
	return v, ok
}

// Put sets the value of a key; values of other types are left out.
func (m sorted[V]) Put(key, value any) {
	if k, ok := key.(string); ok {
		if v, ok := value.(V); ok {
			m[k] = v
		}
	}
}
