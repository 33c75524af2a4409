// Command bus counts the people at a door straight on the bus, with nothing but the NATS client:
//
//	go run ./deploy/emitting/bus nats://publisher:PASSWORD@127.0.0.1:4222
package main

import (
	"context"
	"fmt"
	"log"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const subject = "vointi.events.participation.headcount.v1.KU305" // the type, and the area

// event is today's count. The id is made of what it speaks of: published again it is the same event.
func event() []byte {
	const text = `{
		"specversion": "1.0", "id": "S-DAY/go-bus", "source": "/example/go-bus", "type": "fi.vointi.participation.headcount.v1",
		"time": "DAYT00:00:01Z", "subject": "S-DAY", "areaid": "KU305",
		"data": {"session_id": "S-DAY", "counter": "Go on the bus", "counted_at": "DAYT00:00:01Z", "total": 14,
			"includes_card_holders": true, "venue_id": "V17", "venue_area_id": "KU305", "activity_type": "nature", "provider_id": "ORG12"}
	}`
	return []byte(strings.ReplaceAll(text, "DAY", time.Now().UTC().Format(time.DateOnly)))
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: bus nats://USER:PASSWORD@HOST:PORT")
	}
	if err := publish(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

// publish returns once the event is on the stream's disk.
func publish(server string) error {
	u, err := url.Parse(server)
	if err != nil {
		return err
	}
	conn, err := nats.Connect(server, nats.CustomInboxPrefix("_INBOX."+u.User.Username())) // a user may listen to its own inbox only
	if err != nil {
		return err
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	header := nats.Header{"Content-Type": {"application/cloudevents+json"}}
	ack, err := js.PublishMsg(ctx, &nats.Msg{Subject: subject, Header: header, Data: event()})
	if err != nil {
		return fmt.Errorf("not stored; publish it again: %w", err)
	}
	fmt.Printf("stored as number %d of %s\n", ack.Sequence, ack.Stream)
	return nil
}
