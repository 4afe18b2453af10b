package main

import (
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/spf13/pflag"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/rest"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	"k8s.io/kubernetes/cmd/kube-apiserver/app/options"
)

const apiServer = "kube-apiserver"

// listenLocally opens the API's port before the API server exists, so that no one can take it in between.
func listenLocally() (*net.TCPListener, error) {
	listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, fmt.Errorf("no free port on 127.0.0.1: %w", err)
	}
	return listener, nil
}

// apiServerFlags are the real ones of kube-apiserver. The nodes' addresses are 127.0.0.1, and so is ours.
func apiServerFlags(state state) []string {
	pki := func(name string) string { return state.run("pki", name) }
	return []string{
		"--etcd-servers=" + etcdEndpoint,
		"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--external-hostname=127.0.0.1",
		"--tls-cert-file=" + pki("serving.crt"), "--tls-private-key-file=" + pki("serving.key"),
		"--client-ca-file=" + pki("ca.crt"),
		"--token-auth-file=" + pki("tokens.csv"),
		"--authorization-mode=RBAC", "--anonymous-auth=false", "--allow-privileged=true",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-signing-key-file=" + pki("accounts.key"),
		"--service-account-key-file=" + pki("accounts.key"),
		"--service-cluster-ip-range=10.96.0.0/16",
		"--endpoint-reconciler-type=none",
		// The node lifecycle controller, which would take the not-ready taint away again, does not run.
		"--disable-admission-plugins=TaintNodesByCondition",
		// How `kubectl logs` reaches the simulated kubelet.
		"--kubelet-client-certificate=" + pki("client.crt"), "--kubelet-client-key=" + pki("client.key"),
		"--kubelet-certificate-authority=" + pki("ca.crt"), "--kubelet-preferred-address-types=InternalIP",
		"--profiling=false", "--shutdown-delay-duration=0s",
	}
}

// serveAPI runs etcd and kube-apiserver until the process is killed. It does what kube-apiserver's
// own command does, except that it serves on the listener that came as file 3.
func serveAPI(args []string) error {
	ctx := genericapiserver.SetupSignalContext()
	if err := startEtcd(ctx); err != nil {
		return err
	}
	listener, err := net.FileListener(os.NewFile(3, "api"))
	if err != nil {
		return fmt.Errorf("%s is started by `devcluster up`, which hands it a port: %w", apiServer, err)
	}
	server := options.NewServerRunOptions()
	flags := pflag.NewFlagSet(apiServer, pflag.ContinueOnError)
	for _, set := range server.Flags().FlagSets {
		flags.AddFlagSet(set)
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	server.SecureServing.Listener = listener
	server.SecureServing.BindPort = listener.Addr().(*net.TCPAddr).Port
	if err := server.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	completed, err := server.Complete(ctx)
	if err != nil {
		return err
	}
	if mistakes := completed.Validate(); len(mistakes) > 0 {
		return errors.Join(mistakes...)
	}
	return app.Run(ctx, completed)
}
