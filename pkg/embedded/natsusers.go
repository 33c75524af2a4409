package embedded

import "slices"

// NATSUser is a user of the bus and what it may say and hear. These are the rules of every shipped configuration:
// deploy/nats.conf is tested against them.
type NATSUser struct {
	Name      string
	Publish   []string
	Subscribe []string
}

const (
	eventsStream  = "VOINTI_EVENTS"
	updatesStream = "VOINTI_UPDATES"
	stateStream   = "VOINTI_STATE"
)

// readStream is asking JetStream about a stream and its consumers, and for single messages.
func readStream(stream string) []string {
	return []string{
		"$JS.API.STREAM.INFO." + stream,
		"$JS.API.STREAM.MSG.GET." + stream,
		"$JS.API.DIRECT.GET." + stream,
		"$JS.API.DIRECT.GET." + stream + ".>",
		"$JS.API.CONSUMER.INFO." + stream + ".*",
	}
}

// consumeStream is making a consumer, fetching from it and giving outcomes.
func consumeStream(stream string) []string {
	return []string{
		"$JS.API.CONSUMER.CREATE." + stream + ".>",
		"$JS.API.CONSUMER.DURABLE.CREATE." + stream + ".*",
		"$JS.API.CONSUMER.MSG.NEXT." + stream + ".*",
		"$JS.ACK." + stream + ".>",
	}
}

// NATSUsers are the users of the bus, each with what its work needs. Answers go to inboxes of one's own, so that nobody
// can listen to what another one fetches.
func NATSUsers() []NATSUser {
	users := []NATSUser{
		// Services that emit events. A grant by family and area is made from these subjects: vointi.events.survey.>
		{Name: "publisher", Publish: []string{"vointi.events.>", "$JS.API.STREAM.INFO." + eventsStream}},
		// Publishes visits, and reads what sessions the calendars have.
		{Name: "participation", Publish: []string{
			"vointi.events.participation.>", "vointi.events.card.rekeyed.v1.SSS", "$JS.API.STREAM.INFO." + eventsStream,
			"$JS.API.DIRECT.GET." + eventsStream, "$JS.API.DIRECT.GET." + stateStream,
		}},
		// Publishes calendars, and remembers what it has published.
		{Name: "calendar", Publish: []string{
			"vointi.events.calendar.>", "$JS.API.STREAM.INFO." + eventsStream,
			"vointi.state.calendar.>", "$JS.API.DIRECT.GET." + stateStream,
		}},
		{Name: "ingester", Publish: slices.Concat(
			readStream(eventsStream), consumeStream(eventsStream),
			[]string{"vointi.nudge.>", "$JS.API.STREAM.INFO." + updatesStream},
		)},
		{Name: "aggregator", Publish: slices.Concat(
			readStream(eventsStream), readStream(updatesStream),
			[]string{"vointi.updates.>", "vointi.nudge.>"},
		), Subscribe: []string{"vointi.updates.>", "vointi.nudge.>"}},
		// Makes and changes the streams, and publishes nothing.
		{Name: "migrator", Publish: slices.Concat(
			readStream(eventsStream), readStream(updatesStream),
			streamAdmin(eventsStream), streamAdmin(updatesStream), streamAdmin(stateStream),
			[]string{"$JS.API.STREAM.INFO." + stateStream},
		)},
		// Asks for erasures, deletes messages of a person securely, and tells when it is done. Which messages those are it
		// knows by the receipts, so it consumes nothing.
		{Name: "eraser", Publish: slices.Concat(
			readStream(eventsStream),
			[]string{
				"$JS.API.STREAM.MSG.DELETE." + eventsStream, "vointi.events.card.erasure.requested.v1.*",
				"vointi.updates.privacy.erasure.completed.v1", "$JS.API.STREAM.INFO." + updatesStream,
			},
		)},
	}
	for i := range users {
		users[i].Publish = append(users[i].Publish, "$JS.API.INFO")
		users[i].Subscribe = append(users[i].Subscribe, "_INBOX."+users[i].Name+".>")
	}
	return users
}

func streamAdmin(stream string) []string {
	return []string{"$JS.API.STREAM.CREATE." + stream, "$JS.API.STREAM.UPDATE." + stream}
}
