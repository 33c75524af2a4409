package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const table11re = `{"class":"dataset","label":"Väestö","updated":"2025-03-28T06:00:00Z","id":["Alue","Ikä","Sukupuoli","Vuosi"],"size":[1,1,2,1],
"dimension":{"Alue":{"category":{"index":{"KU305":0}}},"Ikä":{"category":{"index":["040"]}},"Sukupuoli":{"category":{"index":["1","2"]}},"Vuosi":{"category":{"index":["2024"]}}},"value":[80,90]}`

// office is a statistical office and Sotkanet, busy when it is asked for the first time.
func office(t *testing.T) string {
	t.Helper()
	asked := false
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !asked {
			asked = true
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "text/html") // servers are often wrong about it
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.URL.Path == "/11re.px" && strings.Contains(string(body), "json-stat2"):
			_, _ = io.WriteString(w, table11re)
		case r.URL.Path == "/rest/regions":
			_, _ = io.WriteString(w, `[{"id":658,"code":"358","category":"MAA"},{"id":189,"code":"305","category":"KUNTA"}]`)
		case r.URL.Path == "/rest/json" && r.URL.RawQuery == "genders=total&genders=male&genders=female&indicator=127&years=2022&years=2023":
			_, _ = io.WriteString(w, `[{"indicator":127,"region":189,"year":2022,"gender":"total","value":15000,"absValue":15000},{"indicator":127,"region":658,"year":2022,"gender":"total","value":5563970}]`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestImportOpenData(t *testing.T) {
	url, data := office(t), "--data="+t.TempDir()
	query := writeFile(t, "query.json", `{"query":[],"response":{"format":"json-stat2"}}`)
	wantCode(t, vointi(t, nil, "import", "population", url+"/11re.px", "--query", query, "--dry-run", data), exitDone, "2 figures of 11re.px without faults (2 new")
	wantCode(t, vointi(t, nil, "import", "population", url+"/missing?key=secret", "--dry-run", data), exitFailed, "404 Not Found")
	wantCode(t, vointi(t, nil, "import", "population", writeFile(t, "p.json", table11re), "--query", query, data), exitFailed, "only an address can be asked")
	wantCode(t, vointi(t, nil, "import", "population", writeFile(t, "p.csv", "area_id,year,sex,age,count\nKU305,2024,all,40,9\nKU305,2024,all,x,9\n"), data), exitFailed, "nothing was published", "p.csv:3")
	wantCode(t, vointi(t, nil, "import", "population", writeFile(t, "e.csv", "area_id,year,sex,age,count\n"), data), exitFailed, "there are no figures")

	sotkanet := []string{"import", "sotkanet", "--sotkanet-address", url + "/rest", "--dry-run", data}
	wantCode(t, vointi(t, nil, append(sotkanet, "--sotkanet-indicator", "127", "--sotkanet-years", "2022,2023", "--sotkanet-areas", "KU305")...), exitDone,
		"left out: 1 of areas that are not wanted", "1 figure of json without faults")
	wantCode(t, vointi(t, nil, append(sotkanet, "--sotkanet-indicator", "127")...), exitFailed, "--sotkanet-years")
	wantCode(t, vointi(t, nil, sotkanet...), exitFailed, "what is to be imported?")
	wantCode(t, vointi(t, nil, "import", "sotkanet", writeFile(t, "s.json", "[]"), "--sotkanet-regions", writeFile(t, "r.json", "{}"), data), exitFailed, "no list of Sotkanet's regions")
}

func TestImportReference(t *testing.T) {
	data := "--data=" + t.TempDir()
	help := (&importAreasCommand{}).Help()
	_, file, _ := strings.Cut(help, "    areas:\n")
	file, _, _ = strings.Cut(file, "\n\n")
	areas := writeFile(t, "areas.yaml", "areas:\n"+file)
	wantCode(t, vointi(t, nil, "import", "areas", areas, "--dry-run", data), exitDone, "3 areas without faults (3 new")
	wantCode(t, vointi(t, nil, "import", "areas", "../../schemas/reference/areas.yaml", "--dry-run", data), exitDone, "areas without faults")
	wantCode(t, vointi(t, nil, "import", "areas", writeFile(t, "a.yaml", "areas: [{id: KU305, level: town}]"), data), exitFailed, "nothing was published", "level \"town\" is unknown")

	_, file, _ = strings.Cut((&importUnitCostsCommand{}).Help(), "    source: ")
	file, _, _ = strings.Cut(file, "\n\n")
	costs := writeFile(t, "costs.yaml", strings.ReplaceAll("source: "+file, "\n    ", "\n"))
	wantCode(t, vointi(t, nil, "import", "unit-costs", costs, "--dry-run", data), exitDone, "1 unit cost without faults (1 new")
	bad := writeFile(t, "c.csv", "service_code,price_year,base,source,placeholder\ngp,2017,10.005,THL,perhaps\ngp,2017,,THL,\ngp,x,1,,\na,2017,1,THL,\na,2017,2,THL,\n")
	wantCode(t, vointi(t, nil, "import", "unit-costs", bad, data), exitFailed, "nothing was published", "c.csv:2:9: base: must be euros", "placeholder: must be true or false",
		"c.csv:3:1: base: is required", "price_year: must be a year", "source: ", "c.csv:6:1: the cost of line 5 again")
	wantCode(t, vointi(t, nil, "import", "unit-costs", writeFile(t, "n.csv", "service_code\n"), data), exitFailed, "no unit costs")
}
