package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	core "k8s.io/api/core/v1"
)

// behaviour is what a simulated container does with its life.
type behaviour string

const (
	runs          behaviour = ""              // starts, is ready, and completes where its pod's restart policy says so
	crashes       behaviour = "crash-loop"    // ends with exit code 1, again and again
	outOfMemory   behaviour = "oom"           // ends with OOMKilled, again and again
	pullFails     behaviour = "image-pull"    // its image cannot be pulled
	neverReady    behaviour = "unready"       // runs, but its readiness probe fails
	fails         behaviour = "fail"          // ends with exit code 1; for Jobs: restart policy Never makes the pod Failed
	unschedulable behaviour = "unschedulable" // gets no node
)

var behaviours = []behaviour{crashes, outOfMemory, pullFails, neverReady, fails, unschedulable}

// wish is what the annotations of a pod (template) ask of the simulation.
type wish struct {
	behaviour      behaviour     // of one container: the named one, else the first
	container      string        //
	message        string        // of the crash or the failing probe
	logs           string        // what `kubectl logs` shows
	readyAfter     time.Duration // from the start of a container to its being ready
	crashAfter     time.Duration // from the start of a container to its crash; it is ready in between
	completesAfter time.Duration // from the start of a container that completes to its end
	stopsAfter     time.Duration // from the wish to delete a pod to its end, at most its grace period
}

// wishFor reads the annotations; a mistake in them is an error for their author to see.
func wishFor(pod *core.Pod) (wish, error) {
	said := func(name string) string { return pod.Annotations[prefix+name] }
	asked := wish{
		behaviour: behaviour(said("behaviour")), container: said("container"),
		message: said("message"), logs: said("logs"), completesAfter: 200 * time.Millisecond,
	}
	if asked.behaviour != runs && !slices.Contains(behaviours, asked.behaviour) {
		return asked, fmt.Errorf("%sbehaviour is %q, but must be one of %v", prefix, asked.behaviour, behaviours)
	}
	for name, field := range map[string]*time.Duration{
		"ready-after": &asked.readyAfter, "crash-after": &asked.crashAfter,
		"completes-after": &asked.completesAfter, "stops-after": &asked.stopsAfter,
	} {
		if said(name) == "" {
			continue
		}
		duration, err := time.ParseDuration(said(name))
		if err != nil || duration < 0 {
			return asked, fmt.Errorf("%s%s is %q, but must be a duration such as 5s", prefix, name, said(name))
		}
		*field = duration
	}
	return asked, nil
}

// life is what will become of one container.
type life struct {
	wish
	completes bool   // its end, if it comes, is good and final
	restarts  bool   // its bad end is not final
	obstacle  string // why it cannot even be created, for instance a missing Secret
	waiting   string // the reason that goes with the obstacle
}

// lifeOf decides about one container. An image alone can ask for a behaviour too, so that a demo can
// break a deployment by changing nothing but a tag, as people do.
func (w wish) lifeOf(pod *core.Pod, container *core.Container, isInit bool) life {
	sidecar := isInit && container.RestartPolicy != nil && *container.RestartPolicy == core.ContainerRestartPolicyAlways
	always := pod.Spec.RestartPolicy == core.RestartPolicyAlways
	its := life{
		wish: w, completes: (isInit && !sidecar) || (!isInit && !always),
		restarts: sidecar || pod.Spec.RestartPolicy != core.RestartPolicyNever,
	}
	if its.behaviour != runs && !w.means(pod, container) {
		its.behaviour = runs
	}
	if its.behaviour == runs {
		its.behaviour = behaviourOfImage(container.Image)
	}
	if isInit {
		its.readyAfter, its.completesAfter = 0, 0
	}
	if its.crashAfter > 0 && its.behaviour == runs && w.means(pod, container) {
		its.behaviour = crashes
	}
	return its
}

// means says whether the annotations are about this container.
func (w wish) means(pod *core.Pod, container *core.Container) bool {
	if w.container != "" {
		return container.Name == w.container
	}
	return container.Name == pod.Spec.Containers[0].Name
}

func behaviourOfImage(image string) behaviour {
	_, tag, _ := strings.Cut(image[strings.LastIndex(image, "/")+1:], ":")
	tag, _, _ = strings.Cut(tag, "@")
	switch {
	case tag == "bad" || strings.Contains(image, "does-not-exist"):
		return pullFails
	case tag == "crash":
		return crashes
	default:
		return runs
	}
}
