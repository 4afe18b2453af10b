// Command devcluster is a Kubernetes control plane in one binary: etcd, kube-apiserver,
// kube-controller-manager and two simulated nodes, for Pushboat's tests and its demo.
//
// It exists because a fake API server cannot answer the questions our tests ask: does this
// server-side apply conflict, does this rollout become healthy, who may do what. Everything is
// the real code of Kubernetes, except the nodes: no container ever runs.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
)

const usage = `usage: devcluster up --state DIR [--with-parent] [--ephemeral] [--mend]
                     [--audit-policy-file FILE --audit-log-path FILE]

Runs a Kubernetes control plane on 127.0.0.1 until it is told to stop, and prints the path of an
administrator's kubeconfig on stdout when it is ready.

  --state DIR     where kubeconfig, logs/ and run/ go; created when missing
  --with-parent   stop when whoever started it is gone or closes its stdin
  --ephemeral     at the end remove the logs too, not only what the cluster needed to run
  --mend          start the API server or the controllers again when they die, with all data; else the cluster ends
  --audit-policy-file FILE, --audit-log-path FILE
                  what the API server is asked, as its own options of these names write it down
`

// version is the Kubernetes that go.mod pins; the linker tells it to Kubernetes' own code.
const version = "v1.36.3"

// errUsage marks a mistake in the command line; it ends the process with exit code 2.
var errUsage = errors.New("usage")

// init keeps the main goroutine on the first thread of the process. The kernel sends a child its
// parent-death signal when the *thread* that started it ends, so that thread must live as long as we do.
func init() { runtime.LockOSThread() }

func main() {
	err := run(os.Args[1:])
	switch {
	case err == nil:
	case errors.Is(err, errUsage):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	default:
		fmt.Fprintf(os.Stderr, "devcluster: %v\n", err)
		os.Exit(1)
	}
}

// run dispatches: `up` is for people, the other two are how the binary runs itself.
func run(args []string) error {
	if len(args) == 0 {
		return errUsage
	}
	switch args[0] {
	case "up":
		return up(args[1:])
	case apiServer:
		return serveAPI(args[1:])
	case controllerManager:
		return runControllers(args[1:])
	case "help", "-h", "--help":
		fmt.Print(usage)
		return nil
	default:
		return errUsage
	}
}
