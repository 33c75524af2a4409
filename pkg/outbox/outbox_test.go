package outbox_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
	"go.uber.org/goleak"
	"go.uber.org/zap"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/outbox"
	"vointi.fi/pkg/stream"
	"vointi.fi/pkg/stream/streamtest"
)

// childVariable has the test's process be the one that is killed.
const childVariable = "VOINTI_TEST_OUTBOX"

func TestMain(m *testing.M) {
	if path := os.Getenv(childVariable); path != "" {
		putForEver(path)
	}
	goleak.VerifyTestMain(m)
}

// release is a valid event of a number.
func release(number int) *event.Event {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(number) * time.Second)
	item := fmt.Sprint("M", number)
	e, err := event.New(event.ReleasePublished, "/kuusamo/viestinta", event.NewID("release", item), at, "KU305", item,
		&event.Communication{ItemID: item, At: at, Channel: "newsletter"})
	if err != nil {
		panic(err)
	}
	return e
}

func releases(from, to int) (all []*event.Event) {
	for number := from; number < to; number++ {
		all = append(all, release(number))
	}
	return all
}

var nop = zap.NewNop()

func open(t testing.TB, path string, sender outbox.Sender) *outbox.Outbox {
	t.Helper()
	box, err := outbox.Open(outbox.Config{Path: path, Retry: time.Millisecond}, sender, nop)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	return box
}

func put(t testing.TB, box *outbox.Outbox, events ...*event.Event) {
	t.Helper()
	if err := box.Put(events...); err != nil {
		t.Fatal(err)
	}
}

// flush fails the test if what was put does not leave the queue.
func flush(t testing.TB, box *outbox.Outbox) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := box.Flush(ctx); err != nil {
		t.Fatal(err)
	}
}

// items lists what the events on the bus speak of, in their order.
func items(t testing.TB, bus *streamtest.Bus) (all []string) {
	t.Helper()
	state, err := bus.StreamState(t.Context(), stream.Events)
	if err != nil {
		t.Fatal(err)
	}
	for sequence := state.First; sequence <= state.Last; sequence++ {
		message, err := bus.Get(t.Context(), stream.Events, sequence)
		if err != nil {
			t.Fatal(err)
		}
		e, err := event.Decode(message.Header, message.Data)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e.Subject)
	}
	return all
}

func subjects(events []*event.Event) (all []string) {
	for _, e := range events {
		all = append(all, e.Subject)
	}
	return all
}

// TestAnOutageLosesNothing: while the bus is away events are taken, in another process's time, too; they arrive in order.
func TestAnOutageLosesNothing(t *testing.T) {
	bus := streamtest.New(t)
	path := filepath.Join(t.TempDir(), "outbox.db")
	box := open(t, path, outbox.ToBus(bus.Conn))
	put(t, box, release(0))
	flush(t, box)

	bus.Stop()
	for number := 1; number < 20; number++ {
		put(t, box, release(number))
	}
	if state := box.State(); state.Waiting != 19 || state.WaitingBytes == 0 {
		t.Errorf("%+v", state)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := box.Flush(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("flush without a bus: %v", err)
	}
	if err := box.Close(); err != nil {
		t.Fatal(err)
	}

	box = open(t, path, outbox.ToBus(bus.Conn))
	put(t, box, releases(20, 1500)...)
	bus.Restart(t)
	flush(t, box)
	got, want := items(t, bus), subjects(releases(0, 1500))
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(slices.Compact(got), want) {
		t.Errorf("%d of %d items arrived", len(got), len(want))
	}
	if state := box.State(); state != (outbox.State{}) {
		t.Errorf("%+v", state)
	}
}

// TestAKilledProcessLosesNothing: whatever Put had returned for before kill -9 is sent by the next process.
func TestAKilledProcessLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outbox.db")
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+path)
	said, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var taken []string
	lines := bufio.NewScanner(said)
	for len(taken) < 50 && lines.Scan() {
		taken = append(taken, lines.Text())
	}
	_ = child.Process.Kill()
	for lines.Scan() { // said before it died
		taken = append(taken, lines.Text())
	}
	_ = child.Wait()
	if len(taken) < 50 {
		t.Fatalf("the child took %d events", len(taken))
	}

	bus := streamtest.New(t)
	flush(t, open(t, path, outbox.ToBus(bus.Conn)))
	arrived := items(t, bus)
	for _, item := range taken {
		if !slices.Contains(arrived, item) {
			t.Errorf("%s was taken and did not arrive", item)
		}
	}
}

// putForEver is the child: it puts events, says which after each was taken, and has nowhere to send them.
func putForEver(path string) {
	box, err := outbox.Open(outbox.Config{Path: path}, nowhere{}, nop)
	for number := 0; err == nil; number++ {
		e := release(number)
		if err = box.Put(e); err == nil {
			fmt.Println(e.Subject)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

type nowhere struct{}

func (nowhere) Send(context.Context, []*event.Event) error { return stream.ErrUnavailable }

func TestWhatCannotBeTaken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outbox.db")
	box, err := outbox.Open(outbox.Config{Path: path, MaxBytes: 1000}, nowhere{}, nop)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	if err := box.Put(releases(0, 100)...); !errors.Is(err, outbox.ErrFull) {
		t.Errorf("more than fits: %v", err)
	}
	if err := box.Put(release(0), &event.Event{ID: "1", Source: "/x"}); !errors.Is(err, event.ErrInvalid) || !strings.Contains(err.Error(), "event 2 of 2") {
		t.Errorf("an event that is none: %v", err)
	}
	if state := box.State(); state.Waiting != 0 {
		t.Errorf("%+v was taken of calls that failed", state)
	}
	if _, err := outbox.Open(outbox.Config{Path: path}, nowhere{}, zap.NewNop()); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("opened twice: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
}

// TestAnUnreadableEventBlocksNothing: it is kept with its reason, and what comes after it is sent.
func TestAnUnreadableEventBlocksNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "outbox.db")
	box := open(t, path, nowhere{})
	put(t, box, releases(0, 3)...)
	if err := box.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := bolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("waiting")).Put([]byte{0, 0, 0, 0, 0, 0, 0, 2}, []byte(`{"specversion": "2.0"}`))
	})
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}

	bus := streamtest.New(t)
	box = open(t, path, outbox.ToBus(bus.Conn))
	flush(t, box)
	if got := items(t, bus); !slices.Equal(got, []string{"M0", "M2"}) {
		t.Errorf("arrived: %v", got)
	}
	refusals, err := box.Refused()
	if err != nil || len(refusals) != 1 || !strings.Contains(refusals[0].Reason, "specversion") || string(refusals[0].Event) != `{"specversion":"2.0"}` {
		t.Errorf("%+v %v", refusals, err)
	}
}
