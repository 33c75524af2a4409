package main

import (
	"testing"
	"time"
)

func TestMetricOf(t *testing.T) {
	const out = `goos: linux
BenchmarkPublishBulk/nosync-2         	  200000	    210000 events/s
BenchmarkPublishBulk/durable-2        	  200000	    116000.5 events/s
BenchmarkIngest-2   	       2	        12.5 engine-µs/event	    120000 events/s	    150000 fetch-only/s	         0.8012 ratio
BenchmarkRefresh-2   	      20	 171000000 ns/op	      4210 µs/bucket	       168.4 µs/bucket/indicator
PASS
`
	for _, test := range []struct {
		name, metric string
		want         float64
	}{
		{"BenchmarkIngest", "ratio", 0.8012},
		{"BenchmarkIngest", "events/s", 120000},
		{"BenchmarkPublishBulk/durable", "events/s", 116000.5},
		{"BenchmarkPublishBulk/nosync", "events/s", 210000},
		{"BenchmarkRefresh", "µs/bucket", 4210},
		{"BenchmarkRefresh", "µs/bucket/indicator", 168.4},
	} {
		if got, err := metricOf(out, test.name, test.metric); err != nil || got != test.want {
			t.Errorf("%s %s is %v %v, want %v", test.name, test.metric, got, err, test.want)
		}
	}
	if _, err := metricOf(out, "BenchmarkIngest", "MB/s"); err == nil {
		t.Error("found what is not there")
	}
}

func TestComputing(t *testing.T) {
	lines := []string{"  publishing: done in 9s", "  computing indicators: done in 400ms", "  computing: sessions: done in 1m0.6s", "done in 7s"}
	if got := computing(lines); got != 61*time.Second {
		t.Errorf("computing took %s", got)
	}
}
