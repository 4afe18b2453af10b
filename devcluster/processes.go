package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// family is the processes that live and die with this one. The API server and the controller
// manager cannot share a process: Kubernetes' logging may be configured once per process only.
type family struct {
	lifetime context.Context // ends when the first of the children does, or all are killed
	end      context.CancelCauseFunc
	children []*child
}

type child struct {
	command *exec.Cmd
	gone    chan struct{}
}

func newFamily() *family {
	lifetime, end := context.WithCancelCause(context.Background())
	return &family{lifetime: lifetime, end: end}
}

// start runs this binary again as one of its sub-commands. Argument zero is the sub-command's name,
// because Kubernetes names field managers after it. The listener, if any, becomes the child's file 3.
// Must be called on the main goroutine (see init).
func (f *family) start(name string, state state, listener *net.TCPListener, args ...string) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cannot find this program's own file: %w", err)
	}
	log, err := os.Create(state.log(name))
	if err != nil {
		return fmt.Errorf("cannot write the log of %s: %w", name, err)
	}
	defer log.Close()
	command := &exec.Cmd{
		Path: program, Args: append([]string{name, name}, args...),
		Dir: state.run("etcd"), Stdout: log, Stderr: log,
		// A process group of its own keeps a terminal's Ctrl-C from racing with our orderly end.
		SysProcAttr: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true},
	}
	if listener != nil {
		file, err := listener.File()
		if err != nil {
			return fmt.Errorf("cannot hand the API's port to %s: %w", name, err)
		}
		defer file.Close()
		command.ExtraFiles = []*os.File{file}
	}
	if err := command.Start(); err != nil {
		return fmt.Errorf("cannot start %s: %w", name, err)
	}
	started := &child{command: command, gone: make(chan struct{})}
	f.children = append(f.children, started)
	go f.watch(started, name, state.log(name))
	return nil
}

func (f *family) watch(child *child, name, log string) {
	err := child.command.Wait()
	if err == nil {
		err = errors.New("without an error")
	}
	f.end(fmt.Errorf("%s ended (%w); the end of %s:\n%s", name, err, log, tail(log)))
	close(child.gone)
}

// alive narrows ctx to the family's life: whoever waits for a dead API server would wait for ever.
func (f *family) alive(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(f.lifetime, cancel)
	return ctx, func() { stop(); cancel() }
}

// explain prefers the reason why a child ended to the error that this caused elsewhere.
func (f *family) explain(err error) error {
	if err != nil && f.lifetime.Err() != nil {
		return context.Cause(f.lifetime)
	}
	return err
}

// wait returns nil when ctx ends, and an error when a child ends before.
func (f *family) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-f.lifetime.Done():
		return context.Cause(f.lifetime)
	}
}

// kill ends the children at once: nothing in this cluster outlives it, so nothing needs to be saved.
func (f *family) kill() {
	for _, child := range f.children {
		_ = child.command.Process.Kill()
	}
	for _, child := range f.children {
		select {
		case <-child.gone:
		case <-time.After(5 * time.Second): // in uninterruptible sleep; the kernel will get to it
		}
	}
	f.end(nil)
}

// tail returns the last lines of a log that are worth reading.
func tail(path string) string {
	const lines, width = 8, 400
	content, err := os.ReadFile(path)
	if err != nil {
		return "  (no log: " + err.Error() + ")"
	}
	all := strings.Split(strings.TrimSpace(string(content)), "\n")
	last := all[max(0, len(all)-lines):]
	for i, line := range last {
		last[i] = "  " + line[:min(len(line), width)]
	}
	return strings.Join(last, "\n")
}
