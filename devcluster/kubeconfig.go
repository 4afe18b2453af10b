package main

import (
	"crypto/rand"
	"fmt"
	"os"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// access is how one identity reaches the API.
type access struct {
	server    string
	authority []byte
	token     string
}

// grantAccess writes certificates, tokens and the kubeconfigs of the administrator and of the
// controller manager, and returns the simulated nodes' own access.
func grantAccess(state state, address string) (access, error) {
	if err := writePKI(state); err != nil {
		return access{}, fmt.Errorf("cannot write the cluster's certificates: %w", err)
	}
	authority, err := os.ReadFile(state.run("pki", "ca.crt"))
	if err != nil {
		return access{}, err
	}
	var tokens strings.Builder
	grant := func(user string) access {
		token := rand.Text() + rand.Text()
		fmt.Fprintf(&tokens, "%s,%s,%s,\"system:masters\"\n", token, user, user)
		return access{server: "https://" + address, authority: authority, token: token}
	}
	admin, manager, node := grant("admin"), grant("system:kube-controller-manager"), grant("system:node:devcluster")
	if err := os.WriteFile(state.run("pki", "tokens.csv"), []byte(tokens.String()), 0o600); err != nil {
		return access{}, err
	}
	if err := manager.write(state.run(controllerManager + ".kubeconfig")); err != nil {
		return access{}, err
	}
	return node, admin.write(state.kubeconfig())
}

// write stores the access as a kubeconfig that only its owner can read.
func (a access) write(path string) error {
	config := api.NewConfig()
	config.Clusters["devcluster"] = &api.Cluster{Server: a.server, CertificateAuthorityData: a.authority}
	config.AuthInfos["devcluster"] = &api.AuthInfo{Token: a.token}
	config.Contexts["devcluster"] = &api.Context{Cluster: "devcluster", AuthInfo: "devcluster", Namespace: "default"}
	config.CurrentContext = "devcluster"
	content, err := clientcmd.Write(*config)
	if err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// as returns a client configuration for a component. The component's name ends up in managedFields.
func (a access) as(component string) *rest.Config {
	return &rest.Config{
		Host: a.server, BearerToken: a.token, TLSClientConfig: rest.TLSClientConfig{CAData: a.authority},
		UserAgent: component + "/" + version, QPS: -1,
		ContentConfig: rest.ContentConfig{
			ContentType:        runtime.ContentTypeProtobuf,
			AcceptContentTypes: runtime.ContentTypeProtobuf + "," + runtime.ContentTypeJSON,
		},
	}
}
