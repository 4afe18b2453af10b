package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	lister "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
)

// kubelet plays the kubelets of all nodes: it writes the status that a pod's life calls for, and lets
// deleted pods go.
type kubelet struct {
	client    kubernetes.Interface
	pods      lister.PodLister
	configs   lister.ConfigMapLister
	secrets   lister.SecretLister
	recorders map[string]record.EventRecorder // by node

	mutex  sync.Mutex
	stays  map[string]stay // by namespace/name
	lastIP int
}

// stay is when a pod began on its node, to the millisecond: a status holds only seconds.
type stay struct {
	uid   string
	ip    string
	asked wish
	began time.Time
}

func startKubelet(ctx context.Context, access access, shared informers.SharedInformerFactory) error {
	client, err := kubernetes.NewForConfig(access.as("kubelet"))
	if err != nil {
		return err
	}
	self := &kubelet{
		client: client, pods: shared.Core().V1().Pods().Lister(),
		configs: shared.Core().V1().ConfigMaps().Lister(), secrets: shared.Core().V1().Secrets().Lister(),
		recorders: map[string]record.EventRecorder{}, stays: map[string]stay{},
	}
	for _, name := range nodeNames {
		self.recorders[name] = recorder(ctx, client, core.EventSource{Component: "kubelet", Host: name})
	}
	_, err = watch(ctx, shared.Core().V1().Pods().Informer(), 8, self.tend)
	return err
}

// tend writes a pod's status as it should be now, and asks to be called again when it will change.
func (k *kubelet) tend(ctx context.Context, key string) (time.Duration, error) {
	namespace, name, err := cache.SplitMetaNamespaceKey(key)
	if err != nil {
		return 0, nil
	}
	pod, err := k.pods.Pods(namespace).Get(name)
	if err != nil {
		k.forget(key)
		return 0, nil
	}
	if k.recorders[pod.Spec.NodeName] == nil { // not bound yet, or to a node that is not ours
		return 0, nil
	}
	if pod.DeletionTimestamp != nil {
		return k.stop(ctx, pod)
	}
	if pod.Status.Phase == core.PodSucceeded || pod.Status.Phase == core.PodFailed {
		return 0, nil
	}
	resident := k.settle(key, pod)
	status, again := resident.statusAt(time.Now())
	if equality.Semantic.DeepEqual(status, pod.Status) {
		return again, nil
	}
	changed := pod.DeepCopy()
	changed.Status = status
	_, err = k.client.CoreV1().Pods(namespace).UpdateStatus(ctx, changed, metav1.UpdateOptions{})
	if apierrors.IsConflict(err) || apierrors.IsNotFound(err) {
		return again, nil // our view was a moment old; the newer one is on its way
	}
	if err == nil {
		k.tell(resident, pod.Status, status)
	}
	return again, err
}

// settle is the pod with what we know about its stay.
func (k *kubelet) settle(key string, pod *core.Pod) resident {
	asked, mistake := wishFor(pod)
	obstacles := k.obstacles(pod)
	if mistake != nil {
		obstacles[""] = obstacle{"InvalidAnnotation", mistake.Error()}
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	its, known := k.stays[key]
	if !known || its.uid != string(pod.UID) {
		k.lastIP++
		its = stay{uid: string(pod.UID), ip: fmt.Sprintf("10.244.%d.%d", k.lastIP/250%256, k.lastIP%250+2)}
		if pod.Spec.HostNetwork {
			its.ip = "127.0.0.1"
		}
		known = false
	}
	// No container begins before its volumes are there; and who annotates a running pod starts another life.
	if _, unmounted := obstacles[""]; !known || unmounted || its.asked != asked {
		its.began, its.asked = time.Now(), asked
		k.stays[key] = its
	}
	return resident{pod: pod, wish: asked, obstacles: obstacles, ip: its.ip, began: its.began}
}

func (k *kubelet) forget(key string) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	delete(k.stays, key)
}

// stop lets a deleted pod go: at once, unless its author wants to see it linger.
func (k *kubelet) stop(ctx context.Context, pod *core.Pod) (time.Duration, error) {
	if pod.DeletionGracePeriodSeconds == nil || *pod.DeletionGracePeriodSeconds == 0 {
		return 0, nil // gone already, or held by somebody else's finalizer
	}
	asked, _ := wishFor(pod)
	grace := time.Duration(*pod.DeletionGracePeriodSeconds) * time.Second
	if left := time.Until(pod.DeletionTimestamp.Add(-grace).Add(min(asked.stopsAfter, grace))); asked.stopsAfter > 0 && left > 0 {
		return left, nil
	}
	pods := k.client.CoreV1().Pods(pod.Namespace)
	if ended := pod.Status.Phase == core.PodSucceeded || pod.Status.Phase == core.PodFailed; !ended && len(pod.Finalizers) > 0 {
		// Whoever holds the finalizer (the Job controller) waits to see how the pod ended.
		changed := pod.DeepCopy()
		changed.Status.Phase = core.PodFailed
		if _, err := pods.UpdateStatus(ctx, changed, metav1.UpdateOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return 0, ignoreConflict(err)
		}
	}
	for _, container := range pod.Spec.Containers {
		k.event(pod, container.Name, core.EventTypeNormal, "Killing", "Stopping container "+container.Name)
	}
	err := pods.Delete(ctx, pod.Name, metav1.DeleteOptions{
		GracePeriodSeconds: new(int64), Preconditions: &metav1.Preconditions{UID: &pod.UID},
	})
	if apierrors.IsNotFound(err) {
		return 0, nil
	}
	return 0, ignoreConflict(err)
}

// ignoreConflict drops the error that only says that our view was a moment old.
func ignoreConflict(err error) error {
	if apierrors.IsConflict(err) {
		return nil
	}
	return err
}
