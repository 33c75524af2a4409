package service

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"
)

// HTTPConfig says where a process listens, and to whom.
type HTTPConfig struct {
	Listen string   `name:"listen"     default:"127.0.0.1:8080" help:"address and port to listen on"`
	Hosts  []string `name:"hosts"      help:"host names to answer to, besides localhost, 127.0.0.1 and ::1"`
	Token  string   `name:"http-token" secret:"true" help:"bearer token asked of every caller; required when listening beyond loopback. Emitters may have tokens of their own: see vointi tokens"`
}

// Validate lists every fault. A process that others can reach asks for a token.
func (c HTTPConfig) Validate() error {
	var faults Faults
	host, _, err := net.SplitHostPort(c.Listen)
	switch {
	case err != nil:
		faults.Add("listen", "must be host:port, such as 127.0.0.1:8080")
	case !loopback(host) && c.Token == "":
		faults.Add("http-token", "is required to listen on %s; set one, or listen on 127.0.0.1", c.Listen)
	}
	return faults.Err()
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Guard lets through what may pass: requests for a host on the list, with the token if there is one, and not sent by a
// browser on behalf of some other site. Probes (/healthz, /readyz) always pass. Instead of the token others may do, where known
// says so; nil: nowhere.
func Guard(cfg HTTPConfig, known func(*http.Request) bool, next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		switch {
		case r.URL.Path == "/healthz", r.URL.Path == "/readyz":
			next.ServeHTTP(w, r)
		case !knownHost(cfg.Hosts, r.Host):
			WriteError(w, http.StatusMisdirectedRequest, "this host name is not served here; the setting hosts lists those that are")
		case origins.Check(r) != nil:
			WriteError(w, http.StatusForbidden, "requests on behalf of other sites are refused")
		case cfg.Token != "" && !authorized(r, cfg.Token) && (known == nil || !known(r)):
			w.Header().Set("WWW-Authenticate", "Bearer")
			WriteError(w, http.StatusUnauthorized, "a valid bearer token is required")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// knownHost stops pages of other sites that make their own name point here.
func knownHost(hosts []string, hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	return loopback(host) || slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(h, host) })
}

func authorized(r *http.Request, token string) bool {
	return subtle.ConstantTimeCompare([]byte(Bearer(r)), []byte(token)) == 1
}

// Bearer returns the token that a request bears, "" if it bears none.
func Bearer(r *http.Request) string {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	return token
}

// Fault is one thing wrong with a request's body; Pointer is a JSON pointer into it.
type Fault struct {
	Pointer string `json:"pointer"`
	Reason  string `json:"reason"`
}

// WriteError answers with the error body of every endpoint: {"error": …, "faults": […]}.
func WriteError(w http.ResponseWriter, status int, text string, faults ...Fault) {
	WriteJSON(w, status, struct {
		Error  string  `json:"error"`
		Faults []Fault `json:"faults,omitempty"`
	}{text, faults})
}

// WriteJSON answers with a JSON body.
func WriteJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client has gone; there is nobody to tell
}

// graceful is how long requests under way may go on after a server was told to stop.
const graceful = 5 * time.Second

// Serve answers on the listener until ctx ends, then lets requests under way finish, up to five seconds.
func Serve(ctx context.Context, log *zap.Logger, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          zap.NewStdLog(log),
	}
	stopped := make(chan error, 1)
	defer context.AfterFunc(ctx, func() { stopped <- shutdown(server) })()
	log.Info("listening", zap.String("address", listener.Addr().String()))
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", listener.Addr(), err)
	}
	return <-stopped
}

func shutdown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), graceful)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests were cut off: %w", err), server.Close())
	}
	return nil
}
