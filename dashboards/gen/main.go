// Command gen writes the dashboards as JSON: go run ./dashboards/gen [folder]. The files are committed, so that they can
// be imported by hand; a test fails when they differ from what this program writes.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	dir := "dashboards"
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := write(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// all returns the dashboards by file name.
func all() map[string]*dashboard.DashboardBuilder {
	return map[string]*dashboard.DashboardBuilder{
		"overview.json": overview(),
		"explore.json":  explore(),
		"costs.json":    costs(),
		"pipeline.json": pipeline(),
	}
}

func write(dir string) error {
	for name, b := range all() {
		text, err := render(b)
		if err != nil {
			return fmt.Errorf("render %s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return fmt.Errorf("write dashboard: %w", err)
		}
	}
	return nil
}

func render(b *dashboard.DashboardBuilder) ([]byte, error) {
	d, err := b.Build()
	if err != nil {
		return nil, err
	}
	for i, p := range d.Panels {
		numberPanel(p, uint32(i+1))
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// numberPanel gives a panel a stable id, its place in the dashboard, so that links to a panel survive a new generation.
func numberPanel(p dashboard.PanelOrRowPanel, id uint32) {
	switch {
	case p.Panel != nil:
		p.Panel.Id = ptr(id)
	case p.RowPanel != nil:
		p.RowPanel.Id = id
	}
}

// base is what all dashboards share. Every viewer sees Finnish days and weeks that begin on Monday.
func base(uid, title, description string) *dashboard.DashboardBuilder {
	return dashboard.NewDashboardBuilder(title).
		Uid(uid).
		Description(description).
		Tags([]string{"vointi"}).
		Timezone("Europe/Helsinki").
		WeekStart("monday").
		Readonly().
		Tooltip(dashboard.DashboardCursorSyncCrosshair)
}
