package provisioner

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// Config says which Grafana to provision, and where its data sources find their databases.
type Config struct {
	URL      string // http://127.0.0.1:3000
	Token    string // service account token; or User and Password
	User     string
	Password string
	// Force overwrites what was edited in Grafana's UI. Without it such a dashboard is left alone and reported.
	Force   bool
	Timeout time.Duration // of one request; 0 is 15 s
	Sources Sources
}

// Sources are the databases as Grafana reaches them.
type Sources struct {
	ClickHouseURL string // http://127.0.0.1:8123; of a host that Grafana sees
	User          string // a reading role, "" is vointi_reader
	Password      string // "" for none
	PrometheusURL string // "" provisions no Prometheus source
}

// readerUser may read the views and nothing else; the plugin runs SQL as it was written.
const readerUser = "vointi_reader"

func (s Sources) withDefaults() Sources {
	if s.User == "" {
		s.User = readerUser
	}
	return s
}

// Validate returns all faults at once.
func (c Config) Validate() error {
	faults := []error{httpURL("grafana url", c.URL), c.Sources.Validate()}
	if c.Token != "" && c.User != "" {
		faults = append(faults, errors.New("grafana: give a token or a user, not both"))
	}
	if c.Token == "" && c.User == "" {
		faults = append(faults, errors.New("grafana: give a service account token (VOINTI_GRAFANA_TOKEN), or a user and password"))
	}
	return errors.Join(faults...)
}

// Validate returns all faults at once.
func (s Sources) Validate() error {
	faults := []error{httpURL("clickhouse url", s.ClickHouseURL)}
	if s.PrometheusURL != "" {
		faults = append(faults, httpURL("prometheus url", s.PrometheusURL))
	}
	return errors.Join(faults...)
}

func httpURL(name, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return fmt.Errorf("%s %q: use the form http://host:port, such as http://127.0.0.1:3000", name, redact(text))
	}
	return nil
}

// redact takes a password out of a URL, so that it can be shown.
func redact(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "(unreadable)"
	}
	return u.Redacted()
}

// endpoint is the host, port and TLS of a ClickHouse URL.
func endpoint(text string) (host string, port int, secure bool) {
	u, err := url.Parse(text)
	if err != nil {
		return "", 0, false // Validate has told
	}
	secure = u.Scheme == "https"
	port, err = strconv.Atoi(u.Port())
	switch {
	case err != nil && secure:
		port = 443
	case err != nil:
		port = 8123
	}
	return u.Hostname(), port, secure
}
