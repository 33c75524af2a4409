package stream_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
)

func keysOf(records []stream.Record) (keys []string) {
	for _, r := range records {
		keys = append(keys, r.Key)
	}
	return keys
}

func TestRecords(t *testing.T) {
	bus := streamtest.New(t)
	ctx := t.Context()
	if records, err := bus.Records(ctx, ">"); err != nil || len(records) != 0 {
		t.Fatalf("at first: %v, %v", records, err)
	}
	page := []stream.Record{{Key: "a.head"}}
	for i := range stream.MaxBatch - 1 {
		page = append(page, stream.Record{Key: fmt.Sprintf("a.item.%d", i), Data: []byte(strings.Repeat("x", 5000))})
	}
	last, err := bus.WriteRecords(ctx, 0, page)
	if err != nil {
		t.Fatal(err)
	}
	head := last - uint64(len(page)) + 1
	if _, err := bus.WriteRecords(ctx, 0, []stream.Record{{Key: "a.head"}, {Key: "b.lost"}}); !errors.Is(err, stream.ErrConflict) {
		t.Errorf("a key that was written meanwhile: %v", err)
	}
	if _, err := bus.WriteRecords(ctx, head, []stream.Record{{Key: "a.head", Data: []byte("2")}, {Key: "a.item.7", Data: []byte("7")}}); err != nil {
		t.Fatal(err)
	}
	bus.Restart(t)
	if err := bus.Await(ctx); err != nil {
		t.Fatal(err)
	}
	records, err := bus.Records(ctx, "a.>")
	if err != nil || len(records) != len(page) {
		t.Fatalf("%d records, want %d: %v", len(records), len(page), err)
	}
	end := records[len(records)-2:]
	if !slices.Equal(keysOf(end), []string{"a.head", "a.item.7"}) || string(end[0].Data) != "2" || end[0].Sequence <= head {
		t.Errorf("the last written are %v", end)
	}
	if one, err := bus.Records(ctx, "*.item.7"); err != nil || len(one) != 1 || string(one[0].Data) != "7" {
		t.Errorf("one key: %v, %v", one, err)
	}
	if some, err := bus.LastRecords(ctx, []string{"*.item.7", "a.head", "a.missing"}); err != nil || !slices.Equal(keysOf(some), []string{"a.head", "a.item.7"}) {
		t.Errorf("some keys: %v, %v", keysOf(some), err)
	}
	bus.Stop()
	if _, err := bus.Records(ctx, ">"); !errors.Is(err, stream.ErrUnavailable) {
		t.Errorf("without a server: %v", err)
	}
}
