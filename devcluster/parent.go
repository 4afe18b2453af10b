package main

import (
	"context"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// withParent ends the context when the process that started this one is gone, or has closed our stdin.
// Not a parent-death signal: that one fires when the parent's *thread* ends, and Python starts things from
// threads that come and go. Two cords, because a forked sibling may hold the pipe open, and because the
// parent may be gone before we look.
func withParent(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	if parent, err := unix.PidfdOpen(os.Getppid(), 0); err == nil { // Linux 5.3 and newer
		go func() {
			awaitEnd(parent)
			cancel()
		}()
	}
	return ctx
}

// awaitEnd returns when the process behind a pidfd has ended.
func awaitEnd(process int) {
	descriptors := []unix.PollFd{{Fd: int32(process), Events: unix.POLLIN}}
	for {
		if _, err := unix.Poll(descriptors, -1); err != unix.EINTR {
			return
		}
	}
}
