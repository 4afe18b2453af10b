package main

import (
	"context"
	"fmt"

	core "k8s.io/api/core/v1"
	storage "k8s.io/api/storage/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
)

const (
	nodes    = "nodes"                       // the log of all that runs in this process
	prefix   = "devcluster.pushboat.dev/"    // of every annotation that steers the simulation
	provider = "devcluster.pushboat.dev/now" // the provisioner of the default storage class
)

var nodeNames = []string{"node-1", "node-2"}

// starter begins one part of the simulation.
type starter func(context.Context, access, informers.SharedInformerFactory) error

// startNodes adds the simulated machines and what a cloud would do around them: a scheduler, a
// kubelet, volumes and load balancers. All of it watches; nothing polls. It ends with ctx.
func startNodes(ctx context.Context, state state, access access) error {
	client, err := kubernetes.NewForConfig(access.as("kubelet"))
	if err != nil {
		return err
	}
	port, err := serveLogs(ctx, state, client)
	if err != nil {
		return err
	}
	for _, name := range nodeNames {
		if err := addNode(ctx, client, name, port); err != nil {
			return fmt.Errorf("cannot add %s: %w", name, err)
		}
	}
	if err := addStorageClass(ctx, client); err != nil {
		return fmt.Errorf("cannot add the storage class: %w", err)
	}
	shared := informers.NewSharedInformerFactory(client, 0)
	for _, start := range []starter{startScheduler, startKubelet, startVolumes, startLoadBalancers} {
		if err := start(ctx, access, shared); err != nil {
			return err
		}
	}
	shared.Start(ctx.Done())
	for kind, synced := range shared.WaitForCacheSync(ctx.Done()) {
		if !synced {
			return fmt.Errorf("cannot watch %v", kind)
		}
	}
	return nil
}

// addNode adds a machine that is ready and stays so: no controller runs that would ask it for a heartbeat.
func addNode(ctx context.Context, client kubernetes.Interface, name string, logsPort int32) error {
	plenty := core.ResourceList{
		core.ResourceCPU: resource.MustParse("64"), core.ResourceMemory: resource.MustParse("256Gi"),
		core.ResourceEphemeralStorage: resource.MustParse("1Ti"), core.ResourcePods: resource.MustParse("10000"),
	}
	now := metav1.Now()
	node := &core.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{
			core.LabelHostname: name, core.LabelOSStable: "linux", core.LabelArchStable: "amd64",
			core.LabelTopologyRegion: "devcluster", core.LabelTopologyZone: "devcluster-" + name,
		}},
		Status: core.NodeStatus{
			Capacity: plenty, Allocatable: plenty,
			Conditions: []core.NodeCondition{{
				Type: core.NodeReady, Status: core.ConditionTrue, Reason: "KubeletReady",
				Message: "this node is simulated: no container ever runs", LastHeartbeatTime: now, LastTransitionTime: now,
			}},
			Addresses:       []core.NodeAddress{{Type: core.NodeInternalIP, Address: "127.0.0.1"}, {Type: core.NodeHostName, Address: name}},
			DaemonEndpoints: core.NodeDaemonEndpoints{KubeletEndpoint: core.DaemonEndpoint{Port: logsPort}},
			NodeInfo: core.NodeSystemInfo{
				KubeletVersion: version, ContainerRuntimeVersion: "devcluster://1", OperatingSystem: "linux", Architecture: "amd64",
			},
		},
	}
	_, err := client.CoreV1().Nodes().Create(ctx, node, metav1.CreateOptions{})
	return err
}

// addStorageClass makes claims without a class work, as they do on every hosted cluster.
func addStorageClass(ctx context.Context, client kubernetes.Interface) error {
	class := &storage.StorageClass{
		ObjectMeta:  metav1.ObjectMeta{Name: "standard", Annotations: map[string]string{"storageclass.kubernetes.io/is-default-class": "true"}},
		Provisioner: provider,
	}
	_, err := client.StorageV1().StorageClasses().Create(ctx, class, metav1.CreateOptions{})
	return err
}
