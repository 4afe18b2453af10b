package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// mendingPause keeps one that ends at once from being started without a pause.
const mendingPause = 200 * time.Millisecond

// family is the processes that live and die with this one. The API server and the controller
// manager cannot share a process: Kubernetes' logging may be configured once per process only.
type family struct {
	lifetime context.Context // ends when the first of the children does, or all are killed
	end      context.CancelCauseFunc
	children []*child
	mends    atomic.Bool
	ended    chan *child // those in whose place another one is wanted
}

// child is one of them, and all that it takes to start another one in its place.
type child struct {
	command *exec.Cmd
	gone    chan struct{}
	name    string
	state   state
	address *net.TCPAddr // where it listens; nil where it does not
	args    []string
}

func newFamily() *family {
	lifetime, end := context.WithCancelCause(context.Background())
	return &family{lifetime: lifetime, end: end, ended: make(chan *child, 2)}
}

// start runs this binary again as one of its sub-commands. Argument zero is the sub-command's name,
// because Kubernetes names field managers after it. The listener, if any, becomes the child's file 3.
// Must be called on the main goroutine (see init).
func (f *family) start(name string, state state, listener *net.TCPListener, args ...string) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("cannot find this program's own file: %w", err)
	}
	how := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if f.mends.Load() {
		how = os.O_CREATE | os.O_WRONLY | os.O_APPEND // what its predecessor said stays
	}
	log, err := os.OpenFile(state.log(name), how, 0o666)
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
	started := &child{command: command, gone: make(chan struct{}), name: name, state: state, args: args}
	if listener != nil {
		started.address = listener.Addr().(*net.TCPAddr)
	}
	f.children = append(f.children, started)
	go f.watch(started)
	return nil
}

func (f *family) watch(child *child) {
	err := child.command.Wait()
	defer close(child.gone)
	if f.mends.Load() {
		f.ended <- child
		return
	}
	if err == nil {
		err = errors.New("without an error")
	}
	log := child.state.log(child.name)
	f.end(fmt.Errorf("%s ended (%w); the end of %s:\n%s", child.name, err, log, tail(log)))
}

// replace starts another one in the place of one that ended, where that one listened; callers know no other address.
// Must be called on the main goroutine, as start.
func (f *family) replace(ctx context.Context, ended *child) error {
	f.children = slices.DeleteFunc(f.children, func(one *child) bool { return one == ended })
	if ended.address == nil {
		return f.start(ended.name, ended.state, nil, ended.args...)
	}
	var listener *net.TCPListener
	err := poll(ctx, func(context.Context) bool { // a caller's own port may be this one for a moment
		var err error
		listener, err = net.ListenTCP("tcp4", ended.address)
		return err == nil
	})
	if err != nil {
		return fmt.Errorf("the port of %s is taken: %w", ended.name, err)
	}
	defer listener.Close()
	return f.start(ended.name, ended.state, listener, ended.args...)
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

// wait returns nil when ctx ends, and an error when a child ends before; where it mends, only when none can be started
// in its place.
func (f *family) wait(ctx context.Context, mends bool) error {
	f.mends.Store(mends)
	for {
		select {
		case <-ctx.Done():
			f.mends.Store(false)
			return nil
		case <-f.lifetime.Done():
			return context.Cause(f.lifetime)
		case ended := <-f.ended:
			time.Sleep(mendingPause)
			if err := f.replace(ctx, ended); err != nil && ctx.Err() == nil {
				return err
			}
		}
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
