package provisioner

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	gapi "github.com/grafana/grafana-api-golang-client"
)

// client is API over the client library. The library takes no context and gives statuses only as text, so both are added
// here: the context by a transport, the status by what that transport last saw.
type client struct {
	base   string
	config gapi.Config
	http   http.Client
}

func newClient(cfg Config) API {
	c := &client{base: cfg.URL, http: http.Client{Timeout: cfg.Timeout}}
	if c.http.Timeout == 0 {
		c.http.Timeout = 15 * time.Second
	}
	if cfg.Token != "" {
		c.config.APIKey = cfg.Token
	} else {
		c.config.BasicAuth = url.UserPassword(cfg.User, cfg.Password)
	}
	return c
}

// transport carries a context into requests that were made without one and remembers the status of the last answer.
type transport struct {
	ctx    context.Context
	status int
}

func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	t.status = 0
	answer, err := http.DefaultTransport.RoundTrip(r.WithContext(t.ctx))
	if err == nil {
		t.status = answer.StatusCode
	}
	return answer, err
}

// call runs one call of the library and turns its error into one of ours. what names the call and its object.
func (c *client) call(ctx context.Context, what string, f func(*gapi.Client) error) error {
	seen := &transport{ctx: ctx}
	config, copied := c.config, c.http
	copied.Transport = seen
	config.Client = &copied
	g, err := gapi.New(c.base, config)
	if err == nil {
		err = f(g)
	}
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, c.explain(err, seen.status))
}

func (c *client) explain(err error, status int) error {
	var network *url.Error
	switch {
	case status == http.StatusNotFound:
		return ErrNotFound
	case status == http.StatusPreconditionFailed:
		return ErrChanged
	case status == http.StatusUnauthorized:
		return fmt.Errorf("%w: Grafana at %s does not know this token or password (401); make a service account with the role Editor or Admin and give its token", ErrUnauthorized, redact(c.base))
	case status == http.StatusForbidden:
		return fmt.Errorf("%w: the token lacks rights at %s (403); data sources need the role Admin, dashboards Editor", ErrUnauthorized, redact(c.base))
	case errors.As(err, &network):
		return fmt.Errorf("%w: no Grafana answers at %s (%w); is it running, and is VOINTI_GRAFANA_URL right?", ErrUnreachable, redact(c.base), network.Err)
	default:
		return errors.New(strings.TrimSpace(err.Error()))
	}
}

func (c *client) Folder(ctx context.Context, uid string) (title string, err error) {
	err = c.call(ctx, "read folder "+uid, func(g *gapi.Client) error {
		f, err := g.FolderByUID(uid)
		if err == nil {
			title = f.Title
		}
		return err
	})
	return title, err
}

func (c *client) CreateFolder(ctx context.Context, uid, title string) error {
	return c.call(ctx, "create folder "+uid, func(g *gapi.Client) error {
		_, err := g.NewFolder(title, uid)
		return err
	})
}

func (c *client) RenameFolder(ctx context.Context, uid, title string) error {
	return c.call(ctx, "rename folder "+uid, func(g *gapi.Client) error { return g.UpdateFolder(uid, title) })
}

func (c *client) DataSource(ctx context.Context, uid string) (d DataSource, err error) {
	err = c.call(ctx, "read data source "+uid, func(g *gapi.Client) error {
		s, err := g.DataSourceByUID(uid)
		if err != nil {
			return err
		}
		d = DataSource{UID: s.UID, Name: s.Name, Type: s.Type, URL: s.URL, IsDefault: s.IsDefault, ReadOnly: s.ReadOnly, JSON: s.JSONData}
		return nil
	})
	return d, err
}

func (c *client) CreateDataSource(ctx context.Context, d DataSource) error {
	return c.call(ctx, "create data source "+d.UID, func(g *gapi.Client) error {
		_, err := g.NewDataSource(toLibrary(d))
		return err
	})
}

func (c *client) UpdateDataSource(ctx context.Context, d DataSource) error {
	return c.call(ctx, "update data source "+d.UID, func(g *gapi.Client) error { return g.UpdateDataSourceByUID(toLibrary(d)) })
}

func toLibrary(d DataSource) *gapi.DataSource {
	secrets := map[string]any{}
	for name, value := range d.Secrets {
		secrets[name] = value
	}
	return &gapi.DataSource{
		UID: d.UID, Name: d.Name, Type: d.Type, URL: d.URL, Access: "proxy", IsDefault: d.IsDefault,
		JSONData: d.JSON, SecureJSONData: secrets,
	}
}

func (c *client) Dashboard(ctx context.Context, uid string) (d Dashboard, err error) {
	err = c.call(ctx, "read dashboard "+uid, func(g *gapi.Client) error {
		found, err := g.DashboardByUID(uid)
		if err == nil {
			d = Dashboard{Model: found.Model, FolderUID: found.Meta.FolderUID}
		}
		return err
	})
	return d, err
}

func (c *client) SaveDashboard(ctx context.Context, d Dashboard, overwrite bool) error {
	return c.call(ctx, fmt.Sprintf("save dashboard %v", d.Model["uid"]), func(g *gapi.Client) error {
		_, err := g.NewDashboard(gapi.Dashboard{Model: d.Model, FolderUID: d.FolderUID, Overwrite: overwrite, Message: d.Message})
		return err
	})
}
