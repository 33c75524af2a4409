package e2e

import (
	"encoding/xml"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vointi.fi/pkg/embedded"
	"vointi.fi/pkg/warehouse"
	"vointi.fi/schemas"
)

// role is one of deploy/clickhouse/users.d.
type role struct {
	XMLName xml.Name
	Grants  struct {
		Query []string `xml:"query"`
	} `xml:"grants"`
}

func roles(t *testing.T) map[string][]string {
	t.Helper()
	var file struct {
		Roles struct {
			All []role `xml:",any"`
		} `xml:"roles"`
	}
	if err := xml.Unmarshal(read(t, "deploy/clickhouse/users.d/vointi.xml"), &file); err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, r := range file.Roles.All {
		all[r.XMLName.Local] = r.Grants.Query
	}
	return all
}

func TestReadingRolesAreThoseOfTheEmbeddedEngine(t *testing.T) {
	all := roles(t)
	for _, r := range embedded.Roles() {
		var want []string
		for _, view := range r.Views {
			want = append(want, "GRANT SELECT, SHOW TABLES, SHOW COLUMNS ON vointi."+view)
		}
		for _, view := range r.Except {
			want = append(want, "REVOKE ALL ON vointi."+view)
		}
		name := "role_" + strings.TrimPrefix(r.Name, "vointi_")
		got := slices.DeleteFunc(slices.Clone(all[name]), func(q string) bool { return strings.Contains(q, " ON vointi_internal.") })
		if !slices.Equal(got, want) {
			t.Errorf("%s is\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// engine opens a real engine with the roles of deploy/clickhouse, all of them granted to its only user.
func engine(t *testing.T) *embedded.Engine {
	t.Helper()
	library, err := embedded.FindLibrary()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(embedded.LibraryEnv, library)
	dir := t.TempDir()
	users := string(read(t, "deploy/clickhouse/users.d/vointi.xml"))
	users = regexp.MustCompile(`<password from_env="[A-Z_]+"/>`).ReplaceAllString(users, "<no_password/>")
	grants := "<query>GRANT role_all</query>"
	for name := range roles(t) {
		grants += "<query>GRANT " + name + "</query>"
	}
	// The user itself has nothing but roles, so that SET ROLE leaves it with one.
	users = strings.Replace(users, "<query>GRANT ALL ON *.* WITH GRANT OPTION</query>", grants, 1)
	users = strings.Replace(users, "<roles>", "<quotas><default/></quotas><roles><role_all><grants><query>GRANT ALL ON *.* WITH GRANT OPTION</query></grants></role_all>", 1)
	improvements := regexp.MustCompile(`(?s)<access_control_improvements>.*</access_control_improvements>`).Find(read(t, "deploy/clickhouse/config.d/vointi.xml"))
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	config := write("config.xml", fmt.Sprintf("<clickhouse><users_config>%s</users_config><timezone>UTC</timezone>%s</clickhouse>", write("users.xml", users), improvements))
	e, err := embedded.OpenEngine(filepath.Join(dir, "data"), "--config-file="+config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// as opens a connection that holds one role.
func as(t *testing.T, e *embedded.Engine, name string) *embedded.Conn {
	t.Helper()
	conn, err := e.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if _, err := conn.Exec("SET ROLE "+name, "Null"); err != nil {
		t.Fatal(err)
	}
	return conn
}

// TestClickHouseRoles: the migrator can make the whole schema, and then each role can do its work and nothing else.
func TestClickHouseRoles(t *testing.T) {
	e := engine(t)
	migrator := as(t, e, "role_migrator")
	files, err := fs.Glob(schemas.FS, "clickhouse/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := fs.ReadFile(schemas.FS, file)
		if err != nil {
			t.Fatal(err)
		}
		for _, sql := range warehouse.Statements(string(text)) {
			if _, err := migrator.Exec(sql, "Null"); err != nil {
				t.Fatalf("%s: %v\n%.300s", file, err, sql)
			}
		}
	}
	for name, test := range map[string]struct{ may, mayNot []string }{
		"role_ingester": {
			may: []string{
				"INSERT INTO vointi_internal.facts_checkin (scope) VALUES ('S1')", "INSERT INTO vointi_internal.receipts (sequence) VALUES (1)",
				"INSERT INTO vointi_internal.dead_letters (sequence) VALUES (1)", "INSERT INTO vointi_internal.changes (wseq) VALUES (1)",
				"INSERT INTO vointi_internal.keys (scope) VALUES ('S1')", "SELECT count() FROM vointi_internal.receipts", "DESCRIBE TABLE vointi_internal.facts_cost",
			},
			mayNot: []string{
				"SELECT count() FROM vointi_internal.facts_checkin", "INSERT INTO vointi_internal.publications (area) VALUES ('KU305')",
				"ALTER TABLE vointi_internal.facts_checkin DELETE WHERE 1", "SELECT * FROM vointi.indicators",
			},
		},
		"role_aggregator": {
			may: []string{
				"SELECT count() FROM vointi_internal.facts_checkin", "INSERT INTO vointi_internal.cells (area) VALUES ('KU305')",
				"INSERT INTO vointi_internal.publications (area) VALUES ('KU305')", "INSERT INTO vointi_internal.journal (gen) VALUES (1)",
				"INSERT INTO vointi_internal.comparisons (area) VALUES ('KU305')", "SELECT count() FROM vointi.targets",
				"SYSTEM STOP MERGES vointi_internal.publications", "SYSTEM STOP MERGES vointi_internal.publication_log",
				"SYSTEM START MERGES vointi_internal.publications", "SYSTEM START MERGES vointi_internal.publication_log",
				"DROP DATABASE IF EXISTS vointi_rebuild", "CREATE DATABASE vointi_rebuild",
				"DELETE FROM vointi_internal.changes WHERE wseq = 0", "ALTER TABLE vointi_internal.journal DROP PARTITION 0", "CREATE TABLE vointi_rebuild.answers AS vointi_internal.answers",
				"EXCHANGE TABLES vointi_rebuild.answers AND vointi_internal.answers",
				"CREATE TABLE vointi_rebuild.silent_sessions AS vointi_internal.silent_sessions", "EXCHANGE TABLES vointi_rebuild.silent_sessions AND vointi_internal.silent_sessions",
				"INSERT INTO vointi_internal.silent_sessions (area) VALUES ('KU305')", "INSERT INTO vointi_internal.withheld (area) VALUES ('KU305')",
				"CREATE TABLE vointi_rebuild.shifts AS vointi_internal.shifts", "EXCHANGE TABLES vointi_rebuild.shifts AND vointi_internal.shifts",
				"CREATE TABLE vointi_rebuild.postings AS vointi_internal.postings", "EXCHANGE TABLES vointi_rebuild.postings AND vointi_internal.postings", "CREATE TABLE vointi_rebuild.cells AS vointi_internal.cells",
				"INSERT INTO vointi_rebuild.cells (area) VALUES ('KU305')", "EXCHANGE TABLES vointi_rebuild.cells AND vointi_internal.cells", "DROP DATABASE vointi_rebuild",
			},
			mayNot: []string{
				"INSERT INTO vointi_internal.facts_checkin (scope) VALUES ('S1')", "TRUNCATE TABLE vointi_internal.receipts",
				"DROP TABLE vointi_internal.facts_checkin", "CREATE DATABASE other", "SYSTEM STOP MERGES vointi_internal.facts_checkin",
			},
		},
		"role_eraser": {
			may: []string{
				"SELECT count() FROM vointi_internal.facts_checkin", "ALTER TABLE vointi_internal.facts_checkin DELETE WHERE 1", "ALTER TABLE vointi_internal.journal DELETE WHERE gen < 1",
				"INSERT INTO vointi_internal.receipts (sequence) VALUES (1)", "INSERT INTO vointi_internal.changes (wseq) VALUES (1)",
				"INSERT INTO vointi_internal.tombstones (hash) VALUES ('x')", "INSERT INTO vointi_internal.erasures (what) VALUES ('x')", "DROP DATABASE IF EXISTS vointi_verify SYNC",
			},
			mayNot: []string{
				"INSERT INTO vointi_internal.facts_checkin (scope) VALUES ('S1')", "ALTER TABLE vointi_internal.publications DELETE WHERE 1",
				"ALTER TABLE vointi_internal.tombstones DELETE WHERE 1", "ALTER TABLE vointi_internal.facts_cost DELETE WHERE 1", "DROP TABLE vointi_internal.facts_checkin",
			},
		},
		"role_evaluator": {
			may: []string{
				"SELECT count() FROM vointi.indicators", "SELECT count() FROM vointi.areas", "SELECT count() FROM vointi.unit_costs", "SELECT inputs.name FROM vointi.estimates", "SELECT count() FROM vointi_internal.facts_cost",
				"SELECT count() FROM vointi_internal.facts_project", "SELECT count() FROM vointi_internal.facts_service_use", "SELECT count() FROM vointi_internal.unallocated FINAL", "SELECT count() FROM vointi_internal.panel_changes",
				"INSERT INTO vointi_internal.programmes (programme) VALUES ('p')", "INSERT INTO vointi_internal.estimates (estimate_id) VALUES ('p/cost')",
				"INSERT INTO vointi_internal.estimate_points (estimate_id) VALUES ('p/cost')", "SELECT inputs.name FROM vointi_internal.estimates FINAL",
			},
			mayNot: []string{
				"SELECT count() FROM vointi_internal.facts_checkin", "SELECT count() FROM vointi_internal.facts_response", "SELECT count() FROM vointi_internal.cells",
				"SELECT count() FROM vointi_internal.sessions", "SELECT count() FROM vointi_internal.publications", "INSERT INTO vointi_internal.publications (area) VALUES ('KU305')", "ALTER TABLE vointi_internal.estimates DELETE WHERE 1",
			},
		},
		"role_operator": {
			may:    []string{"SELECT * FROM vointi.reconciliation", "SELECT * FROM vointi.withheld", "SELECT count() FROM vointi_internal.dead_letters", "INSERT INTO vointi_internal.redrives (sequence) VALUES (1)"},
			mayNot: []string{"SELECT * FROM vointi.indicators", "SELECT count() FROM vointi_internal.facts_checkin", "ALTER TABLE vointi_internal.dead_letters DELETE WHERE 1"},
		},
		"role_reader": {
			may: []string{
				"SELECT * FROM vointi.indicators", "SELECT * FROM vointi.catalogue", "SELECT * FROM vointi.comparisons", "SELECT * FROM vointi.targets", "SELECT * FROM vointi.venues", "SELECT * FROM vointi.data_gaps", "SELECT * FROM vointi.withheld", "SELECT * FROM vointi.practices", "SELECT * FROM vointi.practice_links", "SELECT * FROM vointi.priorities", "SELECT * FROM vointi.unit_costs", "SELECT * FROM vointi.imported",
				"SELECT * FROM vointi.programmes", "SELECT inputs.name, inputs.value FROM vointi.estimates", "SELECT * FROM vointi.estimate_points",
			},
			mayNot: []string{"SELECT * FROM vointi.reconciliation", "SELECT * FROM vointi.dead_letters", "SELECT count() FROM vointi_internal.publications", "SELECT count() FROM vointi_internal.comparisons", "SELECT count() FROM vointi_internal.withheld", "SELECT count() FROM vointi_internal.facts_shift", "SELECT * FROM url('http://127.0.0.1:1/')", "INSERT INTO vointi.indicators (area) VALUES ('X')"},
		},
		"role_decision": {
			may: []string{
				"SELECT * FROM vointi.decision_indicators", "SELECT * FROM vointi.areas", "SELECT * FROM vointi.decision_comparisons", "SELECT * FROM vointi.decision_targets",
				"SELECT * FROM vointi.decision_programmes", "SELECT * FROM vointi.decision_estimates", "SELECT * FROM vointi.decision_estimate_points",
			},
			mayNot: []string{"SELECT * FROM vointi.indicators", "SELECT * FROM vointi.comparisons", "SELECT * FROM vointi.targets", "SELECT * FROM vointi.unit_costs", "SELECT * FROM vointi.estimates", "SELECT count() FROM vointi_internal.facts_checkin"},
		},
		"role_migrator": {
			may:    []string{"SHOW TABLES FROM vointi_internal"},
			mayNot: []string{"GRANT SELECT ON *.* TO default", "SELECT * FROM system.users", "DROP DATABASE vointi", "SELECT * FROM file('/etc/passwd', 'LineAsString')"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			conn := as(t, e, name)
			for _, sql := range test.may {
				if _, err := conn.Exec(sql, "Null"); err != nil {
					t.Errorf("may not %s: %v", sql, err)
				}
			}
			for _, sql := range test.mayNot {
				if _, err := conn.Exec(sql, "Null"); err == nil || !strings.Contains(err.Error(), "ACCESS_DENIED") {
					t.Errorf("may %s: %v", sql, err)
				}
			}
		})
	}
}
