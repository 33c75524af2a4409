package dashboardstest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"vointi.fi/dashboards"
)

// Reader runs statements over HTTP as the user that its URL names, the way Grafana's plugin does: plain SQL, and none of
// the settings that our own client sends.
type Reader struct {
	URL string // http://vointi_reader@127.0.0.1:8123/vointi; the path is not used, statements name their database
}

// Run implements [dashboards.Runner]. A NULL reads NULL.
func (r Reader) Run(ctx context.Context, sql string) (dashboards.Result, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return dashboards.Result{}, fmt.Errorf("run as reader: %w", err)
	}
	u.Path, u.RawQuery = "/", "default_format=JSONCompact"
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(sql))
	if err != nil {
		return dashboards.Result{}, fmt.Errorf("run as reader: %w", err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return dashboards.Result{}, fmt.Errorf("run as reader: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return dashboards.Result{}, fmt.Errorf("run as reader: %w", err)
	}
	if answer.StatusCode != http.StatusOK {
		return dashboards.Result{}, fmt.Errorf("run as reader: %s: %s", answer.Status, body)
	}
	return resultFromJSON(body)
}

func resultFromJSON(body []byte) (dashboards.Result, error) {
	var j struct {
		Meta []dashboards.Column `json:"meta"`
		Data [][]any             `json:"data"`
	}
	if err := json.Unmarshal(body, &j); err != nil {
		return dashboards.Result{}, fmt.Errorf("read result: %w", err)
	}
	r := dashboards.Result{Columns: j.Meta}
	for _, values := range j.Data {
		row := make([]string, len(values))
		for i, v := range values {
			if v == nil {
				v = "NULL"
			}
			row[i] = fmt.Sprint(v)
		}
		r.Rows = append(r.Rows, row)
	}
	return r, nil
}
