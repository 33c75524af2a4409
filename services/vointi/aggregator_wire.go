package main

import (
	"context"
	"encoding/json"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/reference"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/schemas"
	"vointi.fi/services/aggregator"
)

// errBusy is what Verify says while there is news that the aggregator has not taken in.
var errBusy = aggregator.ErrBusy

// newAggregator makes an aggregator with the catalogue of schemas/indicators; bus may be nil, then nobody is told what
// changed.
func newAggregator(log *zap.Logger, reg prometheus.Registerer, db *warehouse.DB, bus *stream.Publisher, s aggregatorSettings) (indicators, error) {
	catalogue, err := indicator.Load(schemas.FS, "indicators")
	if err != nil {
		return nil, err
	}
	ages, err := reference.LoadAgeSchemes(schemas.FS)
	if err != nil {
		return nil, err
	}
	peers, err := reference.LoadPeers(schemas.FS)
	if err != nil {
		return nil, err
	}
	cfg := aggregator.DefaultConfig()
	cfg.Ages, cfg.Peers = ages, peers
	cfg.Catalogue, cfg.Threshold, cfg.Every, cfg.Details = catalogue, int64(s.Threshold), s.Every, s.Details
	cfg.Retention = s.Retention
	cfg.Rule = aggregator.ActivityRule{Visits: s.ActiveVisits, Weeks: s.ActiveWeeks, Window: s.ActiveWindow, Before: s.ActiveQuiet}
	if bus == nil {
		return aggregator.New(log, reg, db, nil, cfg)
	}
	return aggregator.New(log, reg, db, updates{bus}, cfg)
}

// updates tells other services which indicators changed, as indicator.updated.v1.
type updates struct{ bus *stream.Publisher }

// IndicatorsUpdated implements [aggregator.Notifier].
func (u updates) IndicatorsUpdated(ctx context.Context, list []aggregator.Update) error {
	data := make([]json.RawMessage, len(list))
	for i, x := range list {
		text, err := json.Marshal(map[string]string{
			"indicator": x.Indicator, "area_id": x.Area, "period_type": x.PeriodType, "period_start": x.PeriodStart,
		})
		if err != nil {
			return err
		}
		data[i] = text
	}
	return u.bus.PublishUpdates(ctx, "indicator.updated.v1", data...)
}
