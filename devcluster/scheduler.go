package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	lister "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/record"
	resources "k8s.io/component-helpers/resource"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
)

const defaultScheduler = "default-scheduler"

// scheduler gives every pending pod a node. It honours node selectors and affinity (which pin the
// pods of a DaemonSet) and refuses what no node could hold alone; it does not add up what nodes hold.
type scheduler struct {
	client   kubernetes.Interface
	pods     lister.PodLister
	nodes    lister.NodeLister
	claims   lister.PersistentVolumeClaimLister
	recorder record.EventRecorder
}

func startScheduler(ctx context.Context, access access, shared informers.SharedInformerFactory) error {
	client, err := kubernetes.NewForConfig(access.as("kube-scheduler"))
	if err != nil {
		return err
	}
	self := &scheduler{
		client: client, pods: shared.Core().V1().Pods().Lister(), nodes: shared.Core().V1().Nodes().Lister(),
		claims:   shared.Core().V1().PersistentVolumeClaims().Lister(),
		recorder: recorder(ctx, client, core.EventSource{Component: defaultScheduler}),
	}
	_, err = watch(ctx, shared.Core().V1().Pods().Informer(), 4, self.place)
	return err
}

// place binds a pod, or says why it cannot and looks again later.
func (s *scheduler) place(ctx context.Context, key string) (time.Duration, error) {
	namespace, name, err := cache.SplitMetaNamespaceKey(key)
	if err != nil {
		return 0, nil
	}
	pod, err := s.pods.Pods(namespace).Get(name)
	if err != nil || pod.Spec.NodeName != "" || pod.DeletionTimestamp != nil || len(pod.Spec.SchedulingGates) > 0 ||
		pod.Spec.SchedulerName != defaultScheduler {
		return 0, nil
	}
	node, obstacle := s.choose(pod)
	if obstacle != "" {
		return lookAgain, s.refuse(ctx, pod, obstacle)
	}
	err = s.client.CoreV1().Pods(namespace).Bind(ctx, &core.Binding{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: pod.UID},
		Target:     core.ObjectReference{Kind: "Node", Name: node},
	}, metav1.CreateOptions{})
	if apierrors.IsConflict(err) || apierrors.IsNotFound(err) {
		return 0, nil // bound already, or gone: our view was a moment old
	}
	if err == nil {
		s.recorder.Eventf(pod, core.EventTypeNormal, "Scheduled", "Successfully assigned %s/%s to %s", namespace, name, node)
	}
	return 0, err
}

// choose returns a node for the pod, or the obstacle in the scheduler's own words.
func (s *scheduler) choose(pod *core.Pod) (node, obstacle string) {
	if wish, _ := wishFor(pod); wish.behaviour == unschedulable {
		return "", fmt.Sprintf("0/%d nodes are available: %d Insufficient cpu. preemption: 0/%[1]d nodes are available: "+
			"%[1]d No preemption victims found for incoming pod.", len(nodeNames), len(nodeNames))
	}
	if obstacle := s.unbound(pod); obstacle != "" {
		return "", obstacle
	}
	wanted := nodeaffinity.GetRequiredNodeAffinity(pod)
	// Neighbours in name go to different nodes, and the same pod always to the same one.
	hash := fnv.New32a()
	hash.Write([]byte(pod.Name))
	first := int(hash.Sum32())
	misfits, lacks := 0, map[core.ResourceName]int{}
	for i := range nodeNames {
		node, err := s.nodes.Get(nodeNames[(first+i)%len(nodeNames)])
		if err != nil || node.Spec.Unschedulable {
			continue
		}
		if fits, err := wanted.Match(node); err != nil || !fits {
			misfits++
		} else if lack := lacking(pod, node); lack != "" {
			lacks[lack]++
		} else {
			return node.Name, ""
		}
	}
	return "", explainObstacle(misfits, lacks)
}

func explainObstacle(misfits int, lacks map[core.ResourceName]int) string {
	reasons := ""
	if misfits > 0 {
		reasons = fmt.Sprintf(" %d node(s) didn't match Pod's node affinity/selector.", misfits)
	}
	for name, count := range lacks {
		reasons += fmt.Sprintf(" %d Insufficient %s.", count, name)
	}
	if reasons == "" {
		reasons = " no node accepts new pods."
	}
	return fmt.Sprintf("0/%d nodes are available:%s", len(nodeNames), reasons)
}

// lacking names a resource of which the pod asks more than the whole node has.
func lacking(pod *core.Pod, node *core.Node) core.ResourceName {
	for name, asked := range resources.PodRequests(pod, resources.PodResourcesOptions{}) {
		if has := node.Status.Allocatable[name]; asked.Cmp(has) > 0 {
			return name
		}
	}
	return ""
}

// unbound names a claim that the pod mounts and that has no volume yet.
func (s *scheduler) unbound(pod *core.Pod) string {
	for _, volume := range pod.Spec.Volumes {
		if volume.PersistentVolumeClaim == nil {
			continue
		}
		claim, err := s.claims.PersistentVolumeClaims(pod.Namespace).Get(volume.PersistentVolumeClaim.ClaimName)
		switch {
		case apierrors.IsNotFound(err):
			return fmt.Sprintf("0/%d nodes are available: persistentvolumeclaim %q not found.", len(nodeNames), volume.PersistentVolumeClaim.ClaimName)
		case err == nil && claim.Status.Phase != core.ClaimBound:
			return fmt.Sprintf("0/%d nodes are available: pod has unbound immediate PersistentVolumeClaims.", len(nodeNames))
		}
	}
	return ""
}

// refuse writes what the scheduler writes on a pod that it cannot place, once per obstacle.
func (s *scheduler) refuse(ctx context.Context, pod *core.Pod, obstacle string) error {
	refusal := core.PodCondition{
		Type: core.PodScheduled, Status: core.ConditionFalse, Reason: core.PodReasonUnschedulable, Message: obstacle,
		ObservedGeneration: pod.Generation, LastTransitionTime: metav1.Now(),
	}
	for _, condition := range pod.Status.Conditions {
		if condition.Type == core.PodScheduled && condition.Message == obstacle {
			return nil
		}
	}
	changed := pod.DeepCopy()
	changed.Status.Phase = core.PodPending
	changed.Status.Conditions = []core.PodCondition{refusal}
	_, err := s.client.CoreV1().Pods(pod.Namespace).UpdateStatus(ctx, changed, metav1.UpdateOptions{})
	if apierrors.IsConflict(err) || apierrors.IsNotFound(err) {
		return nil
	}
	if err == nil {
		s.recorder.Event(pod, core.EventTypeWarning, "FailedScheduling", obstacle)
	}
	return err
}
