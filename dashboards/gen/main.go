// Command gen writes the dashboards as JSON: go run ./dashboards/gen [folder]. The files are committed, so that they can
// be imported by hand; a test fails when they differ from what this program writes.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

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
	files, err := rendered()
	if err != nil {
		return fmt.Errorf("render dashboards: %w", err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return fmt.Errorf("write dashboard: %w", err)
		}
	}
	return nil
}

// rendered returns all files by name: each dashboard in English, and those for people in municipalities in their languages, too.
// Operators read English.
func rendered() (map[string][]byte, error) {
	files := map[string][]byte{}
	for name, b := range all() {
		text, err := render(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files[name] = text
		if name == "pipeline.json" {
			continue
		}
		for _, t := range tongues {
			if files[strings.Replace(name, ".", "."+t.code+".", 1)], err = t.translate(name, text); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

func render(b *dashboard.DashboardBuilder) ([]byte, error) {
	d, err := b.Build()
	if err != nil {
		return nil, err
	}
	for i, p := range d.Panels {
		numberPanel(p, uint32(i+1))
	}
	return encode(d)
}

func encode(d any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(d)
	return out.Bytes(), err
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

// inLanguages is base, with links to the dashboard itself in all languages. What follows the UID in the last address is for people only.
func inLanguages(uid, title, description string) *dashboard.DashboardBuilder {
	b := base(uid, title, description)
	for _, l := range [][2]string{{"suomi", uid + "-fi"}, {"svenska", uid + "-sv"}, {"English", uid + "/english"}} {
		b.Link(dashboard.NewDashboardLinkBuilder(l[0]).Type(dashboard.DashboardLinkTypeLink).Url("/d/" + l[1]).KeepTime(true))
	}
	return b
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
