package provisioner_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"vointi.fi/dashboards"
	"vointi.fi/services/provisioner"
)

func TestWriteProvisionsSourcesAndDashboards(t *testing.T) {
	dir := t.TempDir()
	sources := provisioner.Sources{ClickHouseURL: "http://127.0.0.1:8123", Password: "pa$$word", PrometheusURL: "http://127.0.0.1:9090"}
	if err := provisioner.Write(dir, sources); err != nil {
		t.Fatal(err)
	}
	var y struct {
		Datasources []struct {
			UID            string
			Type           string
			JSONData       map[string]any    `yaml:"jsonData"`
			SecureJSONData map[string]string `yaml:"secureJsonData"`
		}
	}
	read(t, filepath.Join(dir, "provisioning", "datasources", "vointi.yaml"), &y)
	if len(y.Datasources) != 2 || y.Datasources[0].UID != dashboards.ClickHouseUID || y.Datasources[1].UID != dashboards.PrometheusUID {
		t.Fatalf("data sources %+v", y.Datasources)
	}
	if got := y.Datasources[0]; got.JSONData["port"] != 8123 || got.JSONData["username"] != "vointi_reader" || got.SecureJSONData["password"] != "pa$$$$word" {
		t.Errorf("ClickHouse source %+v", got)
	}
	var providers struct {
		Providers []struct{ Options map[string]string }
	}
	read(t, filepath.Join(dir, "provisioning", "dashboards", "vointi.yaml"), &providers)
	all, err := dashboards.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		got, err := os.ReadFile(filepath.Join(providers.Providers[0].Options["path"], d.File))
		if err != nil || !bytes.Equal(got, d.JSON) {
			t.Errorf("dashboard %s: %v", d.File, err)
		}
	}
}

func read(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

func TestWriteHidesPasswordsAndLeavesEqualFilesAlone(t *testing.T) {
	dir := t.TempDir()
	sources := provisioner.Sources{ClickHouseURL: "http://127.0.0.1:8123", Password: "secret"}
	path := filepath.Join(dir, "provisioning", "datasources", "vointi.yaml")
	if err := provisioner.Write(dir, sources); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if before.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, the file holds a password", before.Mode())
	}
	if err := provisioner.Write(dir, sources); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.Stat(path); !os.SameFile(before, after) || !after.ModTime().Equal(before.ModTime()) {
		t.Error("an equal file was written again")
	}
	if err := provisioner.Write(dir, provisioner.Sources{ClickHouseURL: "nonsense"}); err == nil {
		t.Error("a bad URL must be refused")
	}
}

func TestDeployedFilesAreUpToDate(t *testing.T) {
	dir := t.TempDir()
	if err := provisioner.WriteDeployed(dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"provisioning/datasources/vointi.yaml", "provisioning/dashboards/vointi.yaml"} {
		want, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("../../deploy/grafana", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("deploy/grafana/%s differs from its generator (%v): run go run ./services/provisioner/gen", name, err)
		}
		if strings.Contains(string(want), "secret") {
			t.Errorf("%s holds a secret", name)
		}
	}
}
