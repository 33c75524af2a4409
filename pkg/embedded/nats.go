package embedded

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/zap"

	"vointi.fi/pkg/secret"
)

// MaxMessage is the largest message in bytes that the embedded bus takes; a batch over HTTP fits.
const MaxMessage = 8 << 20

// NATSConfig says where the embedded bus lives.
type NATSConfig struct {
	Dir      string // its folder; made if missing
	Listen   string // loopback address; "" is 127.0.0.1:4222, port 0 any
	MaxStore int64  // bytes on disk for all streams; 0: what the disk allows
}

// NATS is a NATS server in this process, with JetStream on disk. What it acknowledges is synced to the disk.
type NATS struct {
	server    *server.Server
	passwords map[string]string
	once      sync.Once
}

// StartNATS starts the server with the users of [NATSUsers], whose passwords are made at the first start and kept in
// the folder with mode 0600. It returns when the server takes connections.
func StartNATS(cfg NATSConfig, log *zap.Logger) (*NATS, error) {
	n, err := startNATS(cfg, log)
	if err != nil {
		return nil, fmt.Errorf("start nats: %w", err)
	}
	return n, nil
}

func startNATS(cfg NATSConfig, log *zap.Logger) (*NATS, error) {
	options, err := cfg.options()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, err
	}
	passwords, err := loadPasswords(filepath.Join(cfg.Dir, "passwords.json"))
	if err != nil {
		return nil, err
	}
	for _, user := range NATSUsers() {
		options.Users = append(options.Users, &server.User{
			Username: user.Name, Password: passwords[user.Name],
			Permissions: &server.Permissions{
				Publish:   &server.SubjectPermission{Allow: user.Publish},
				Subscribe: &server.SubjectPermission{Allow: user.Subscribe},
			},
		})
	}
	s, err := server.NewServer(options)
	if err != nil {
		return nil, err
	}
	s.SetLoggerV2(natsLog{log.Sugar()}, false, false, false)
	s.Start()
	n := &NATS{server: s, passwords: passwords}
	if !s.ReadyForConnections(30 * time.Second) {
		n.Stop()
		return nil, errors.New("it takes no connections; the reason is in the log")
	}
	return n, nil
}

func (cfg NATSConfig) options() (*server.Options, error) {
	listen := cfg.Listen
	if listen == "" {
		listen = "127.0.0.1:4222"
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", listen, err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("listen on %s: only loopback addresses, such as 127.0.0.1, are allowed", listen)
	}
	if number == 0 {
		number = server.RANDOM_PORT
	}
	return &server.Options{
		ServerName: "vointi", Host: host, Port: number,
		JetStream: true, StoreDir: cfg.Dir, JetStreamMaxStore: cfg.MaxStore, SyncAlways: true,
		MaxPayload: MaxMessage, NoSigs: true, DisableJetStreamBanner: true,
	}, nil
}

// loadPasswords reads the passwords and makes those that are missing.
func loadPasswords(path string) (map[string]string, error) {
	passwords := map[string]string{}
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &passwords)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	missing := false
	for _, user := range NATSUsers() {
		if passwords[user.Name] == "" {
			passwords[user.Name], missing = rand.Text(), true
		}
	}
	if !missing {
		return passwords, nil
	}
	if data, err = json.MarshalIndent(passwords, "", "  "); err != nil {
		return nil, err
	}
	return passwords, secret.Write(path, append(data, '\n'))
}

// URL is where the server listens, without a user.
func (n *NATS) URL() string { return "nats://" + n.server.Addr().String() }

// UserURL is where the server listens, with the name and password of a user of [NATSUsers].
func (n *NATS) UserURL(user string) string {
	u := url.URL{Scheme: "nats", Host: n.server.Addr().String(), User: url.UserPassword(user, n.passwords[user])}
	return u.String()
}

// Password is that of a user of [NATSUsers].
func (n *NATS) Password(user string) string { return n.passwords[user] }

// Stop ends the server after what it has taken is on disk. It may be called again.
func (n *NATS) Stop() {
	n.once.Do(func() {
		n.server.Shutdown()
		n.server.WaitForShutdown()
	})
}

// natsLog passes the server's warnings and errors on; what it notes in normal times is for debugging.
type natsLog struct{ log *zap.SugaredLogger }

func (l natsLog) Noticef(format string, v ...any) { l.log.Debugf(format, v...) }
func (l natsLog) Fatalf(format string, v ...any)  { l.log.Errorf(format, v...) }
func (l natsLog) Errorf(format string, v ...any)  { l.log.Errorf(format, v...) }
func (l natsLog) Debugf(string, ...any)           {}
func (l natsLog) Tracef(string, ...any)           {}

// Warnf leaves out the advice to hash passwords: these are made at random, and lie in a file beside the server.
func (l natsLog) Warnf(format string, v ...any) {
	if !strings.HasPrefix(format, "Plaintext passwords detected") {
		l.log.Warnf(format, v...)
	}
}
