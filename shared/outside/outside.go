// Package outside says what an error of an outside system proves.
//
// A call that changes something outside can fail before it, after it, or in doubt.
// Later and Refused are the errors that prove that nothing was done; whoever gets
// another one must look before doing it again. The contracts of the adapters
// (shared/slack, shared/tracker) take these words over as their own.
package outside

import (
	"errors"
	"fmt"
	"time"
)

// Later says that the system wants to be asked again after a while. Nothing was
// done.
type Later struct {
	After time.Duration
	Err   error
}

func (l Later) Error() string {
	return fmt.Sprintf("%v; try again in %v", l.Err, l.After.Round(time.Second))
}

// Unwrap gives the cause.
func (l Later) Unwrap() error { return l.Err }

// RetryAfter is how long to wait; a bus driver may ask any error for it.
func (l Later) RetryAfter() time.Duration { return l.After }

// Refused wraps an error that proves that nothing was done: the system answered
// with a refusal, or was never reached.
type Refused struct{ Err error }

func (r Refused) Error() string { return r.Err.Error() }

// Unwrap gives the cause.
func (r Refused) Unwrap() error { return r.Err }

// Undone reports whether err proves that nothing was done.
func Undone(err error) bool {
	var later Later
	var refused Refused
	return errors.As(err, &later) || errors.As(err, &refused)
}
