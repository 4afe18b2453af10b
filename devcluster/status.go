package main

import (
	"fmt"
	"strings"
	"time"

	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// resident is a pod on its node: all that its status follows from.
type resident struct {
	pod       *core.Pod
	wish      wish
	obstacles map[string]obstacle // by container; "" for all of them
	ip        string
	began     time.Time
}

// obstacle is why a container cannot be created.
type obstacle struct{ reason, message string }

// statusAt is the pod's status at a time, and how long until it changes by itself (zero: it does not).
func (r resident) statusAt(now time.Time) (core.PodStatus, time.Duration) {
	status := *r.pod.Status.DeepCopy()
	began := metav1.NewTime(r.began)
	if status.StartTime == nil {
		status.StartTime = &began
	}
	status.ObservedGeneration = r.pod.Generation
	status.HostIP, status.HostIPs = "127.0.0.1", []core.HostIP{{IP: "127.0.0.1"}}
	status.PodIP, status.PodIPs = r.ip, []core.PodIP{{IP: r.ip}}
	elapsed := now.Sub(r.began)
	inits, initialized, again := r.initStatuses(elapsed)
	status.InitContainerStatuses = inits
	status.ContainerStatuses = nil
	for i := range r.pod.Spec.Containers {
		container := &r.pod.Spec.Containers[i]
		if !initialized {
			status.ContainerStatuses = append(status.ContainerStatuses, core.ContainerStatus{
				Name: container.Name, Image: container.Image, State: waiting("PodInitializing", ""), Started: new(bool),
			})
			continue
		}
		its, next := r.occupant(container, false).statusAt(elapsed)
		status.ContainerStatuses = append(status.ContainerStatuses, its)
		again = sooner(again, next)
	}
	status.Phase = r.phase(&status, initialized)
	r.setConditions(&status, initialized, metav1.NewTime(now))
	return status, again
}

// initStatuses walks the init containers in order; the first that is not done stops all that follow.
func (r resident) initStatuses(elapsed time.Duration) (statuses []core.ContainerStatus, done bool, again time.Duration) {
	done = true
	for i := range r.pod.Spec.InitContainers {
		container := &r.pod.Spec.InitContainers[i]
		if !done {
			statuses = append(statuses, core.ContainerStatus{
				Name: container.Name, Image: container.Image, State: waiting("PodInitializing", ""), Started: new(bool),
			})
			continue
		}
		status, next := r.occupant(container, true).statusAt(elapsed)
		statuses = append(statuses, status)
		again = sooner(again, next)
		done = status.Ready
	}
	return statuses, done, again
}

func (r resident) occupant(container *core.Container, isInit bool) occupant {
	its := r.wish.lifeOf(r.pod, container, isInit)
	for _, name := range []string{"", container.Name} {
		if found, ok := r.obstacles[name]; ok {
			its.waiting, its.obstacle = found.reason, found.message
		}
	}
	return occupant{life: its, pod: r.pod, container: container, began: r.began}
}

func (r resident) phase(status *core.PodStatus, initialized bool) core.PodPhase {
	for _, init := range status.InitContainerStatuses {
		if init.State.Terminated != nil && init.State.Terminated.ExitCode != 0 {
			return core.PodFailed
		}
	}
	if !initialized {
		return core.PodPending
	}
	ended, bad := 0, 0
	for _, its := range status.ContainerStatuses {
		switch {
		case its.State.Waiting != nil && its.LastTerminationState.Terminated == nil:
			return core.PodPending
		case its.State.Terminated != nil:
			ended++
			if its.State.Terminated.ExitCode != 0 {
				bad++
			}
		}
	}
	switch {
	case ended < len(status.ContainerStatuses):
		return core.PodRunning
	case bad > 0:
		return core.PodFailed
	default:
		return core.PodSucceeded
	}
}

// setConditions writes the five conditions of a kubelet and leaves those of others, such as readiness gates, alone.
func (r resident) setConditions(status *core.PodStatus, initialized bool, now metav1.Time) {
	set := func(kind core.PodConditionType, is bool, reason, message string) {
		setCondition(status, core.PodCondition{
			Type: kind, Status: truth(is), Reason: reason, Message: message,
			ObservedGeneration: r.pod.Generation, LastTransitionTime: now,
		})
	}
	set(core.PodReadyToStartContainers, true, "", "")
	if initialized {
		set(core.PodInitialized, true, "", "")
	} else {
		set(core.PodInitialized, false, "ContainersNotInitialized", "containers with incomplete status: "+unreadyNames(status.InitContainerStatuses))
	}
	reason, message := r.unreadiness(status)
	set(core.ContainersReady, reason == "", reason, message)
	if reason == "" {
		reason, message = r.closedGates(status)
	}
	set(core.PodReady, reason == "", reason, message)
	set(core.PodScheduled, true, "", "")
}

// setCondition replaces or adds one; the time of the last transition stays while the status does.
func setCondition(status *core.PodStatus, condition core.PodCondition) {
	for i, old := range status.Conditions {
		if old.Type != condition.Type {
			continue
		}
		if old.Status == condition.Status {
			condition.LastTransitionTime = old.LastTransitionTime
		}
		status.Conditions[i] = condition
		return
	}
	status.Conditions = append(status.Conditions, condition)
}

func truth(is bool) core.ConditionStatus {
	if is {
		return core.ConditionTrue
	}
	return core.ConditionFalse
}

// unreadiness is why not all containers are ready; empty when they are.
func (r resident) unreadiness(status *core.PodStatus) (reason, message string) {
	switch status.Phase {
	case core.PodSucceeded:
		return "PodCompleted", ""
	case core.PodFailed:
		return "PodFailed", ""
	}
	if names := unreadyNames(status.ContainerStatuses); names != "[]" {
		return "ContainersNotReady", "containers with unready status: " + names
	}
	return "", ""
}

// closedGates is why a pod whose containers are ready is not: a condition that somebody else must set.
func (r resident) closedGates(status *core.PodStatus) (reason, message string) {
	for _, gate := range r.pod.Spec.ReadinessGates {
		open := false
		for _, condition := range status.Conditions {
			open = open || condition.Type == gate.ConditionType && condition.Status == core.ConditionTrue
		}
		if !open {
			return "ReadinessGatesNotReady", fmt.Sprintf("the status of pod readiness gate %q is not \"True\", but False", gate.ConditionType)
		}
	}
	return "", ""
}

func unreadyNames(statuses []core.ContainerStatus) string {
	names := []string{}
	for _, status := range statuses {
		if !status.Ready {
			names = append(names, status.Name)
		}
	}
	return "[" + strings.Join(names, " ") + "]"
}

func sooner(one, other time.Duration) time.Duration {
	if one == 0 || other != 0 && other < one {
		return other
	}
	return one
}
