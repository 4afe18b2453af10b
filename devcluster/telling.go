package main

import (
	"fmt"

	core "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/reference"
)

// tell writes the events of a kubelet for what changed between two statuses of a pod.
func (k *kubelet) tell(resident resident, before, after core.PodStatus) {
	old := map[string]core.ContainerStatus{}
	for _, status := range append(before.InitContainerStatuses, before.ContainerStatuses...) {
		old[status.Name] = status
	}
	for _, status := range append(after.InitContainerStatuses, after.ContainerStatuses...) {
		k.tellOne(resident, old[status.Name], status)
	}
}

func (k *kubelet) tellOne(resident resident, before, after core.ContainerStatus) {
	pod, name := resident.pod, after.Name
	normal := func(reason, message string) { k.event(pod, name, core.EventTypeNormal, reason, message) }
	warn := func(reason, message string) { k.event(pod, name, core.EventTypeWarning, reason, message) }
	if after.ContainerID != "" && after.ContainerID != before.ContainerID {
		normal("Pulled", fmt.Sprintf("Container image %q already present on machine and can be accessed by the pod", after.Image))
		normal("Created", "Container created")
		normal("Started", "Container started")
		if resident.wish.behaviour == neverReady && resident.wish.means(pod, &core.Container{Name: name}) {
			warn("Unhealthy", "Readiness probe failed: "+or(resident.wish.message, "HTTP probe failed with statuscode: 503"))
		}
	}
	state := after.State.Waiting
	if state == nil || before.State.Waiting != nil && *before.State.Waiting == *state {
		return
	}
	switch state.Reason {
	case "ErrImagePull":
		normal("Pulling", fmt.Sprintf("Pulling image %q", after.Image))
		warn("Failed", fmt.Sprintf("Failed to pull image %q: %s", after.Image, state.Message))
		warn("Failed", "Error: ErrImagePull")
	case "ImagePullBackOff":
		k.event(pod, name, core.EventTypeNormal, "BackOff", fmt.Sprintf("Back-off pulling image %q", after.Image))
		warn("Failed", "Error: ImagePullBackOff")
	case "CrashLoopBackOff":
		warn("BackOff", fmt.Sprintf("Back-off restarting failed container %s in pod %s_%s(%s)", name, pod.Name, pod.Namespace, pod.UID))
	case "CreateContainerConfigError":
		warn("Failed", "Error: "+state.Message)
	case "ContainerCreating":
		warn("FailedMount", state.Message)
	case "InvalidAnnotation":
		warn("Failed", "Error: "+state.Message)
	}
}

// event records about one container, as the kubelet does: the field path names it.
func (k *kubelet) event(pod *core.Pod, container, kind, reason, message string) {
	subject, err := reference.GetPartialReference(scheme.Scheme, pod, fmt.Sprintf("spec.containers{%s}", container))
	if err == nil {
		k.recorders[pod.Spec.NodeName].Event(subject, kind, reason, message)
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
