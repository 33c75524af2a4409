package participation

import (
	"context"
	"sync"

	"vointi.fi/pkg/edge"
	"vointi.fi/pkg/event"
)

// link has the bus told, before the visit, that the card was another pseudonym under each of its issuer's older keys, so
// that a rotation makes nobody somebody else.
//
// A link is a function of the card and its issuer's keys alone: its id is that of the two pseudonyms, its time that of the
// rotation, its area none. So it may be published any number of times. Nothing about it is kept on disk, where it would
// have to be forgotten with the person: see [once].
func (p *Participation) link(body *edge.Body, keys []Key, card string) {
	if card == "" {
		return
	}
	newest := keys[len(keys)-1]
	person := Pseudonym(newest.Secret, card)
	for _, older := range keys[:len(keys)-1] {
		if len(older.Secret) == 0 {
			continue // retired: whoever was known by it is forgotten
		}
		before := Pseudonym(older.Secret, card)
		id := event.NewID(string(event.CardRekeyed), before, person)
		rekeyed := &event.Rekey{OldPseudonym: before, NewPseudonym: person, KeyVersion: newest.Version}
		link, err := event.New(event.CardRekeyed, p.cfg.Source, id, newest.Made, "SSS", "", rekeyed)
		if err != nil {
			body.Fault("", err.Error()) // the service's source, or the time in the keys file, is no good
			return
		}
		body.Precede(link)
	}
}

// once is a publisher that publishes each link once, as long as the process lives. After a restart the first use of a card
// publishes it again, which is a duplicate.
type once struct {
	edge.Publisher
	mu   sync.Mutex
	done map[string]bool // ids of links that are on the bus
}

// maxDone bounds the memory, to some 100 MB; beyond it all is forgotten, and links are published once more.
const maxDone = 1_000_000

// PublishBatch publishes the events but those links that it has published before.
func (o *once) PublishBatch(ctx context.Context, events []*event.Event) error {
	var rest []*event.Event
	var links []string
	for _, e := range events {
		if e.Type == event.CardRekeyed {
			if o.has(e.ID) {
				continue
			}
			links = append(links, e.ID)
		}
		rest = append(rest, e)
	}
	if len(rest) == 0 {
		return nil
	}
	if err := o.Publisher.PublishBatch(ctx, rest); err != nil {
		return err
	}
	o.add(links)
	return nil
}

func (o *once) has(id string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.done[id]
}

func (o *once) add(ids []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.done)+len(ids) > maxDone {
		clear(o.done)
	}
	for _, id := range ids {
		o.done[id] = true
	}
}
