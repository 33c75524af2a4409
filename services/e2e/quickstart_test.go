package e2e

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// checkin is a card visit of the person of a number, in Kuusamo.
func checkin(person int, at time.Time) string {
	return fmt.Sprintf(`{"specversion": "1.0", "id": "e2e-%d", "source": "/kuusamo/kortti", "type": "fi.vointi.participation.checkin.v1",
		"time": %q, "subject": "S1", "areaid": "KU305", "datacontenttype": "application/json",
		"data": {"session_id": "S1", "person_pseudonym": "%032x", "checked_in_at": %q, "channel": "card",
		"venue_id": "V1", "venue_area_id": "KU305", "home_area_id": "KU305", "birth_year": 1985, "sex": "2", "activity_type": "nature",
		"provider_id": "ORG1", "key_version": 1}}`,
		person, at.Format(time.RFC3339), person, at.Format(time.RFC3339))
}

func visitsOn(day string) string {
	return fmt.Sprintf("SELECT value FROM vointi.indicators WHERE indicator = 'participation-visits' AND area = 'KU305' AND period_type = 'day' "+
		"AND period_start = '%s' AND age_group = 'all' AND sex = 'all' AND member = 'all'", day)
}

// finnishDay is the day in Finland.
func finnishDay(at time.Time) string {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return at.In(helsinki).Format(time.DateOnly)
}

// TestREADMEQuickStart runs the commands of the README's quick start as they stand there, but for the ports.
func TestREADMEQuickStart(t *testing.T) {
	_, section, _ := strings.Cut(string(read(t, "README.md")), "\n## Quick start\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := strings.Split(section, "\n```\n")
	i := up(t, filepath.Join(t.TempDir(), "data"))
	addresses := strings.NewReplacer("http://127.0.0.1:8080", i.report, "http://127.0.0.1:8123", i.clickhouse)
	var commands []string
	for n := 1; n < len(blocks); n += 2 {
		for _, command := range strings.Split(strings.TrimSpace(blocks[n]), "\ncurl ") {
			if command = strings.TrimPrefix(command, "curl "); !strings.HasPrefix(command, "make ") {
				commands = append(commands, "curl "+addresses.Replace(command))
			}
		}
	}
	if len(commands) < 3 {
		t.Fatalf("the quick start has %d curl commands: %q", len(commands), commands)
	}
	for n, command := range commands {
		out, err := exec.CommandContext(t.Context(), "bash", "-c", command).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", command, err, out)
		}
		if n == 0 && !strings.Contains(string(out), `"id":"my-first"`) {
			t.Errorf("%s answers %s", command, out)
		}
		if n > 0 && strings.Contains(strings.ToLower(string(out)), "error") || strings.Contains(string(out), "DB::Exception") {
			t.Errorf("%s answers %s", command, out)
		}
	}
	i.eventually("SELECT DISTINCT suppressed FROM vointi.indicators WHERE area = 'KU305' AND indicator = 'participation-visits' AND period_type = 'year' AND period_start = '2024-01-01'", "protected")
	i.interrupt()
}

// TestQuickStart is the README's: everything up on an empty folder, an event in, its indicator out, Ctrl-C, up again.
func TestQuickStart(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	at := time.Now().UTC().Add(-time.Hour).Truncate(time.Second)
	day := finnishDay(at)

	first := up(t, data)
	for person := range 6 { // fewer than five would be protected
		first.post(checkin(person, at))
	}
	first.post(checkin(1, at)) // from a client that never got its answer
	first.eventually(visitsOn(day), "6")
	if status, page := first.get("/"); status != http.StatusOK || !strings.Contains(page, "</html>") {
		t.Errorf("the report: %d %.200s", status, page)
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/v1/indicators?indicator=participation-visits&area=KU305"} {
		if status, text := first.get(path); status != http.StatusOK {
			t.Errorf("%s: %d %.300s", path, status, text)
		}
	}
	if out, code := first.command("reconcile", "--data", data); code != 0 || !strings.Contains(out, "without a receipt        0") {
		t.Errorf("reconcile: %d %s", code, out)
	}
	if out, code := first.command("up", "--data", data, "--listen", "127.0.0.1:0"); code != 1 || !strings.Contains(out, "another vointi up") {
		t.Errorf("a second instance on the same folder: %d %s", code, out)
	}
	if _, err := first.ask("vointi_reader", "SELECT count() FROM vointi_internal.facts_checkin"); err == nil {
		t.Error("the reader reads facts")
	}
	first.interrupt()

	second := up(t, data)
	second.eventually(visitsOn(day), "6")
	second.post(checkin(6, at))
	second.eventually(visitsOn(day), "7")
	if out, code := second.command("recompute", "--verify", "--data", data); code != 0 {
		t.Errorf("recompute --verify: %d %s", code, out)
	}
	second.interrupt()
}

// TestSecretsStaySecret: what `up` keeps is for its owner only, and no password is on a command line.
func TestSecretsStaySecret(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	i := up(t, data)
	password, err := os.ReadFile(filepath.Join(data, "clickhouse", "password"))
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.TrimSpace(string(password))
	for _, name := range []string{"clickhouse/password", "nats/passwords.json", "participation-keys.json", clientFile} {
		info, err := os.Stat(filepath.Join(data, name))
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others: %v", name, info.Mode())
		}
	}
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range lines {
		if line, err := os.ReadFile(path); err == nil && strings.Contains(string(line), secret) {
			t.Errorf("the password is on the command line %q", line)
		}
	}
	if strings.Contains(i.output()+i.stderr.String(), secret) {
		t.Error("the password was printed")
	}
	i.interrupt()
}

const clientFile = "client.yaml"
