package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"cutover/shared/files"
	"cutover/shared/tracker"
)

const tempPrefix = ".cutover-ticket-"

// numbers lists the tickets by number. A folder that does not exist has none.
func (f *Folder) numbers() ([]int, error) {
	entries, err := os.ReadDir(f.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the ticket folder: %w", err)
	}
	var ns []int
	for _, e := range entries {
		base, ok := strings.CutSuffix(e.Name(), ".md")
		if n, err := strconv.Atoi(base); ok && err == nil && n > 0 && strconv.Itoa(n) == base && e.Type().IsRegular() {
			ns = append(ns, n)
		}
	}
	slices.Sort(ns)
	return ns, nil
}

func (f *Folder) read(n int) ([]byte, error) {
	info, err := os.Stat(f.path(n))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("ticket %s: %w", f.path(n), tracker.ErrGone)
	}
	if err != nil {
		return nil, fmt.Errorf("reading a ticket: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("reading ticket %s: it is no regular file of at most %d bytes: move it out of the ticket folder", f.path(n), maxFile)
	}
	raw, err := os.ReadFile(f.path(n))
	if err != nil {
		return nil, fmt.Errorf("reading a ticket: %w", err)
	}
	return raw, nil
}

// place puts a whole file in place, durably. A new one never replaces what stands
// there (fs.ErrExist). Until it stands there, an error says that nothing was done.
func (f *Folder) place(n int, raw []byte, fresh bool) error {
	stands, err := f.files().Place(filepath.Base(f.path(n)), raw, fresh)
	if err != nil && !stands {
		return tracker.Refused{Err: err}
	}
	return err
}

func (f *Folder) files() files.Folder {
	return files.Folder{Dir: f.Dir, Temp: tempPrefix, Step: f.step}
}
