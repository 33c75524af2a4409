package embedded_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"vointi.fi/pkg/embedded"
	"vointi.fi/pkg/warehouse/warehousetest"
)

func TestMain(m *testing.M) {
	code := warehousetest.Main(m)
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// answer is what the front said.
type answer struct {
	status int
	header http.Header
	body   string
}

// client asks the front as one user, as curl would.
type client struct {
	t              testing.TB
	addr           string
	user, password string
}

func admin(t testing.TB, e *embedded.ClickHouse) *client {
	return &client{t, e.Addr(), embedded.AdminUser, e.Password()}
}

func reader(t testing.TB, e *embedded.ClickHouse, role string) *client {
	return &client{t, e.Addr(), role, ""}
}

// do sends a statement with parameters of the URL, "name=value".
func (c *client) do(body string, params ...string) answer {
	c.t.Helper()
	return c.send(http.MethodPost, strings.NewReader(body), nil, params...)
}

func (c *client) send(method string, body io.Reader, header http.Header, params ...string) answer {
	c.t.Helper()
	values := url.Values{}
	for _, p := range params {
		name, value, _ := strings.Cut(p, "=")
		values.Add(name, value)
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, "http://"+c.addr+"/?"+values.Encode(), body)
	if err != nil {
		c.t.Fatal(err)
	}
	request.SetBasicAuth(c.user, c.password)
	for name, list := range header {
		request.Header[name] = list
	}
	response, err := (&http.Transport{DisableKeepAlives: true, DisableCompression: true}).RoundTrip(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		data = append(data, "\n!"+err.Error()...)
	}
	return answer{response.StatusCode, response.Header, string(data)}
}

// must sends a statement that has to succeed.
func (c *client) must(body string, params ...string) string {
	c.t.Helper()
	a := c.do(body, params...)
	if a.status != http.StatusOK || strings.Contains(a.body, "__exception__") {
		c.t.Fatalf("%s: %d %s", body, a.status, a.body)
	}
	return a.body
}
