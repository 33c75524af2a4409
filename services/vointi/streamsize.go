package main

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"vointi.fi/pkg/stream"
)

var (
	streamSize = prometheus.NewDesc("vointi_stream_size_bytes", "Size of the events stream.", nil, nil)
	streamMax  = prometheus.NewDesc("vointi_stream_limit_bytes", "Size of the events stream at which publishers are refused.", nil, nil)
)

// streamState tells how large a stream is.
type streamState interface {
	StreamState(ctx context.Context, name string) (stream.StreamState, error)
}

// streamGauges ask the bus at each scrape. While it does not answer there are no figures, instead of old ones.
type streamGauges struct{ bus streamState }

// Describe implements [prometheus.Collector].
func (g streamGauges) Describe(out chan<- *prometheus.Desc) { out <- streamSize; out <- streamMax }

// Collect implements [prometheus.Collector].
func (g streamGauges) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	state, err := g.bus.StreamState(ctx, stream.Events)
	if err != nil {
		return
	}
	out <- prometheus.MustNewConstMetric(streamSize, prometheus.GaugeValue, float64(state.Bytes))
	out <- prometheus.MustNewConstMetric(streamMax, prometheus.GaugeValue, float64(state.MaxBytes))
}
