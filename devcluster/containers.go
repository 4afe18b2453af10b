package main

import (
	"crypto/sha256"
	"fmt"
	"time"

	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	lookAgain   = 200 * time.Millisecond  // for what is missing and may come
	firstPull   = 1500 * time.Millisecond // how long ErrImagePull shows before the back-off begins
	longestRest = 30 * time.Second        // between two runs of a crashing container; a real kubelet goes to 5 minutes
)

// occupant is one container of one pod since it began.
type occupant struct {
	life
	pod       *core.Pod
	container *core.Container
	began     time.Time
}

// statusAt is the container's status when `elapsed` has passed since it began, and the time until that
// changes next (zero: never). A container's whole life follows from these, so nothing needs to be remembered.
func (o occupant) statusAt(elapsed time.Duration) (core.ContainerStatus, time.Duration) {
	status := core.ContainerStatus{Name: o.container.Name, Image: o.container.Image, Started: new(bool)}
	switch {
	case o.obstacle != "":
		status.State = waiting(o.waiting, o.obstacle)
		return status, lookAgain
	case o.behaviour == pullFails:
		return o.pulling(status, elapsed)
	}
	status.ImageID = fmt.Sprintf("%s@sha256:%x", o.container.Image, sha256.Sum256([]byte(o.container.Image)))
	switch o.behaviour {
	case crashes, outOfMemory, fails:
		return o.crashing(status, elapsed)
	}
	if o.completes && elapsed >= o.completesAfter {
		status.State.Terminated = o.ended(0, o.completesAfter, 0)
		status.ContainerID = o.id(0)
		status.Ready = true // an init container that is done counts as ready; a pod that is done is not asked
		return status, 0
	}
	return o.running(status, elapsed, 0, 0)
}

// running is the status during the given run, which began `at` after the first.
func (o occupant) running(status core.ContainerStatus, elapsed, at time.Duration, run int) (core.ContainerStatus, time.Duration) {
	status.State.Running = &core.ContainerStateRunning{StartedAt: o.time(at)}
	status.ContainerID = o.id(run)
	*status.Started = true
	readyIn := at + o.readyAfter - elapsed
	status.Ready = readyIn <= 0 && o.behaviour != neverReady
	next := max(readyIn, 0)
	if o.completes && o.behaviour != neverReady && (next == 0 || o.completesAfter-elapsed < next) {
		next = o.completesAfter - elapsed
	}
	return status, next
}

func (o occupant) pulling(status core.ContainerStatus, elapsed time.Duration) (core.ContainerStatus, time.Duration) {
	if elapsed < firstPull {
		status.State = waiting("ErrImagePull", pullError(o.container.Image))
		return status, firstPull - elapsed
	}
	status.State = waiting("ImagePullBackOff", fmt.Sprintf("Back-off pulling image %q: ErrImagePull: %s", o.container.Image, pullError(o.container.Image)))
	return status, 0
}

func pullError(image string) string {
	return fmt.Sprintf("rpc error: code = NotFound desc = failed to pull and unpack image %q: failed to resolve image: %s: not found", image, image)
}

func (o occupant) crashing(status core.ContainerStatus, elapsed time.Duration) (core.ContainerStatus, time.Duration) {
	if !o.restarts {
		if elapsed < o.crashAfter {
			status, _ = o.running(status, elapsed, 0, 0)
			return status, o.crashAfter - elapsed
		}
		status.State.Terminated, status.ContainerID = o.ended(0, o.crashAfter, 0), o.id(0)
		return status, 0
	}
	now := runAt(o.crashAfter, elapsed)
	status.RestartCount = int32(now.run)
	if now.run > 0 || !now.running {
		began := now.since - o.crashAfter
		last := now.run
		if now.running {
			began, last = now.before, now.run-1
		}
		status.LastTerminationState.Terminated = o.ended(began, began+o.crashAfter, last)
	}
	if now.running {
		status, _ = o.running(status, elapsed, now.since, now.run)
		return status, now.next
	}
	status.ContainerID = o.id(now.run)
	status.State = waiting("CrashLoopBackOff", fmt.Sprintf("back-off %v restarting failed container=%s pod=%s_%s(%s)",
		min(10*time.Second<<min(max(now.run-1, 0), 5), 5*time.Minute), o.container.Name, o.pod.Name, o.pod.Namespace, o.pod.UID))
	return status, now.next
}

// cycle is where a crashing container stands between its runs.
type cycle struct {
	run     int           // 0 is the first; also the number of restarts
	running bool          // else it rests
	since   time.Duration // when the run or the rest began
	before  time.Duration // when the run before began
	next    time.Duration // until this changes
}

// runAt follows a container that lives for `lives` and then rests for 1, 2, 4 … seconds. One that
// crashes at once has its first restart behind it when anybody sees it, as on a real node.
func runAt(lives, elapsed time.Duration) cycle {
	now := cycle{}
	if lives == 0 {
		now.run = 1
	}
	for {
		now.running, now.next = true, now.since+lives-elapsed
		if now.next > 0 {
			return now
		}
		now.before, now.since = now.since, now.since+lives
		rest := min(time.Second<<min(max(now.run-1, 0), 10), longestRest)
		now.running, now.next = false, now.since+rest-elapsed
		if now.next > 0 {
			return now
		}
		now.since += rest
		now.run++
	}
}

// ended is how a run of this container ends.
func (o occupant) ended(began, ended time.Duration, run int) *core.ContainerStateTerminated {
	end := &core.ContainerStateTerminated{
		Reason: "Completed", StartedAt: o.time(began), FinishedAt: o.time(ended), ContainerID: o.id(run),
	}
	switch o.behaviour {
	case crashes, fails:
		end.ExitCode, end.Reason, end.Message = 1, "Error", o.message
	case outOfMemory:
		end.ExitCode, end.Reason, end.Message = 137, "OOMKilled", o.message
	}
	return end
}

func (o occupant) time(after time.Duration) metav1.Time { return metav1.NewTime(o.began.Add(after)) }

func (o occupant) id(run int) string {
	return fmt.Sprintf("devcluster://%x", sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d", o.pod.UID, o.container.Name, run)))
}

func waiting(reason, message string) core.ContainerState {
	return core.ContainerState{Waiting: &core.ContainerStateWaiting{Reason: reason, Message: message}}
}
