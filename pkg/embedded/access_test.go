package embedded_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vointi.fi/pkg/embedded"
	"vointi.fi/pkg/warehouse/warehousetest"
)

// readModel makes a small read model over secret facts, as the migrations do.
func readModel(t *testing.T) *embedded.ClickHouse {
	t.Helper()
	e := warehousetest.Engine(t)
	warehousetest.Empty(t)
	c := admin(t, e)
	for _, sql := range []string{
		"CREATE DATABASE vointi", "CREATE DATABASE vointi_internal",
		"CREATE TABLE vointi_internal.facts (a UInt32, s String) ENGINE = MergeTree ORDER BY a",
		"INSERT INTO vointi_internal.facts SELECT number, 'secret' FROM numbers(10)",
		"CREATE VIEW vointi.indicators DEFINER = default SQL SECURITY DEFINER AS SELECT a FROM vointi_internal.facts WHERE a < 5",
		"CREATE VIEW vointi.decision_indicators DEFINER = default SQL SECURITY DEFINER AS SELECT a FROM vointi.indicators",
		"CREATE VIEW vointi.dead_letters DEFINER = default SQL SECURITY DEFINER AS SELECT * FROM vointi_internal.facts",
		"CREATE VIEW vointi.areas DEFINER = default SQL SECURITY DEFINER AS SELECT 'KU305' AS area",
	} {
		c.must(sql)
	}
	return e
}

func TestReadersReadTheirViews(t *testing.T) {
	e := readModel(t)
	for name, test := range map[string]struct{ role, sql, want string }{
		"view":                  {"vointi_reader", "SELECT count() FROM vointi.indicators", "5"},
		"view without database": {"vointi_reader", "SELECT count() FROM indicators", "5"},
		"format":                {"vointi_reader", "SELECT count() AS n FROM vointi.indicators FORMAT CSVWithNames", "\"n\"\n5"},
		"with":                  {"vointi_reader", "WITH x AS (SELECT a FROM vointi.indicators), 3 AS k SELECT sum(a + k) FROM x", "25"},
		"subqueries":            {"vointi_reader", "SELECT count() FROM (SELECT a FROM vointi.indicators) WHERE a IN (SELECT a FROM vointi.decision_indicators)", "5"},
		"in a view":             {"vointi_reader", "SELECT count() FROM vointi.indicators WHERE a IN vointi.decision_indicators", "5"},
		"windows":               {"vointi_reader", "SELECT max(n) FROM (SELECT row_number() OVER (PARTITION BY a % 2 ORDER BY a) AS n FROM vointi.indicators)", "3"},
		"combinators":           {"vointi_reader", "SELECT countIf(a > 1), quantileExact(0.5)(a), sumOrNull(a) FROM vointi.indicators", "3\t2\t10"},
		"gaps":                  {"vointi_reader", "SELECT count() FROM (SELECT a FROM vointi.indicators ORDER BY a WITH FILL FROM 0 TO 9)", "9"},
		"hello":                 {"vointi_reader", "SELECT length(displayName()) > 0, length(version()) > 0, revision() > 0, timezone()", "1\t1\t1\tEtc/UTC"},
		"one":                   {"vointi_reader", "SELECT 1", "1"},
		"databases":             {"vointi_reader", "SHOW DATABASES", "vointi"},
		"tables":                {"vointi_reader", `SHOW TABLES FROM "vointi"`, "areas\ndecision_indicators\nindicators"},
		"describe":              {"vointi_reader", `DESC TABLE "vointi"."indicators"`, "a\tUInt32"},
		"columns":               {"vointi_reader", "SELECT database, table, name FROM system.columns WHERE database LIKE 'vointi%' ORDER BY ALL LIMIT 1", "vointi\tareas\tarea"},
		"system tables":         {"vointi_reader", "SELECT name FROM system.tables WHERE database != 'system' ORDER BY name", "areas\ndecision_indicators\nindicators"},
		"numbers":               {"vointi_reader", "SELECT sum(number) FROM numbers(4)", "6"},
		"decision":              {"vointi_decision", "SELECT count() FROM vointi.decision_indicators", "5"},
		"decision tables":       {"vointi_decision", "SHOW TABLES", "areas\ndecision_indicators"},
		"operator":              {"vointi_operator", "SELECT count() FROM vointi.dead_letters", "10"},
		"comment":               {"vointi_reader", "-- a comment\nSELECT /* here */ 'it''s; fine \\' -- so' AS s", `it\'s; fine \' -- so`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := strings.TrimSpace(reader(t, e, test.role).must(test.sql)); !strings.HasPrefix(got, test.want) {
				t.Errorf("%s\n got %q\nwant %q", test.sql, got, test.want)
			}
		})
	}
}

func TestReadersReachNothingElse(t *testing.T) {
	e := readModel(t)
	secret := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(secret, []byte("top-secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	outfile := filepath.Join(t.TempDir(), "out.txt")
	for name, sql := range map[string]string{
		"facts":                  "SELECT * FROM vointi_internal.facts",
		"facts in subquery":      "SELECT (SELECT max(s) FROM vointi_internal.facts)",
		"facts by in":            "SELECT 1 IN vointi_internal.facts",
		"facts described":        "DESC vointi_internal.facts",
		"facts in with":          "WITH x AS (SELECT * FROM vointi_internal.facts) SELECT * FROM x",
		"facts by join":          "SELECT * FROM vointi.indicators i JOIN vointi_internal.facts f ON f.a = i.a",
		"facts by union":         "SELECT 's' UNION ALL SELECT s FROM vointi_internal.facts",
		"facts by merge":         "SELECT * FROM merge('vointi_internal', '.*')",
		"facts by view function": "SELECT * FROM view(SELECT * FROM vointi_internal.facts)",
		"facts by remote":        "SELECT * FROM remote('127.0.0.1', vointi_internal.facts)",
		"facts by cluster":       "SELECT * FROM cluster('default', vointi_internal.facts)",
		"facts by parts":         "SELECT * FROM mergeTreeParts('vointi_internal', 'facts')",
		"facts by index":         "SELECT * FROM mergeTreeIndex('vointi_internal', 'facts')",
		"facts by join get":      "SELECT joinGet('vointi_internal.facts', 's', 1)",
		"facts by dictionary":    "SELECT dictGet('vointi_internal.facts', 's', 1)",
		"facts in definition":    "SHOW CREATE TABLE vointi.indicators",
		"operator's view":        "SELECT * FROM vointi.dead_letters",
		"operator's view, bare":  "SELECT * FROM dead_letters",
		"processes":              "SELECT query FROM system.processes",
		"show processes":         "SHOW PROCESSLIST",
		"settings":               "SELECT * FROM system.settings",
		"server settings":        "SELECT * FROM system.server_settings",
		"users":                  "SELECT * FROM system.users",
		"grants":                 "SHOW GRANTS",
		"query log":              "SELECT * FROM system.query_log",
		"parts":                  "SELECT * FROM system.parts",
		"information schema":     "SELECT * FROM information_schema.tables",
		"file as scalar":         "SELECT file('" + secret + "')",
		"file as table":          "SELECT * FROM file('" + secret + "', 'LineAsString')",
		"file by apply":          "SELECT * APPLY(file) FROM (SELECT '" + secret + "')",
		"file by lambda":         "SELECT * APPLY(x -> file(x)) FROM (SELECT '" + secret + "')",
		"file by higher order":   "SELECT arrayMap(x -> file(x), ['" + secret + "'])",
		"file in limit":          "SELECT 1 LIMIT length(file('" + secret + "'))",
		"file in order by":       "SELECT 1 ORDER BY file('" + secret + "')",
		"file in case":           "SELECT CASE WHEN 1 THEN FILE('" + secret + "') END",
		"file in offset":         "SELECT 1 OFFSET length(file('" + secret + "'))",
		"file in limit by":       "SELECT a FROM vointi.indicators LIMIT 1 BY file('" + secret + "')",
		"file in fill":           "SELECT a FROM vointi.indicators ORDER BY a WITH FILL FROM length(file('" + secret + "')) TO 2",
		"file in interpolate":    "SELECT a, 'x' AS s FROM vointi.indicators ORDER BY a WITH FILL TO 9 INTERPOLATE (s AS file('" + secret + "'))",
		"file in partition":      "SELECT count() OVER (PARTITION BY file('" + secret + "'))",
		"file in window":         "SELECT count() OVER w FROM vointi.indicators WINDOW w AS (ORDER BY file('" + secret + "'))",
		"file in frame":          "SELECT count() OVER (ORDER BY a ROWS length(file('" + secret + "')) PRECEDING) FROM vointi.indicators",
		"file in parameters":     "SELECT quantile(length(file('" + secret + "')))(a) FROM vointi.indicators",
		"file in grouping sets":  "SELECT 1 FROM vointi.indicators GROUP BY GROUPING SETS ((file('" + secret + "')), (a))",
		"file in array join":     "SELECT s FROM vointi.indicators ARRAY JOIN [file('" + secret + "')] AS s",
		"file in join":           "SELECT 1 FROM vointi.indicators a JOIN vointi.indicators b ON file('" + secret + "') = 'x'",
		"file in distinct on":    "SELECT DISTINCT ON (file('" + secret + "')) a FROM vointi.indicators",
		"file in qualify":        "SELECT a, count() OVER () AS n FROM vointi.indicators QUALIFY file('" + secret + "') = 'x'",
		"file in having":         "SELECT count() FROM vointi.indicators HAVING file('" + secret + "') = 'top-secret'",
		"file in in":             "SELECT 'x' IN (file('" + secret + "'), 'y')",
		"file in tuple":          "SELECT ('x', file('" + secret + "'))",
		"file in interval":       "SELECT now() + INTERVAL length(file('" + secret + "')) DAY",
		"file in between":        "SELECT 'x' BETWEEN file('" + secret + "') AND 'z'",
		"file in cast":           "SELECT file('" + secret + "')::String",
		"file in replace":        "SELECT * REPLACE (file('" + secret + "') AS a) FROM vointi.indicators",
		"file in table function": "SELECT * FROM numbers(length(file('" + secret + "')))",
		"file in with":           "WITH file('" + secret + "') AS s SELECT s",
		"file in described":      "DESC (SELECT file('" + secret + "'))",
		"file in shown":          "SHOW TABLES WHERE name = file('" + secret + "')",
		"file in alias of limit": "SELECT 1 AS n LIMIT n + length(file('" + secret + "'))",
		"file, quoted name":      "SELECT `file`('" + secret + "')",
		"file, hidden by alias":  "SELECT file('" + secret + "') AS `x (children 0)`",
		"file, name with break":  "SELECT file('" + secret + "') AS `x\n`",
		"url":                    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
		"s3":                     "SELECT * FROM s3('http://127.0.0.1:1/x', 'LineAsString')",
		"executable":             "SELECT * FROM executable('x.sh', 'LineAsString', 'a String')",
		"input":                  "SELECT * FROM input('a String')",
		"outfile":                "SELECT 1 INTO OUTFILE '" + outfile + "'",
		"set role":               "SET ROLE admin",
		"set":                    "SET readonly = 0",
		"settings clause":        "SELECT 1 SETTINGS max_execution_time = 0",
		"settings in subquery":   "SELECT * FROM (SELECT 1 SETTINGS readonly = 0)",
		"kill":                   "KILL QUERY WHERE 1",
		"execute as":             "EXECUTE AS default SELECT 1",
		"execute as, no more":    "EXECUTE AS default",
		"two statements":         "SELECT 1; SELECT 2",
		"role after a statement": "SELECT 1; SET ROLE admin",
		"parallel with":          "SELECT 1 PARALLEL WITH SELECT 2",
		"system":                 "SYSTEM FLUSH LOGS",
		"create":                 "CREATE TABLE vointi.x (a Int8) ENGINE = Memory",
		"temporary":              "CREATE TEMPORARY TABLE x (a Int8)",
		"function":               "CREATE FUNCTION f AS (x) -> file(x)",
		"drop":                   "DROP VIEW vointi.indicators",
		"insert":                 "INSERT INTO vointi_internal.facts VALUES (1, 'x')",
		"insert select":          "INSERT INTO vointi_internal.facts SELECT 1, 'x'",
		"insert into function":   "INSERT INTO FUNCTION file('" + outfile + "', 'CSV', 'a Int8') VALUES (1)",
		"with insert":            "WITH x AS (SELECT 1, 'x') INSERT INTO vointi_internal.facts SELECT * FROM x",
		"alter":                  "ALTER TABLE vointi_internal.facts DELETE WHERE 1",
		"grant":                  "GRANT admin TO default",
		"backup":                 "BACKUP DATABASE vointi_internal TO File('x')",
		"attach":                 "ATTACH TABLE vointi_internal.facts",
		"use":                    "USE vointi_internal",
		"explain":                "EXPLAIN SELECT * FROM vointi_internal.facts",
		"explain estimate":       "EXPLAIN ESTIMATE SELECT * FROM vointi.indicators",
		"get setting":            "SELECT getSetting('max_threads')",
		"macro":                  "SELECT getMacro('x')",
		"sleep":                  "SELECT sleep(1)",
		"current user":           "SELECT currentUser()",
		"host":                   "SELECT hostName()",
		"show settings":          "SHOW SETTINGS LIKE '%'",
		"show functions":         "SHOW FUNCTIONS",
		"show clusters":          "SHOW CLUSTERS",
		"check":                  "CHECK TABLE vointi_internal.facts",
		"nothing":                "",
		"nonsense":               "SELECT FROM WHERE",
	} {
		t.Run(name, func(t *testing.T) {
			a := reader(t, e, "vointi_reader").do(sql)
			if a.status == 200 || a.header.Get("X-ClickHouse-Exception-Code") == "" || strings.Contains(a.body, "top-secret") {
				t.Errorf("%s: %d %s", sql, a.status, a.body)
			}
		})
	}
	if _, err := os.Stat(outfile); err == nil {
		t.Error("a reader wrote a file")
	}
	clean(t, e)
}

func TestReadersCannotUseTheURL(t *testing.T) {
	e := readModel(t)
	for name, params := range map[string][]string{
		"role":             {"role=admin"},
		"readonly off":     {"readonly=0"},
		"write setting":    {"async_insert=1"},
		"introspection":    {"allow_introspection_functions=1"},
		"path":             {"user_files_path=/"},
		"other database":   {"database=vointi_internal"},
		"system database":  {"database=system"},
		"session":          {"session_id=a"},
		"unknown setting":  {"nonsense=1"},
		"broken setting":   {"max_threads=many"},
		"name as setting":  {"a = 1, readonly=1"},
		"overflow mode":    {"result_overflow_mode=break"},
		"table as value":   {"param_t=vointi_internal.facts", "query=SELECT * FROM {t:Identifier}"},
		"log comment":      {"log_comment=x', readonly = '0", "query=SELECT * FROM vointi_internal.facts"},
		"second statement": {"query=SELECT 1;", "query=SELECT 2"},
	} {
		t.Run(name, func(t *testing.T) {
			if a := reader(t, e, "vointi_reader").do("SELECT 1", params...); a.status == 200 {
				t.Errorf("%v: %s", params, a.body)
			}
		})
	}
	c := reader(t, e, "vointi_reader")
	if got := c.must("SELECT count() FROM {t:Identifier}", "param_t=indicators", "max_execution_time=10", "session_timezone=Europe/Helsinki"); got != "5\n" {
		t.Errorf("got %q", got)
	}
	clean(t, e)
}

func TestReadersHaveLimits(t *testing.T) {
	e := readModel(t)
	c := reader(t, e, "vointi_reader")
	for name, test := range map[string]struct {
		sql, code string
		params    []string
	}{
		"time":       {"SELECT sum(sipHash64(number)) FROM numbers(1000000000000)", "159", []string{"max_execution_time=1"}},
		"rows":       {"SELECT number FROM numbers(2000000)", "396", nil},
		"fewer rows": {"SELECT number FROM numbers(20)", "396", []string{"max_result_rows=10"}},
		"not more":   {"SELECT number FROM numbers(2000000)", "396", []string{"max_result_rows=0"}},
		"memory":     {"SELECT groupArray(number) FROM numbers(100000000)", "241", []string{"max_memory_usage=1000000"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := c.do(test.sql, test.params...)
			if got := a.header.Get("X-ClickHouse-Exception-Code"); got != test.code && !strings.Contains(a.body, "Code: "+test.code) {
				t.Errorf("%s: %d %.200s", test.sql, a.status, a.body)
			}
		})
	}
}

// clean shows that nothing a user did stays: the next one has its own role, settings and database.
func clean(t *testing.T, e *embedded.ClickHouse) {
	t.Helper()
	for range 5 {
		a := admin(t, e)
		if got := a.must("SELECT currentRoles(), getSetting('readonly'), currentDatabase(), countIf(name = 'x') FROM system.tables"); got != "['admin']\t0\tdefault\t0\n" {
			t.Fatalf("the session of the full user is %q", got)
		}
		a.must("SET max_result_rows = 1")
		a.must("SET ROLE vointi_operator")
		r := reader(t, e, "vointi_reader")
		if got := r.must("SELECT currentDatabase(), count() FROM numbers(7) WHERE number IN (SELECT number FROM numbers(7))"); got != "vointi\t7\n" {
			t.Fatalf("the session of a reader is %q", got)
		}
	}
}

func TestAuthentication(t *testing.T) {
	e := warehousetest.Engine(t)
	for name, test := range map[string]struct {
		user, password string
		status         int
	}{
		"full user":            {embedded.AdminUser, e.Password(), 200},
		"wrong password":       {embedded.AdminUser, "x", 403},
		"no password":          {embedded.AdminUser, "", 403},
		"the engine's user":    {"default", "", 403},
		"a role of the engine": {"admin", "", 403},
		"unknown":              {"nobody", "", 403},
		"nobody":               {"", "", 401},
		"reader with password": {"vointi_reader", "x", 403},
	} {
		t.Run(name, func(t *testing.T) {
			c := &client{t, e.Addr(), test.user, test.password}
			if a := c.do("SELECT 1"); a.status != test.status {
				t.Errorf("%d %s", a.status, a.body)
			}
		})
	}
	t.Run("headers", func(t *testing.T) {
		c := &client{t, e.Addr(), "", ""}
		a := c.send("POST", strings.NewReader("SELECT 1"), map[string][]string{
			"Authorization": nil, "X-Clickhouse-User": {embedded.AdminUser}, "X-Clickhouse-Key": {e.Password()},
		})
		if a.body != "1\n" {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
	t.Run("url", func(t *testing.T) {
		c := &client{t, e.Addr(), "", ""}
		a := c.send("POST", strings.NewReader("SELECT 1"), map[string][]string{"Authorization": nil}, "user="+embedded.AdminUser, "password="+e.Password())
		if a.body != "1\n" {
			t.Errorf("%d %s", a.status, a.body)
		}
	})
}
