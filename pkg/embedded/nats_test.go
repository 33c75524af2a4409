package embedded_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"vointi.fi/pkg/embedded"
)

func startNATS(t *testing.T, dir string) *embedded.NATS {
	t.Helper()
	n, err := embedded.StartNATS(embedded.NATSConfig{Dir: dir, Listen: "127.0.0.1:0"}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Stop)
	return n
}

// connect opens a bus connection as a user, noting what the server refuses it.
func connect(t *testing.T, n *embedded.NATS, user string) (*nats.Conn, chan error) {
	t.Helper()
	refused := make(chan error, 16)
	nc, err := nats.Connect(n.UserURL(user), nats.CustomInboxPrefix("_INBOX."+user),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc, refused
}

func makeStream(t *testing.T, n *embedded.NATS) {
	t.Helper()
	nc, _ := connect(t, n, "migrator")
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	_, err = js.CreateOrUpdateStream(t.Context(), jetstream.StreamConfig{
		Name: "VOINTI_EVENTS", Subjects: []string{"vointi.events.>"}, Storage: jetstream.FileStorage, AllowAtomicPublish: true, AllowDirect: true,
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNATSKeepsMessagesAndPasswords(t *testing.T) {
	dir := t.TempDir()
	n := startNATS(t, dir)
	password := n.Password("publisher")
	makeStream(t, n)
	nc, _ := connect(t, n, "publisher")
	js, _ := jetstream.New(nc)
	if _, err := js.Publish(t.Context(), "vointi.events.a.v1.KU305", make([]byte, 4<<20)); err != nil {
		t.Fatal(err)
	}
	nc.Close()
	n.Stop()
	n.Stop()

	n = startNATS(t, dir)
	if n.Password("publisher") != password {
		t.Error("the password has changed")
	}
	nc, _ = connect(t, n, "ingester")
	js, _ = jetstream.New(nc)
	s, err := js.Stream(t.Context(), "VOINTI_EVENTS")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.CachedInfo().State.Msgs; got != 1 {
		t.Errorf("the stream has %d messages", got)
	}
	info, err := os.Stat(filepath.Join(dir, "passwords.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("passwords: %v %v", info.Mode(), err)
	}
}

func TestNATSIngesterConsumes(t *testing.T) {
	n := startNATS(t, t.TempDir())
	makeStream(t, n)
	nc, _ := connect(t, n, "publisher")
	js, _ := jetstream.New(nc)
	if _, err := js.Publish(t.Context(), "vointi.events.a.v1.KU305", []byte("x")); err != nil {
		t.Fatal(err)
	}
	nc, _ = connect(t, n, "ingester")
	js, _ = jetstream.New(nc)
	c, err := js.CreateOrUpdateConsumer(t.Context(), "VOINTI_EVENTS", jetstream.ConsumerConfig{Durable: "ingester", AckPolicy: jetstream.AckExplicitPolicy})
	if err != nil {
		t.Fatal(err)
	}
	msg, err := c.Next()
	if err != nil {
		t.Fatal(err)
	}
	if err := msg.DoubleAck(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := js.Stream(t.Context(), "VOINTI_EVENTS")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.GetMsg(t.Context(), 1); err != nil {
		t.Error(err)
	}
}

func TestNATSPermissions(t *testing.T) {
	n := startNATS(t, t.TempDir())
	makeStream(t, n)
	for name, test := range map[string]struct {
		user, publish, subscribe string
	}{
		"publisher cannot read":                    {user: "publisher", subscribe: "vointi.events.>"},
		"publisher cannot hear others' answers":    {user: "publisher", subscribe: "_INBOX.ingester.>"},
		"publisher cannot hear all answers":        {user: "publisher", subscribe: "_INBOX.>"},
		"publisher cannot consume":                 {user: "publisher", publish: "$JS.API.CONSUMER.CREATE.VOINTI_EVENTS.x"},
		"publisher cannot delete a stream":         {user: "publisher", publish: "$JS.API.STREAM.DELETE.VOINTI_EVENTS"},
		"publisher cannot tell updates":            {user: "publisher", publish: "vointi.updates.x"},
		"ingester cannot publish events":           {user: "ingester", publish: "vointi.events.a.v1.KU305"},
		"ingester cannot purge":                    {user: "ingester", publish: "$JS.API.STREAM.PURGE.VOINTI_EVENTS"},
		"ingester cannot delete messages":          {user: "ingester", publish: "$JS.API.STREAM.MSG.DELETE.VOINTI_EVENTS"},
		"aggregator cannot consume events":         {user: "aggregator", publish: "$JS.API.CONSUMER.MSG.NEXT.VOINTI_EVENTS.ingester"},
		"aggregator cannot publish events":         {user: "aggregator", publish: "vointi.events.a.v1.KU305"},
		"migrator cannot publish events":           {user: "migrator", publish: "vointi.events.a.v1.KU305"},
		"migrator cannot delete a stream":          {user: "migrator", publish: "$JS.API.STREAM.DELETE.VOINTI_EVENTS"},
		"eraser cannot publish events":             {user: "eraser", publish: "vointi.events.a.v1.KU305"},
		"eraser cannot consume":                    {user: "eraser", publish: "$JS.API.CONSUMER.CREATE.VOINTI_EVENTS.x"},
		"eraser cannot purge":                      {user: "eraser", publish: "$JS.API.STREAM.PURGE.VOINTI_EVENTS"},
		"nobody listens to the server's own words": {user: "eraser", subscribe: "$SYS.>"},
	} {
		t.Run(name, func(t *testing.T) {
			nc, refused := connect(t, n, test.user)
			if test.publish != "" {
				if err := nc.Publish(test.publish, nil); err != nil {
					t.Fatal(err)
				}
			} else if _, err := nc.SubscribeSync(test.subscribe); err != nil {
				t.Fatal(err)
			}
			if err := nc.FlushTimeout(5 * time.Second); err != nil {
				t.Fatal(err)
			}
			select {
			case err := <-refused:
				if !errors.Is(err, nats.ErrPermissionViolation) {
					t.Error(err)
				}
			case <-time.After(5 * time.Second):
				t.Error("it was allowed")
			}
		})
	}
}

func TestNATSRefuses(t *testing.T) {
	for name, cfg := range map[string]embedded.NATSConfig{
		"other interfaces": {Dir: t.TempDir(), Listen: "0.0.0.0:0"},
		"names":            {Dir: t.TempDir(), Listen: "localhost:0"},
		"no port":          {Dir: t.TempDir(), Listen: "127.0.0.1"},
		"no number":        {Dir: t.TempDir(), Listen: "127.0.0.1:x"},
		"no folder":        {Dir: "/proc/nowhere", Listen: "127.0.0.1:0"},
	} {
		t.Run(name, func(t *testing.T) {
			if n, err := embedded.StartNATS(cfg, zap.NewNop()); err == nil {
				n.Stop()
				t.Error("it started")
			}
		})
	}
	t.Run("broken passwords", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "passwords.json"), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := embedded.StartNATS(embedded.NATSConfig{Dir: dir, Listen: "127.0.0.1:0"}, zap.NewNop())
		var syntax *json.SyntaxError
		if !errors.As(err, &syntax) || errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	})
	t.Run("wrong password", func(t *testing.T) {
		n := startNATS(t, t.TempDir())
		if nc, err := nats.Connect(n.URL(), nats.UserInfo("publisher", "x")); err == nil {
			nc.Close()
			t.Error("it was let in")
		}
	})
}
