package embedded

import (
	"net/http"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// request is what a client asked for, without its body.
type request struct {
	user, password string
	database       string
	queryID        string
	query          string // of the URL; the body continues it
	defaultFormat  string
	revision       uint64 // protocol revision of Native output; 0: as the engine writes it
	compress       bool   // answer in ClickHouse's compressed frames
	decompress     bool   // the body is in such frames
	method         string // of compress: LZ4 or ZSTD
	gzip           bool   // answer with Content-Encoding: gzip
	readonly       bool   // GET changes nothing
	params         []Param
	settings       []setting
}

// setting is a ClickHouse setting given in the URL.
type setting struct{ name, value string }

var (
	settingName  = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_.]{0,127}$`)
	databaseName = regexp.MustCompile(`^[^\x00-\x1f]{1,256}$`)
	printable    = regexp.MustCompile(`^[\x20-\x7e]{1,256}$`)
)

// parseRequest reads the URL and the headers. Parameters it does not know are settings, as in ClickHouse.
func parseRequest(r *http.Request) (*request, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, exceptionf(codeBadArguments, "Cannot parse the URL: %v", err)
	}
	q := &request{readonly: r.Method == http.MethodGet || r.Method == http.MethodHead}
	for _, name := range sortedKeys(values) {
		if err := q.set(name, values[name]); err != nil {
			return nil, err
		}
	}
	q.headers(r)
	return q, nil
}

func sortedKeys(values url.Values) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// set takes one parameter of the URL.
func (q *request) set(name string, values []string) error {
	value := values[len(values)-1]
	switch name {
	case "user":
		q.user = value
	case "password":
		q.password = value
	case "query":
		q.query = strings.Join(values, "\n")
	case "default_format":
		q.defaultFormat = value
	case "client_protocol_version":
		return q.setRevision(value)
	case "compress":
		q.compress = value == "1" || value == "true"
	case "decompress":
		q.decompress = value == "1" || value == "true"
	case "network_compression_method":
		q.method = strings.ToUpper(value)
	case "database":
		return setMatching(&q.database, databaseName, name, value)
	case "query_id":
		return setMatching(&q.queryID, printable, name, value)
	case "quota_key", "stacktrace", "buffer_size", "wait_end_of_query":
		// nothing here depends on them
	case "session_id", "session_timeout", "session_check":
		return exceptionf(codeNotImplemented, "Sessions are not supported: each request is its own session")
	default:
		return q.setOther(name, value)
	}
	return nil
}

// setOther takes the value of a placeholder, or a setting.
func (q *request) setOther(name, value string) error {
	if param, ok := strings.CutPrefix(name, "param_"); ok && param != "" {
		q.params = append(q.params, Param{Name: param, Value: value})
		return nil
	}
	if !settingName.MatchString(name) {
		return exceptionf(codeUnknownSetting, "Unknown setting %q", name)
	}
	q.settings = append(q.settings, setting{name, value})
	return nil
}

func (q *request) setRevision(value string) error {
	revision, err := strconv.ParseUint(value, 10, 32)
	if err != nil {
		return exceptionf(codeBadArguments, "client_protocol_version is not a number: %q", value)
	}
	q.revision = revision
	return nil
}

// setMatching takes a text of a known shape; empty means not given.
func setMatching(to *string, shape *regexp.Regexp, name, value string) error {
	if value != "" && !shape.MatchString(value) {
		return exceptionf(codeBadArguments, "Invalid %s", name)
	}
	*to = value
	return nil
}

// headers takes what may come in headers instead of the URL.
func (q *request) headers(r *http.Request) {
	if user, password, ok := r.BasicAuth(); ok {
		q.user, q.password = user, password
	}
	for header, to := range map[string]*string{
		"X-ClickHouse-User": &q.user, "X-ClickHouse-Key": &q.password,
		"X-ClickHouse-Format": &q.defaultFormat,
	} {
		if value := r.Header.Get(header); value != "" {
			*to = value
		}
	}
	if value := r.Header.Get("X-ClickHouse-Database"); q.database == "" && databaseName.MatchString(value) {
		q.database = value
	}
	q.gzip = strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && q.setting("enable_http_compression") != "0"
}

// setting returns the last value given for a name, or "".
func (q *request) setting(name string) string {
	value := ""
	for _, s := range q.settings {
		if s.name == name {
			value = s.value
		}
	}
	return value
}
