package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"vointi.fi/pkg/edge/edgetest"
	"vointi.fi/pkg/embedded"
	"vointi.fi/pkg/event"
	"vointi.fi/pkg/stream"
	"vointi.fi/services/participation"
)

// shippedBus runs deploy/nats/nats.conf for real: only ports and folder are the test's.
func shippedBus(t *testing.T) (options *server.Options, url string) {
	t.Helper()
	dir, environ := deployed(t)
	for name, value := range environ {
		t.Setenv(name, value)
	}
	options, err := server.ProcessConfigFile(dir + "/nats/nats.conf")
	if err != nil {
		t.Fatal(err)
	}
	for _, user := range options.Users {
		if user.Password != environ["NATS_"+strings.ToUpper(user.Username)+"_PASSWORD"] {
			t.Errorf("the password of %s is not the one that make-secrets made", user.Username)
		}
	}
	run := options.Clone()
	run.Host, run.Port, run.HTTPHost, run.HTTPPort, run.StoreDir = "127.0.0.1", server.RANDOM_PORT, "", 0, t.TempDir()
	run.NoSigs, run.NoLog = true, true
	s, err := server.NewServer(run)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server takes no connections")
	}
	return options, s.ClientURL()
}

func password(options *server.Options, user string) string {
	for _, u := range options.Users {
		if u.Username == user {
			return u.Password
		}
	}
	return ""
}

// connectAs is the program's own client as a user of the shipped configuration.
func connectAs(t *testing.T, options *server.Options, url, user string) *stream.Conn {
	t.Helper()
	conn, err := stream.Connect(t.Context(), stream.Config{URL: url, User: user, Password: password(options, user), Name: user, Timeout: 2 * time.Second}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := conn.Await(ctx); err != nil {
		t.Fatalf("%s: %v", user, err)
	}
	return conn
}

func decode(t *testing.T, body string) *event.Event {
	t.Helper()
	e, err := event.Decode(nil, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestShippedBusIsDurable(t *testing.T) {
	options, _ := shippedBus(t)
	if !options.SyncAlways || !options.JetStream {
		t.Error("what is acknowledged is not on the disk")
	}
	if options.MaxPayload != embedded.MaxMessage {
		t.Errorf("max_payload is %d, the embedded bus takes %d", options.MaxPayload, embedded.MaxMessage)
	}
	if options.JetStreamMaxStore < 9<<30 {
		t.Errorf("max_file_store %d has no room for the streams", options.JetStreamMaxStore)
	}
}

// TestShippedBusUsersAreThoseOfTheEmbeddedBus: with the rights that pkg/embedded tests; publishers of one family have
// those of the publisher, narrowed to their subjects.
func TestShippedBusUsersAreThoseOfTheEmbeddedBus(t *testing.T) {
	options, _ := shippedBus(t)
	shipped := map[string]*server.User{}
	for _, u := range options.Users {
		shipped[u.Username] = u
	}
	for _, want := range embedded.NATSUsers() {
		name := want.Name
		if name == "publisher" {
			name = "gateway"
		}
		got := shipped[name]
		if got == nil {
			t.Errorf("there is no user %s", name)
			continue
		}
		hear := strings.ReplaceAll(strings.Join(want.Subscribe, " "), "_INBOX."+want.Name+".", "_INBOX."+name+".")
		if !sameSet(got.Permissions.Publish.Allow, want.Publish) || strings.Join(got.Permissions.Subscribe.Allow, " ") != hear {
			t.Errorf("%s may say %v and hear %v; want %v and %s", name, got.Permissions.Publish.Allow, got.Permissions.Subscribe.Allow, want.Publish, hear)
		}
	}
	for _, family := range []string{"participation", "survey", "calendar"} {
		for _, subject := range shipped[family].Permissions.Publish.Allow {
			links := family == "participation" && subject == stream.EventsPrefix+"card.rekeyed.v1.SSS"
			if strings.HasPrefix(subject, stream.EventsPrefix) && subject != stream.EventsPrefix+family+".>" && !links {
				t.Errorf("%s may publish on %s", family, subject)
			}
		}
	}
}

// useRotatedCard has the participation service take a card whose issuer's key was rotated, and list the sessions of the day.
func useRotatedCard(t *testing.T, bus *stream.Conn) error {
	keys := filepath.Join(t.TempDir(), "keys.json")
	service, err := participation.New(zap.NewNop(), prometheus.NewRegistry(), participation.Bus{Publisher: bus.Publisher(), Reader: bus}, participation.Config{Keys: keys})
	if err != nil {
		return err
	}
	if _, err := participation.RotateKey(keys, participation.Owner{Issuer: "KU305", Purpose: participation.Cards}, time.Now()); err != nil {
		return err
	}
	a := edgetest.Send(t, service.Handler(), http.MethodPost, "/v1/participation/checkins", strings.NewReader(`{"session_id":"S1","card_id":"0123456789",
		"checked_in_at":"2026-03-05T12:00:00Z","channel":"card","venue_id":"V","venue_area_id":"KU305","activity_type":"nature","provider_id":"ORG"}`))
	if a.Status != http.StatusAccepted {
		return fmt.Errorf("%+v", a)
	}
	if a := edgetest.Send(t, service.Handler(), http.MethodGet, "/v1/participation/sessions", nil); a.Status != http.StatusOK {
		return fmt.Errorf("sessions: %+v", a)
	}
	return nil
}

// TestShippedBusServesEveryService: the services' own code does its work as the users that compose.yaml gives it.
func TestShippedBusServesEveryService(t *testing.T) {
	options, url := shippedBus(t)
	ctx := t.Context()
	connect := func(user string) *stream.Conn { return connectAs(t, options, url, user) }
	noErr := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	noErr("migrator makes the streams", connect("migrator").EnsureStreams(ctx, stream.StreamConfig{MaxBytes: 1 << 30}))
	noErr("migrator makes them again", connect("migrator").EnsureStreams(ctx, stream.StreamConfig{MaxBytes: 2 << 30}))

	at := time.Now().UTC().Truncate(time.Second)
	one, two := decode(t, checkin(1, at)), decode(t, checkin(2, at))
	noErr("gateway publishes", connect("gateway").Publisher().Publish(ctx, one))
	noErr("gateway publishes a batch", connect("gateway").Publisher().PublishBatch(ctx, []*event.Event{one, two}))
	noErr("participation publishes", connect("participation").Publisher().Publish(ctx, two))
	noErr("participation links what a rotation parts", useRotatedCard(t, connect("participation")))
	noErr("operator publishes", connect("operator").Publisher().PublishRaw(ctx, one.BusSubject(), nil, one.Encode()))
	for _, user := range []string{"survey", "calendar", "ingester", "aggregator", "migrator", "eraser"} {
		if err := connect(user).Publisher().Publish(ctx, one); err == nil {
			t.Errorf("%s publishes check-ins", user)
		}
	}

	for at, user := range []string{"calendar", "operator"} {
		_, err := connect(user).WriteRecords(ctx, uint64(at), []stream.Record{{Key: "calendar.feed.x"}})
		noErr(user+" remembers", err)
		records, err := connect(user).Records(ctx, "calendar.>")
		noErr(user+" remembers what it wrote", err)
		if last, err := connect(user).LastRecords(ctx, []string{"calendar.feed.x"}); err != nil || len(last) != 1 || len(records) != 1 {
			t.Errorf("%s reads %v, %v: %v", user, records, last, err)
		}
	}
	for _, user := range []string{"gateway", "survey", "aggregator", "migrator"} {
		if _, err := connect(user).WriteRecords(ctx, 0, []stream.Record{{Key: "calendar.feed.y"}}); err == nil {
			t.Errorf("%s writes records", user)
		}
	}

	ingester := connect("ingester")
	aggregator := connect("aggregator")
	nudged, stop, err := aggregator.OnNudge("changes")
	noErr("aggregator listens", err)
	defer stop()
	consumer, err := ingester.Consumer(ctx, stream.ConsumerConfig{Durable: "ingester"})
	noErr("ingester opens its consumer", err)
	messages, err := consumer.Fetch(ctx, 100, 1<<20, 5*time.Second)
	noErr("ingester fetches", err)
	if len(messages) == 0 {
		t.Error("ingester fetched nothing")
	}
	noErr("ingester acks", consumer.Ack(ctx, messages...))
	_, err = ingester.Get(ctx, stream.Events, 1)
	noErr("ingester fetches one again", err)
	_, err = connect("operator").ConsumerState(ctx, stream.Events, "ingester")
	noErr("operator looks at the consumer", err)
	noErr("ingester nudges", ingester.Nudge("changes"))
	select {
	case <-nudged:
	case <-time.After(10 * time.Second):
		t.Error("the nudge did not arrive")
	}
	noErr("aggregator tells", aggregator.Publisher().PublishUpdates(ctx, "indicator.updated.v1", []byte(`{}`)))
	for _, user := range []string{"gateway", "survey", "aggregator", "migrator", "operator"} {
		if c, err := connect(user).Consumer(ctx, stream.ConsumerConfig{Durable: "spy-" + user}); err == nil {
			t.Errorf("%s makes a consumer", user)
			_ = c.Close()
		}
	}
}

// TestShippedBusKeepsUsersApart: nobody hears what another one fetches, and nobody comes in without a password.
func TestShippedBusKeepsUsersApart(t *testing.T) {
	options, url := shippedBus(t)
	if _, err := nats.Connect(url); !errors.Is(err, nats.ErrAuthorization) {
		t.Errorf("without a password: %v", err)
	}
	for _, u := range options.Users {
		refused := make(chan error, 100)
		nc, err := nats.Connect(url, nats.UserInfo(u.Username, u.Password), nats.CustomInboxPrefix("_INBOX."+u.Username),
			nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { refused <- err }))
		if err != nil {
			t.Fatal(err)
		}
		var asked []string
		for _, subject := range []string{"_INBOX.>", "_INBOX.other.>", "vointi.events.>", ">", "$JS.API.>", "$SYS.>"} {
			if _, err := nc.SubscribeSync(subject); err != nil {
				t.Fatal(err)
			}
			asked = append(asked, subject)
		}
		for _, subject := range []string{"$JS.API.STREAM.DELETE.VOINTI_EVENTS", "$JS.API.STREAM.PURGE.VOINTI_EVENTS", "$JS.API.ACCOUNT.PURGE.x"} {
			if err := nc.Publish(subject, nil); err != nil {
				t.Fatal(err)
			}
			asked = append(asked, subject)
		}
		if err := nc.Flush(); err != nil {
			t.Fatal(err)
		}
		said := ""
		for range asked {
			select {
			case err := <-refused:
				said += err.Error() + "\n"
			case <-time.After(5 * time.Second):
			}
		}
		for _, subject := range asked {
			if !strings.Contains(said, fmt.Sprintf("%q", subject)) {
				t.Errorf("%s may %s", u.Username, subject)
			}
		}
		nc.Close()
	}
}

// TestShippedStreamsAreThoseOfTheDesign, as the shipped users find them.
func TestShippedStreamsAreThoseOfTheDesign(t *testing.T) {
	options, url := shippedBus(t)
	if err := connectAs(t, options, url, "migrator").EnsureStreams(t.Context(), stream.StreamConfig{}); err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect(url, nats.UserInfo("migrator", password(options, "migrator")), nats.CustomInboxPrefix("_INBOX.migrator"))
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	s, err := js.Stream(t.Context(), "VOINTI_EVENTS")
	if err != nil {
		t.Fatal(err)
	}
	c := s.CachedInfo().Config
	if !slices.Equal(c.Subjects, []string{"vointi.events.>"}) || c.Retention != jetstream.LimitsPolicy || c.Storage != jetstream.FileStorage ||
		c.Discard != jetstream.DiscardNew || c.MaxAge != 30*24*time.Hour || !c.AllowAtomicPublish {
		t.Errorf("the events stream is %+v", c)
	}
}
