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

// completed adds to the sums of an area what is not stored beside them: prices, and municipalities.
func (p *publisher) completed(area string, sums indicator.Sums) indicator.Sums {
	return func(m indicator.Measure) int64 {
		switch m {
		case indicator.VolunteerHourCents:
			return p.a.prices.at(p.grid.period)
		case indicator.Municipalities:
			return int64(len(p.a.places.municipalities(area)))
		case indicator.MeetingMunicipalities:
			return p.meetingMunicipalities(area)
		}
		return sums(m)
	}
}

// meets reports whether an area is made of municipalities and anybody told of a session at a meeting place in it: none is not zero.
func (p *publisher) meets(area string) bool {
	return len(p.a.places.municipalities(area)) > 0 && p.grid.areas[area].sums(p.a.ages.everybody())(indicator.MeetingPlaceSessions) > 0
}

// meetingMunicipalities counts the municipalities of an area that had a session at a meeting place.
func (p *publisher) meetingMunicipalities(area string) (n int64) {
	for _, m := range p.a.places.municipalities(area) {
		if of := p.grid.areas[m]; of != nil && of.sums(p.a.ages.everybody())(indicator.MeetingPlaceSessions) > 0 {
			n++
		}
	}
	return n
}
