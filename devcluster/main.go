// Package main is a first, thin devcluster: it proves that the module builds.
package main

import (
	"fmt"
	"os"

	_ "go.etcd.io/etcd/server/v3/embed"
	_ "k8s.io/client-go/informers"
	_ "k8s.io/client-go/kubernetes"
	_ "k8s.io/client-go/tools/cache"
	_ "k8s.io/client-go/tools/record"
	_ "k8s.io/client-go/util/workqueue"
	_ "k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
	_ "k8s.io/apiserver/pkg/server"
	_ "k8s.io/klog/v2"
	kas "k8s.io/kubernetes/cmd/kube-apiserver/app"
	kcm "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

func main() {
	fmt.Fprintln(os.Stderr, kas.NewAPIServerCommand().Use, kcm.NewControllerManagerCommand().Use)
}
