package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os/signal"
	"path/filepath"
	"syscall"
)

// invocation is what the command line asked for.
type invocation struct {
	state      string
	withParent bool
	ephemeral  bool
	mends      bool
	audit      audit
}

// audit is where kube-apiserver writes down what it is asked, and the policy that says what of it; both or neither.
type audit struct{ policy, log string }

// flags are those of kube-apiserver; its processes work elsewhere, so the paths must be whole.
func (a audit) flags() []string {
	if a.log == "" {
		return nil
	}
	return []string{"--audit-policy-file=" + a.policy, "--audit-log-path=" + a.log, "--audit-log-mode=blocking"}
}

func (a *audit) complete() error {
	if (a.log == "") != (a.policy == "") {
		return errUsage
	}
	for _, path := range []*string{&a.policy, &a.log} {
		if *path == "" {
			continue
		}
		whole, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		*path = whole
	}
	return nil
}

func parseInvocation(args []string) (invocation, error) {
	var asked invocation
	flags := flag.NewFlagSet("up", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&asked.state, "state", "", "")
	flags.BoolVar(&asked.withParent, "with-parent", false, "")
	flags.BoolVar(&asked.ephemeral, "ephemeral", false, "")
	flags.BoolVar(&asked.mends, "mend", false, "")
	flags.StringVar(&asked.audit.policy, "audit-policy-file", "", "")
	flags.StringVar(&asked.audit.log, "audit-log-path", "", "")
	if err := flags.Parse(args); err != nil || asked.state == "" || flags.NArg() > 0 {
		return asked, errUsage
	}
	if err := asked.audit.complete(); err != nil {
		return asked, err
	}
	path, err := filepath.Abs(asked.state)
	asked.state = path
	return asked, err
}

// up is the story of a cluster's life: prepare, start, get ready, say so, wait, take down.
func up(args []string) error {
	asked, err := parseInvocation(args)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer stop()
	if asked.withParent {
		ctx = withParent(ctx)
	}
	state, err := openState(asked.state)
	if err != nil {
		return err
	}
	defer state.remove(asked.ephemeral)
	if err := state.quieten(); err != nil {
		return err
	}
	return live(ctx, state, asked)
}

// live runs the cluster until ctx ends or one of its processes does; where it mends, another one takes that one's place.
func live(ctx context.Context, state state, asked invocation) error {
	endpoint, err := listenLocally()
	if err != nil {
		return err
	}
	defer endpoint.Close()
	access, err := grantAccess(state, endpoint.Addr().String())
	if err != nil {
		return err
	}
	family := newFamily()
	defer family.kill()
	if err := family.start(apiServer, state, endpoint, append(apiServerFlags(state), asked.audit.flags()...)...); err != nil {
		return err
	}
	endpoint.Close() // the API server has it now; the port must be free when that is gone
	if err := bringUp(ctx, state, family, access); err != nil {
		if ctx.Err() != nil {
			return nil // told to stop while starting: that is no failure
		}
		return err
	}
	fmt.Println(state.kubeconfig())
	return family.wait(ctx, asked.mends)
}

// bringUp returns when the API answers, the controllers work and the nodes are there.
func bringUp(ctx context.Context, state state, family *family, access access) error {
	ctx, cancel := family.alive(ctx)
	defer cancel()
	if err := awaitAPI(ctx, access); err != nil {
		return family.explain(err)
	}
	if err := family.start(controllerManager, state, nil, controllerFlags(state)...); err != nil {
		return err
	}
	if err := startNodes(family.lifetime, state, access); err != nil {
		return family.explain(err)
	}
	return family.explain(awaitDefaults(ctx, access))
}
