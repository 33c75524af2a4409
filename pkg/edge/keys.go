package edge

import (
	"crypto/sha256"
	"net/http"
	"sync"

	"vointi.fi/pkg/access"
	"vointi.fi/pkg/event"
)

// keyOf is what a request's Idempotency-Key means: the key, at the address that it was sent to, by whoever bears a token. ""
// without one.
//
// Whoever sends a key makes the same events with it each time, for the ids are those of the key (the gateway's events bring
// their own); with the source they are the identity, so keys of different sources never meet. Nothing of it is kept on disk: a key that comes again with another
// body is refused with 422 if this process has heard it since its start, among its last 50 000 keys at least. Otherwise it
// makes another event of the same identity, of which the fold takes one, and vointi.reconciliation counts a conflict.
func keyOf(r *http.Request) string {
	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		return ""
	}
	key = r.Method + " " + r.URL.Path + "\x00" + key
	if caller, err := access.Of(r.Context()); err == nil && caller.Limited() {
		key += "\x00" + caller.Name
	}
	return key
}

// keys remembers what Idempotency-Keys came with: hashes only, of what was to be published.
type keys struct {
	mu            sync.Mutex
	recent, older map[string][sha256.Size]byte
}

// generation is how many keys are remembered before those of the generation before last are forgotten.
const generation = 50_000

// agree says whether a key came with the same events before, or not at all. It is asked before they are published: a
// request without an answer may have succeeded.
func (k *keys) agree(key string, events []*event.Event) bool {
	hash := sha256.New()
	for _, e := range events {
		hash.Write(e.Encode())
	}
	sum := [sha256.Size]byte(hash.Sum(nil))
	k.mu.Lock()
	defer k.mu.Unlock()
	before, known := k.recent[key]
	if !known {
		before, known = k.older[key]
	}
	if known {
		return before == sum
	}
	if k.recent == nil || len(k.recent) >= generation {
		k.recent, k.older = map[string][sha256.Size]byte{}, k.recent
	}
	k.recent[key] = sum
	return true
}
