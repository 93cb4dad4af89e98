package folder

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"cutover/shared/files"
	"cutover/shared/slack"
)

const (
	tempPrefix = ".cutover-message-"
	// maxFile is the largest message that is read, in bytes; Slack's own limits are
	// far below.
	maxFile = 8 << 20
)

// names lists the messages by time. A folder that does not exist has none.
func (f *Folder) names() ([]name, error) {
	entries, err := os.ReadDir(f.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the Slack folder: %w", err)
	}
	var out []name
	for _, e := range entries {
		if n, ok := parseName(e.Name()); ok && e.Type().IsRegular() {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b name) int {
		x, y := a.stamp(), b.stamp()
		return cmp.Or(cmp.Compare(x.second, y.second), cmp.Compare(x.count, y.count), cmp.Compare(a.kind, b.kind))
	})
	return out, nil
}

// read gives a message, and the bytes of its file also where they are broken.
func (f *Folder) read(n name) (record, []byte, error) {
	path := f.path(n.file)
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return record{}, nil, fmt.Errorf("message %s: %w", path, slack.ErrGone)
	}
	if err != nil {
		return record{}, nil, fmt.Errorf("reading a message: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return record{}, nil, fmt.Errorf("%s:1: this is no regular file of at most %d bytes: move it out of the Slack folder", path, maxFile)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return record{}, nil, fmt.Errorf("reading a message: %w", err)
	}
	r, err := parse(path, n, raw)
	return r, raw, err
}

// place puts a whole file in place, durably. A new one never replaces what stands
// there (fs.ErrExist). Until it stands there, an error says that nothing was done.
func (f *Folder) place(file string, raw []byte, fresh bool) error {
	stands, err := f.files().Place(file, raw, fresh)
	if err != nil && !stands {
		return slack.Refused{Err: err}
	}
	return err
}

func (f *Folder) files() files.Folder {
	return files.Folder{Dir: f.Dir, Temp: tempPrefix, Step: f.step}
}
