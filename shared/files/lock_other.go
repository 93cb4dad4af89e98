//go:build !unix || aix || solaris

package files

import "sync"

var turn sync.Mutex

// Lock takes turns within this process only: here a folder belongs to one process.
// All folders share the turn, so nobody may hold two.
func Lock(string) (func(), error) {
	turn.Lock()
	return turn.Unlock, nil
}
