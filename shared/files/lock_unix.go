//go:build unix && !aix && !solaris

package files

import (
	"errors"
	"os"
	"syscall"
)

// Lock takes turns with other processes by a lock on the folder itself; the
// system frees it when a process dies.
func Lock(dir string) (func(), error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(d.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		_ = d.Close()
		return nil, err
	}
	return func() { _ = d.Close() }, nil
}
