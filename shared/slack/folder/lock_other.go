//go:build !unix || aix || solaris

package folder

import "sync"

var turn sync.Mutex

// lock takes turns within this process only: here a folder belongs to one process.
func lock(string) (func(), error) {
	turn.Lock()
	return turn.Unlock, nil
}
