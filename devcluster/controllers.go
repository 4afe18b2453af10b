package main

import (
	"strings"

	"k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

const controllerManager = "kube-controller-manager"

// controllers are those that a deployment can wait for, own or be stopped by. What looks after real
// machines (node lifecycle, attach and detach, certificates) has nothing to look after here.
var controllers = []string{
	"deployment", "replicaset", "replicationcontroller", "statefulset", "daemonset", "job", "cronjob",
	"ttl-after-finished", "horizontal-pod-autoscaler", "disruption",
	"endpointslice",
	"namespace", "garbage-collector", "resourcequota", "clusterrole-aggregation",
	"serviceaccount", "serviceaccount-token", "root-ca-certificate-publisher",
	// Claims carry a finalizer that only the protection controllers remove; without them no namespace
	// that has a claim could ever be deleted.
	"persistentvolume-binder", "persistentvolumeclaim-protection", "persistentvolume-protection",
}

func controllerFlags(state state) []string {
	return []string{
		"--kubeconfig=" + state.run(controllerManager+".kubeconfig"),
		"--controllers=" + strings.Join(controllers, "-controller,") + "-controller",
		"--leader-elect=false", "--secure-port=0", "--profiling=false",
		"--service-account-private-key-file=" + state.run("pki", "accounts.key"),
		"--root-ca-file=" + state.run("pki", "ca.crt"),
		// The API server is next door; the defaults (20 requests a second) are for a cluster of many.
		"--kube-api-qps=1000", "--kube-api-burst=2000",
		"--concurrent-deployment-syncs=10", "--concurrent-replicaset-syncs=10",
	}
}

// runControllers runs kube-controller-manager until the process is killed.
func runControllers(args []string) error {
	command := app.NewControllerManagerCommand()
	command.SetArgs(args)
	command.SilenceErrors = true // main prints them
	return command.Execute()
}
