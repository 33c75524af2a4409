// Package dashboards holds the generated Grafana dashboards and can run what is in them without a Grafana: it lists the
// panels with their queries, and expands variables and macros as Grafana and its ClickHouse plugin do.
package dashboards

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
)

//go:generate go run ./gen .

//go:embed *.json
var files embed.FS

// Data source types that panels use, and the stable UIDs that they name.
const (
	ClickHouseType = "grafana-clickhouse-datasource"
	ClickHouseUID  = "vointi-clickhouse"
	PrometheusType = "prometheus"
	PrometheusUID  = "vointi-prometheus"
)

// Format is how the ClickHouse plugin shapes the result of a target.
type Format int

// The formats in use.
const (
	TimeSeries Format = 0 // needs a time column; sorted by it; zero rows count as no result
	Table      Format = 1
)

// Dashboard is one generated dashboard.
type Dashboard struct {
	File      string // overview.json
	UID       string
	Title     string
	Variables []Variable
	Panels    []Panel
	JSON      []byte // as committed
}

// Variable is what the viewer chooses. A query variable offers what its SQL returns: ids, and texts beside them.
type Variable struct {
	Name    string
	Query   string   // SQL, or "" for a closed list
	Options []string // values of a closed list
	Multi   bool
	Current string // of a fresh import; "$__all" for everything
}

// Panel is one panel that shows data, or a text.
type Panel struct {
	ID          int
	Type        string // timeseries, table, stat, text
	Title       string
	Description string
	Unit        string
	NoValue     string
	Repeat      string // the variable that it is repeated for
	LegendTable bool   // its legend is a table with figures
	Targets     []Target
}

// Target is one query of a panel: SQL for ClickHouse, PromQL for Prometheus.
type Target struct {
	RefID         string
	Datasource    string // type
	DatasourceUID string
	Format        Format
	SQL           string
	PromQL        string
}

// All returns the dashboards by file name.
func All() ([]Dashboard, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("list dashboards: %w", err)
	}
	slices.Sort(names)
	out := make([]Dashboard, 0, len(names))
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read dashboard: %w", err)
		}
		d, err := parse(name, text)
		if err != nil {
			return nil, fmt.Errorf("parse dashboard %s: %w", name, err)
		}
		out = append(out, d)
	}
	return out, nil
}

type model struct {
	UID        string `json:"uid"`
	Title      string `json:"title"`
	Templating struct {
		List []variableModel `json:"list"`
	} `json:"templating"`
	Panels []panelModel `json:"panels"`
}

type variableModel struct {
	Type    string `json:"type"`
	Name    string `json:"name"`
	Query   string `json:"query"`
	Multi   bool   `json:"multi"`
	Current struct {
		Value string `json:"value"`
	} `json:"current"`
	Options []struct {
		Value string `json:"value"`
	} `json:"options"`
}

type panelModel struct {
	ID          int    `json:"id"`
	Type        string `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Repeat      string `json:"repeat"`
	FieldConfig struct {
		Defaults struct {
			Unit    string `json:"unit"`
			NoValue string `json:"noValue"`
		} `json:"defaults"`
	} `json:"fieldConfig"`
	Options struct {
		Legend struct {
			DisplayMode string   `json:"displayMode"`
			Calcs       []string `json:"calcs"`
		} `json:"legend"`
	} `json:"options"`
	Targets []struct {
		RefID      string `json:"refId"`
		Format     any    `json:"format"` // a number for ClickHouse
		RawSQL     string `json:"rawSql"`
		Expr       string `json:"expr"`
		Datasource struct {
			Type string `json:"type"`
			UID  string `json:"uid"`
		} `json:"datasource"`
	} `json:"targets"`
	Panels []panelModel `json:"panels"` // of a collapsed row
}

func parse(file string, text []byte) (Dashboard, error) {
	var m model
	if err := json.Unmarshal(text, &m); err != nil {
		return Dashboard{}, err
	}
	d := Dashboard{File: file, UID: m.UID, Title: m.Title, JSON: text}
	for _, v := range m.Templating.List {
		d.Variables = append(d.Variables, variableFromModel(v))
	}
	for _, p := range m.Panels {
		d.Panels = append(d.Panels, panelsFromModel(p)...)
	}
	return d, nil
}

func variableFromModel(m variableModel) Variable {
	v := Variable{Name: m.Name, Multi: m.Multi, Current: m.Current.Value}
	if m.Type == "query" {
		v.Query = m.Query
		return v
	}
	for _, o := range m.Options {
		v.Options = append(v.Options, o.Value)
	}
	return v
}

// panelsFromModel returns the panel, or those inside it if it is a row.
func panelsFromModel(m panelModel) []Panel {
	if m.Type == "row" {
		var out []Panel
		for _, inner := range m.Panels {
			out = append(out, panelsFromModel(inner)...)
		}
		return out
	}
	p := Panel{
		ID: m.ID, Type: m.Type, Title: m.Title, Description: m.Description, Repeat: m.Repeat,
		Unit: m.FieldConfig.Defaults.Unit, NoValue: m.FieldConfig.Defaults.NoValue,
		LegendTable: m.Options.Legend.DisplayMode == "table" && len(m.Options.Legend.Calcs) > 0,
	}
	for _, t := range m.Targets {
		format := TimeSeries
		if t.Format == float64(Table) {
			format = Table
		}
		p.Targets = append(p.Targets, Target{
			RefID: t.RefID, Datasource: t.Datasource.Type, DatasourceUID: t.Datasource.UID,
			Format: format, SQL: t.RawSQL, PromQL: t.Expr,
		})
	}
	return []Panel{p}
}
