package report_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"vointi.fi/services/report"
)

func TestIndicatorsAPI(t *testing.T) {
	_, db := reader(t)
	s := serve(t, db, report.Config{Synthetic: true})
	t.Run("json", func(t *testing.T) { asJSON(t, s) })
	t.Run("csv", func(t *testing.T) { asCSV(t, s) })
	t.Run("json and csv agree", func(t *testing.T) { agree(t, s) })
	t.Run("filters", func(t *testing.T) { filters(t, s) })
	t.Run("bad requests", func(t *testing.T) { badRequests(t, s) })
}

type answer struct {
	Synthetic  bool             `json:"synthetic"`
	Indicators []map[string]any `json:"indicators"`
}

func (s site) json(path string) answer {
	s.t.Helper()
	w := s.get(path)
	var a answer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK {
		s.t.Fatalf("GET %s: %d %v\n%.500s", path, w.Code, err, w.Body.String())
	}
	return a
}

const oneCell = "indicator=newly-active-residents&area=KU305&age_scheme=eviva3&period_type=year&from=2025-01-01&to=2026-01-01"

func asJSON(t *testing.T, s site) {
	a := s.json("/v1/indicators?" + oneCell)
	if !a.Synthetic || len(a.Indicators) != 4 {
		t.Fatalf("synthetic %v, %d rows", a.Synthetic, len(a.Indicators))
	}
	for _, row := range a.Indicators {
		protected := row["age_group"] == "0-17" || row["age_group"] == "65+"
		if protected && (row["value"] != nil || row["numerator"] != nil || row["suppressed"] != "protected") {
			t.Errorf("protected row %v", row)
		}
		if !protected && (row["value"] != 33.0 || row["lower95"] != 21.7407 || row["period_start"] != "2025-01-01" || row["computed_at"] != "2026-01-15T05:30:00.000Z") {
			t.Errorf("row %v", row)
		}
	}
}

func asCSV(t *testing.T, s site) {
	w := s.get("/v1/indicators?format=csv&" + oneCell)
	if w.Header().Get("Content-Type") != "text/csv; charset=utf-8; header=present" || w.Header().Get("X-Vointi-Synthetic") != "true" {
		t.Errorf("headers %v", w.Header())
	}
	if !strings.Contains(w.Body.String(), "\r\n") {
		t.Error("lines do not end as RFC 4180 has them")
	}
	rows, err := csv.NewReader(w.Body).ReadAll()
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	value, group := slices.Index(rows[0], "value"), slices.Index(rows[0], "age_group")
	for _, r := range rows[1:] {
		want := "33"
		if r[group] == "0-17" || r[group] == "65+" {
			want = ""
		}
		if r[value] != want {
			t.Errorf("group %s has value %q, want %q", r[group], r[value], want)
		}
	}
}

// Both formats hold the same columns in the same order, and the same values.
func agree(t *testing.T, s site) {
	const path = "/v1/indicators?area=KU208&period_type=year,wave"
	rows, err := csv.NewReader(s.get(path + "&format=csv").Body).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	a := s.json(path)
	if len(a.Indicators) != len(rows)-1 || len(rows) < 100 {
		t.Fatalf("%d rows of JSON, %d of CSV", len(a.Indicators), len(rows)-1)
	}
	for i, row := range a.Indicators {
		if len(row) != len(rows[0]) {
			t.Fatalf("%d fields of JSON, %d of CSV", len(row), len(rows[0]))
		}
		for c, name := range rows[0] {
			if got, want := rows[i+1][c], asText(t, row[name]); got != want {
				t.Fatalf("row %d, %s: CSV %q, JSON %q", i, name, got, want)
			}
		}
	}
}

func asText(t *testing.T, v any) string {
	t.Helper()
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		texts := make([]string, len(v))
		for i := range v {
			texts[i] = asText(t, v[i])
		}
		return strings.Join(texts, ";")
	default:
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
}

func filters(t *testing.T, s site) {
	for query, holds := range map[string]func(map[string]any) bool{
		"indicator=sessions-held&indicator=cancellation-rate": func(r map[string]any) bool {
			return r["indicator"] == "sessions-held" || r["indicator"] == "cancellation-rate"
		},
		"area=KU305,KU853":                func(r map[string]any) bool { return r["area"] == "KU305" || r["area"] == "KU853" },
		"age_group=65%2B":                 func(r map[string]any) bool { return r["age_group"] == "65+" },
		"age_group=all&sex=2":             func(r map[string]any) bool { return r["sex"] == "2" && r["age_group"] == "all" },
		"dimension=education&member=low":  func(r map[string]any) bool { return r["dimension"] == "education" && r["member"] == "low" },
		"from=2024-01-01&to=2024-04-01":   func(r map[string]any) bool { return r["period_start"].(string)[:5] == "2024-" },
		"period_type=wave&to=2024-01-01":  func(r map[string]any) bool { return r["period_start"] == "2023-10-01" },
		"age_scheme=finsote&format=json&": func(r map[string]any) bool { return r["age_scheme"] == "finsote" },
	} {
		rows := s.json("/v1/indicators?" + query).Indicators
		if len(rows) == 0 {
			t.Errorf("%s: no rows", query)
		}
		for _, r := range rows {
			if !holds(r) {
				t.Errorf("%s: returned %v", query, r)
				break
			}
		}
	}
	if rows := s.json("/v1/indicators?area=KU999").Indicators; len(rows) != 0 {
		t.Errorf("an unknown area has %d rows", len(rows))
	}
}

func badRequests(t *testing.T, s site) {
	w := s.get("/v1/indicators?aera=KU305&from=never&format=xml&indicator=a%27b")
	var a struct {
		Error  string
		Faults []struct{ Parameter, Reason string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusBadRequest {
		t.Fatalf("%d %v", w.Code, err)
	}
	if len(a.Faults) != 4 || a.Error != "invalid parameters" {
		t.Errorf("faults %+v", a.Faults)
	}
}
