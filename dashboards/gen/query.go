package main

import (
	"errors"
	"reflect"

	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
)

// clickHouseType is the plugin that a panel's query is written for.
const clickHouseType = "grafana-clickhouse-datasource"

// format is how the plugin shapes a result.
type format int

const (
	timeSeries format = 0 // needs a time column first in order; string columns become labels
	tableRows  format = 1
)

// query is a target of the ClickHouse data source, which the SDK does not know. It is its own builder.
type query struct {
	RefID         string               `json:"refId"`
	Datasource    common.DataSourceRef `json:"datasource"`
	PluginVersion string               `json:"pluginVersion"`
	EditorType    string               `json:"editorType"`
	QueryType     string               `json:"queryType"`
	Format        format               `json:"format"`
	Meta          struct{}             `json:"meta"`
	RawSQL        string               `json:"rawSql"`
}

var (
	_          variants.Dataquery = query{}
	errNoQuery                    = errors.New("query without SQL")
)

func newQuery(sql string, f format) query {
	kind := "table"
	if f == timeSeries {
		kind = "timeseries"
	}
	return query{
		RefID:         "A",
		Datasource:    clickHouse(),
		PluginVersion: "4.20.0",
		EditorType:    "sql",
		QueryType:     kind,
		Format:        f,
		RawSQL:        sql,
	}
}

// ImplementsDataqueryVariant marks the type for the SDK.
func (query) ImplementsDataqueryVariant() {}

// DataqueryType names the plugin.
func (query) DataqueryType() string { return clickHouseType }

// Equals compares all fields.
func (q query) Equals(other variants.Dataquery) bool { return reflect.DeepEqual(other, q) }

// Validate refuses an empty statement.
func (q query) Validate() error {
	if q.RawSQL == "" {
		return errNoQuery
	}
	return nil
}

// Build makes the query its own cog.Builder.
func (q query) Build() (variants.Dataquery, error) { return q, q.Validate() }

func clickHouse() common.DataSourceRef {
	return common.DataSourceRef{Type: ptr(clickHouseType), Uid: ptr("vointi-clickhouse")}
}

func prometheusSource() common.DataSourceRef {
	return common.DataSourceRef{Type: ptr("prometheus"), Uid: ptr("vointi-prometheus")}
}

func ptr[T any](v T) *T { return &v }
