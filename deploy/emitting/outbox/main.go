// Command outbox counts the people at a door, and loses nothing when the network, the gateway or this program fails:
//
//	go run ./deploy/emitting/outbox http://127.0.0.1:8080 outbox.db [TOKEN]
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"go.uber.org/zap"

	"vointi.fi/pkg/event"
	"vointi.fi/pkg/outbox"
)

func main() {
	if len(os.Args) < 3 {
		log.Fatal("usage: outbox http://HOST:PORT FILE [TOKEN]")
	}
	if err := count(os.Args[1], strings.Join(os.Args[3:], ""), os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func count(gateway, token, file string) error {
	box, err := outbox.Open(outbox.Config{Path: file}, outbox.ToGateway(gateway, token), zap.NewNop())
	if err != nil {
		return err
	}
	defer box.Close()

	at := time.Now().UTC().Truncate(24 * time.Hour).Add(time.Second) // of today, whenever this runs
	heads := &event.Headcount{
		SessionID: "S-" + at.Format(time.DateOnly), Counter: "Go", CountedAt: at, Total: 15, IncludesCardHolders: true,
		VenueID: "V17", VenueArea: "KU305", ActivityType: "nature", ProviderID: "ORG12",
	}
	id := event.NewID(heads.SessionID, heads.Counter) // the same count made again is the same event
	e, err := event.New(event.HeadcountRecorded, "/example/go", id, at, "KU305", heads.SessionID, heads)
	if err != nil {
		return err
	}
	if err := box.Put(e); err != nil { // from here on it cannot get lost
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := box.Flush(ctx); err != nil { // a service would go on with its work instead
		return fmt.Errorf("kept in %s, to be sent next time: %w", file, err)
	}
	fmt.Println("on the stream:", e.ID)
	return nil
}
