package outside

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestWhatErrorsProve(t *testing.T) {
	cause := errors.New("cause")
	later := Later{After: 90*time.Second + 400*time.Millisecond, Err: cause}
	for _, c := range []struct {
		err    error
		text   string
		undone bool
	}{
		{cause, "cause", false},
		{later, "cause; try again in 1m30s", true},
		{Refused{Err: cause}, "cause", true},
		{fmt.Errorf("posting: %w", later), "posting: cause; try again in 1m30s", true},
		{fmt.Errorf("posting: %w", Refused{Err: cause}), "posting: cause", true},
		{errors.New("posting: " + later.Error()), "posting: cause; try again in 1m30s", false},
	} {
		if got := c.err.Error(); got != c.text {
			t.Errorf("%q, want %q", got, c.text)
		}
		if Undone(c.err) != c.undone {
			t.Errorf("%T %v: surely undone: %v, want %v", c.err, c.err, !c.undone, c.undone)
		}
	}
	if Undone(nil) {
		t.Error("no error proves that nothing was done")
	}
	var wait interface{ RetryAfter() time.Duration }
	if err := fmt.Errorf("posting: %w", later); !errors.As(err, &wait) || wait.RetryAfter() != later.After || !errors.Is(err, cause) {
		t.Errorf("the wait or the cause is lost in %v", err)
	}
}
