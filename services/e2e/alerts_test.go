package e2e

import (
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"vointi.fi/dashboards"
)

type alert struct {
	Alert, Expr string
	Labels      map[string]string
	Annotations map[string]string
}

func alerts(t *testing.T) (all []alert) {
	t.Helper()
	var file struct {
		Groups []struct{ Rules []alert }
	}
	if err := yaml.Unmarshal(read(t, "deploy/prometheus/alerts.yml"), &file); err != nil {
		t.Fatal(err)
	}
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) < 5 {
		t.Errorf("only %d alerts", len(all))
	}
	return all
}

// TestEveryAlertHasItsPage, and every page of the runbook its alert.
func TestEveryAlertHasItsPage(t *testing.T) {
	_, runbook, _ := strings.Cut(string(read(t, "deploy/README.md")), "\n# Runbook\n")
	pages := map[string]string{}
	for _, section := range strings.Split(runbook, "\n## ")[1:] {
		title, text, _ := strings.Cut(section, "\n")
		pages[title] = text
	}
	for _, a := range alerts(t) {
		for _, part := range []string{"**Means:**", "**Look:**", "**Do:**"} {
			if !strings.Contains(pages[a.Alert], part) {
				t.Errorf("the page of %s has no %s", a.Alert, part)
			}
		}
		delete(pages, a.Alert)
		if want := "deploy/README.md#" + strings.ToLower(a.Alert); a.Annotations["runbook"] != want || a.Annotations["summary"] == "" {
			t.Errorf("%s: annotations %v, want runbook %s and a summary", a.Alert, a.Annotations, want)
		}
		if s := a.Labels["severity"]; s != "page" && s != "ticket" {
			t.Errorf("%s: severity %q", a.Alert, s)
		}
	}
	for title := range pages {
		t.Errorf("the runbook's page %s has no alert", title)
	}
}

var metricName = regexp.MustCompile(`\bvointi_[a-z0-9_]+`)

// TestAlertsAndPanelsUseMetricsThatExist, in a process that has done nothing yet: an alert on a series that appears only
// with the first failure would miss it. And what is measured is looked at: each metric of ours is on a panel or an alert.
func TestAlertsAndPanelsUseMetricsThatExist(t *testing.T) {
	i := up(t, filepath.Join(t.TempDir(), "data"))
	defer i.interrupt()
	status, text := i.get("/metrics")
	if status != http.StatusOK {
		t.Fatalf("/metrics: %d", status)
	}
	used := map[string]string{}
	for _, a := range alerts(t) {
		for _, name := range metricName.FindAllString(a.Expr, -1) {
			used[name] = "alert " + a.Alert
		}
	}
	all, err := dashboards.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		for _, p := range d.Panels {
			for _, target := range p.Targets {
				for _, name := range metricName.FindAllString(target.PromQL, -1) {
					used[name] = "panel " + p.Title
				}
			}
		}
	}
	if len(used) < 10 {
		t.Errorf("only %d metrics in use", len(used))
	}
	for name, by := range used {
		if !regexp.MustCompile(`(?m)^` + name + `[ {]`).MatchString(text) {
			t.Errorf("%s uses %s, which does not exist", by, name)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (vointi_[a-z0-9_]+) (\w+)`).FindAllStringSubmatch(text, -1) {
		name := m[1]
		if m[2] == "histogram" {
			name += "_bucket"
		}
		if used[name] == "" && used[m[1]+"_sum"] == "" {
			t.Errorf("%s is measured, and on no panel and no alert", m[1])
		}
	}
}

func TestPrometheusScrapesWhatComposeRuns(t *testing.T) {
	project, _ := compose(t)
	var config struct {
		RuleFiles     []string `yaml:"rule_files"`
		ScrapeConfigs []struct {
			Authorization struct {
				File string `yaml:"credentials_file"`
			}
			DNS []struct {
				Names []string
				Port  int
			} `yaml:"dns_sd_configs"`
		} `yaml:"scrape_configs"`
	}
	if err := yaml.Unmarshal(read(t, "deploy/prometheus/prometheus.yml"), &config); err != nil {
		t.Fatal(err)
	}
	scrape := config.ScrapeConfigs[0]
	var serving []string
	for name, s := range ours(project) {
		if s.Environment["VOINTI_LISTEN"] != nil {
			serving = append(serving, name)
		}
		if hosts := s.Environment["VOINTI_HOSTS"]; hosts != nil && *hosts != name {
			t.Errorf("%s answers to %s: Prometheus is turned away", name, *hosts)
		}
	}
	if !sameSet(scrape.DNS[0].Names, serving) || scrape.DNS[0].Port != 8080 {
		t.Errorf("it scrapes %v, compose runs %v", scrape.DNS[0].Names, serving)
	}
	if secrets := project.Services["prometheus"].Secrets; len(secrets) != 1 || scrape.Authorization.File != "/run/secrets/"+secrets[0].Source {
		t.Errorf("its token is %s, and it is given %v", scrape.Authorization.File, secrets)
	}
	if len(config.RuleFiles) != 1 || config.RuleFiles[0] != "/etc/prometheus/alerts.yml" {
		t.Errorf("rule files %v", config.RuleFiles)
	}
}
