package ticket

import "sync"

// busy lets one goroutine at a time work on an action. Two processes are kept
// apart by the intents in the store and by what the trackers themselves offer.
type busy struct {
	mu   sync.Mutex
	held map[string]*held
}

type held struct {
	mu    sync.Mutex
	users int
}

// take waits for the key and gives the function that frees it.
func (b *busy) take(key string) func() {
	b.mu.Lock()
	if b.held == nil {
		b.held = map[string]*held{}
	}
	h := b.held[key]
	if h == nil {
		h = &held{}
		b.held[key] = h
	}
	h.users++
	b.mu.Unlock()
	h.mu.Lock()
	return func() {
		h.mu.Unlock()
		b.mu.Lock()
		defer b.mu.Unlock()
		if h.users--; h.users == 0 {
			delete(b.held, key)
		}
	}
}
