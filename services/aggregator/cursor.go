package aggregator

import (
	"context"
	"errors"
	"fmt"

	"vointi.fi/pkg/warehouse"
)

// scoped is a row that belongs to a session or person.
type scoped interface{ key() string }

func (c claim) key() string { return c.scope }

// scopedVisit makes visits readable by person.
type scopedVisit struct{ visit }

func (v scopedVisit) key() string { return string(v.person[:]) }

// cursor reads rows that are sorted by key, and hands them out key by key. A goroutine scans ahead.
type cursor[T scoped] struct {
	ahead chan []T
	rows  []T
	stop  context.CancelFunc
	err   error // valid once there are no more rows
}

// rowsAhead is how many rows are scanned at a time.
const rowsAhead = 1000

func openCursor[T scoped](ctx context.Context, db *warehouse.DB, sql string, scan func(func(...any) error) (T, error)) (*cursor[T], error) {
	ctx, stop := context.WithCancel(ctx)
	rows, err := db.Query(ctx, sql)
	if err != nil {
		stop()
		return nil, fmt.Errorf("query %s: %w", warehouse.FirstLine(sql), err)
	}
	c := &cursor[T]{ahead: make(chan []T, 4), stop: stop}
	go func() {
		defer close(c.ahead)
		c.err = errors.Join(c.scan(ctx, rows, scan), rows.Close())
	}()
	return c, nil
}

func (c *cursor[T]) scan(ctx context.Context, rows warehouse.Rows, scan func(func(...any) error) (T, error)) error {
	for more := true; more; {
		part := make([]T, 0, rowsAhead)
		for more = rows.Next(); more; more = rows.Next() {
			row, err := scan(rows.Scan)
			if err != nil {
				return err
			}
			if part = append(part, row); len(part) == rowsAhead {
				break
			}
		}
		select {
		case c.ahead <- part:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return rows.Err()
}

func (c *cursor[T]) peek() (string, bool) {
	for len(c.rows) == 0 {
		var ok bool
		if c.rows, ok = <-c.ahead; !ok {
			return "", false
		}
	}
	return c.rows[0].key(), true
}

func (c *cursor[T]) take(key string) (rows []T) {
	for {
		next, ok := c.peek()
		if !ok || next != key {
			return rows
		}
		n := 1
		for n < len(c.rows) && c.rows[n].key() == key {
			n++
		}
		if rows == nil {
			rows = c.rows[:n:n]
		} else {
			rows = append(rows, c.rows[:n]...)
		}
		c.rows = c.rows[n:]
	}
}

// close ends the reading and waits for it.
func (c *cursor[T]) close() {
	c.stop()
	for range c.ahead {
	}
}

// least returns the smallest key that any cursor stands at.
func least(peeks ...func() (string, bool)) (string, bool) {
	smallest, found := "", false
	for _, peek := range peeks {
		if key, ok := peek(); ok && (!found || key < smallest) {
			smallest, found = key, true
		}
	}
	return smallest, found
}
