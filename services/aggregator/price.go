package aggregator

import (
	"context"
	"fmt"

	"vointi.fi/pkg/indicator"
	"vointi.fi/pkg/warehouse"
)

// volunteerHour is the service code of what an hour of volunteering is worth.
const volunteerHour = "volunteer_hour"

// prices are the unit costs of one service, by price year. Placeholders are none.
type prices map[int]int64

// loadPrices reads what an hour of volunteering is worth.
func (a *Aggregator) loadPrices(ctx context.Context) (prices, error) {
	ps := prices{}
	err := warehouse.Each(ctx, a.db, statement("prices", "service", quote(volunteerHour)), func(row func(...any) error) error {
		var year uint16
		var cents int64
		err := row(&year, &cents)
		ps[int(year)] = cents
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load prices: %w", err)
	}
	return ps, nil
}

// at returns the price of the latest year up to the one in which the period ends; 0 if there is none.
func (ps prices) at(p indicator.Period) int64 {
	latest := 0
	for year := range ps {
		if year <= (p.End() - 1).Year() {
			latest = max(latest, year)
		}
	}
	return ps[latest]
}

// priced adds prices to sums, which are not stored beside them.
func (p *publisher) priced(sums indicator.Sums) indicator.Sums {
	return func(m indicator.Measure) int64 {
		if m == indicator.VolunteerHourCents {
			return p.a.prices.at(p.grid.period)
		}
		return sums(m)
	}
}
