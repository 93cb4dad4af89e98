package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cutover/shared/bus"
	"cutover/shared/cutover"
)

// worker turns the messages of one queue into calls of one room. handle answers
// with one error (or nil) for each event.
type worker struct {
	queue  string
	batch  int
	lock   time.Duration
	handle func(ctx context.Context, events []cutover.Event) []error
}

// host moves messages between the bus and the rooms.
type host struct {
	bus bus.Bus
	log *slog.Logger
}

// failure is a message that a room could not handle.
type failure struct {
	msg bus.Message
	err error
}

// drain handles what is in the queue now and returns what failed. A message that
// fails keeps its lock until the queue is empty, so that one drain tries it once.
func (h host) drain(ctx context.Context, w worker) ([]failure, error) {
	var held []failure
	for ctx.Err() == nil {
		ms, err := h.bus.Receive(ctx, w.queue, w.batch, w.lock)
		if err != nil {
			return held, fmt.Errorf("receiving from %s: %w", w.queue, err)
		}
		if len(ms) == 0 {
			break
		}
		failed, err := h.process(ctx, w, ms)
		held = append(held, failed...)
		if err != nil {
			return held, err
		}
	}
	if err := h.giveBack(ctx, held, func(failure) time.Duration { return 0 }); err != nil {
		return held, err
	}
	return held, ctx.Err()
}

// process hands one batch to the room and settles what is settled: done messages
// are completed, poison is dead-lettered. The rest comes back.
func (h host) process(ctx context.Context, w worker, ms []bus.Message) ([]failure, error) {
	events := make([]cutover.Event, len(ms))
	for i, m := range ms {
		events[i] = m.Event
	}
	errs := w.handle(ctx, events)
	// What is done is done: settle it also when the process is asked to stop.
	settle, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	var done []bus.Message
	var failed []failure
	for i, m := range ms {
		var poison bus.Poison
		switch err := errs[i]; {
		case err == nil:
			done = append(done, m)
		case errors.As(err, &poison):
			h.log.Error("message set aside", "queue", w.queue, "event", m.Event.ID, "reason", poison.Reason, "error", poison.Err)
			if err := h.bus.DeadLetter(settle, m, poison.Reason, poison.Err.Error()); err != nil {
				return failed, fmt.Errorf("dead-lettering a message of %s: %w", w.queue, err)
			}
			failed = append(failed, failure{m, err})
		default:
			h.log.Warn("message not handled", "queue", w.queue, "event", m.Event.ID, "attempt", m.Attempt, "error", err)
			failed = append(failed, failure{m, err})
		}
	}
	if err := h.bus.Complete(settle, done...); err != nil && !errors.Is(err, bus.ErrLockLost) {
		return failed, fmt.Errorf("completing messages of %s: %w", w.queue, err)
	}
	return failed, nil
}

// loop serves the queue until ctx ends, looking again after idle when it is empty
// and backing off message by message when a room fails.
func (h host) loop(ctx context.Context, w worker, idle time.Duration) {
	for ctx.Err() == nil {
		ms, err := h.bus.Receive(ctx, w.queue, w.batch, w.lock)
		if err == nil && len(ms) > 0 {
			var failed []failure
			if failed, err = h.process(ctx, w, ms); err == nil {
				err = h.giveBack(ctx, failed, backoff)
			}
		}
		if err != nil && ctx.Err() == nil {
			h.log.Error("serving a queue", "queue", w.queue, "error", err)
		}
		if len(ms) > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(idle):
		}
	}
}

// giveBack abandons failed messages; they come again after the delay.
func (h host) giveBack(ctx context.Context, failed []failure, delay func(failure) time.Duration) error {
	settle, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	for _, f := range failed {
		var poison bus.Poison
		if errors.As(f.err, &poison) {
			continue
		}
		if err := h.bus.Abandon(settle, f.msg, delay(f), f.err.Error()); err != nil && !errors.Is(err, bus.ErrLockLost) {
			return fmt.Errorf("giving back a message of %s: %w", f.msg.Queue, err)
		}
	}
	return nil
}

// backoff waits 2 s after the first failure and at most 5 minutes; an error that
// knows better says so.
func backoff(f failure) time.Duration {
	var later interface{ RetryAfter() time.Duration }
	if errors.As(f.err, &later) && later.RetryAfter() > 0 {
		return later.RetryAfter()
	}
	return min(time.Second<<min(f.msg.Attempt, 10), 5*time.Minute)
}

// each makes a handler of batches of a handler of single events.
func each(handle func(context.Context, cutover.Event) error) func(context.Context, []cutover.Event) []error {
	return func(ctx context.Context, events []cutover.Event) []error {
		errs := make([]error, len(events))
		for i, ev := range events {
			errs[i] = safely(ctx, ev, handle)
		}
		return errs
	}
}

// together makes a handler of batches of a call that answers all at once.
func together(handle func(context.Context, []cutover.Event) error) func(context.Context, []cutover.Event) []error {
	return func(ctx context.Context, events []cutover.Event) []error {
		err := safely(ctx, events, handle)
		errs := make([]error, len(events))
		for i := range errs {
			errs[i] = err
		}
		return errs
	}
}

// safely turns a panic into poison: one message must not end the process, and
// trying it again would only panic again.
func safely[T any](ctx context.Context, v T, handle func(context.Context, T) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = bus.Poison{Reason: "panic", Err: fmt.Errorf("handling a message: %v", p)}
		}
	}()
	return handle(ctx, v)
}
