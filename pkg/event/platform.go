package event

import "time"

// maxCounted is the most that one aggregate may count.
const maxCounted = 1_000_000_000

// PlatformUsage is what an online platform counted in a window of time, nobody being known by it: platform.usage.v1.
type PlatformUsage struct {
	PlatformID     string
	ProviderID     string // whose pages this is about; "" all of the platform
	WindowStart    time.Time
	WindowEnd      time.Time
	Visits         int
	UniqueVisitors *int
	Messages       *int
	Searches       *int
	PagesPublished *int
	PagesStale     *int
}

func (p *PlatformUsage) entity(*Event) []string {
	key := []string{p.PlatformID, p.WindowStart.UTC().Format(time.RFC3339Nano)}
	if p.ProviderID != "" {
		key = append(key, p.ProviderID)
	}
	return key
}

var platformFields = []field[PlatformUsage]{
	must(text("platform_id", func(p *PlatformUsage) *string { return &p.PlatformID }, code)),
	text("provider_id", func(p *PlatformUsage) *string { return &p.ProviderID }, code),
	must(instant("window_start", func(p *PlatformUsage) *time.Time { return &p.WindowStart })),
	must(instant("window_end", func(p *PlatformUsage) *time.Time { return &p.WindowEnd })),
	must(number("visits", func(p *PlatformUsage) *int { return &p.Visits }, 0, maxCounted)),
	maybeNumber("unique_visitors", func(p *PlatformUsage) **int { return &p.UniqueVisitors }, 0, maxCounted),
	maybeNumber("messages", func(p *PlatformUsage) **int { return &p.Messages }, 0, maxCounted),
	maybeNumber("searches", func(p *PlatformUsage) **int { return &p.Searches }, 0, maxCounted),
	maybeNumber("pages_published", func(p *PlatformUsage) **int { return &p.PagesPublished }, 0, maxCounted),
	maybeNumber("pages_stale", func(p *PlatformUsage) **int { return &p.PagesStale }, 0, maxCounted),
}
