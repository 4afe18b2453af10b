package main

import (
	"testing"
	"time"

	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// podWith is a pod of one container, annotated.
func podWith(image string, policy core.RestartPolicy, annotations map[string]string) *core.Pod {
	prefixed := map[string]string{}
	for name, value := range annotations {
		prefixed[prefix+name] = value
	}
	return &core.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "shop", Annotations: prefixed},
		Spec:       core.PodSpec{RestartPolicy: policy, Containers: []core.Container{{Name: "app", Image: image}}},
	}
}

func containerAt(t *testing.T, pod *core.Pod, elapsed time.Duration) (core.PodStatus, core.ContainerStatus) {
	t.Helper()
	asked, err := wishFor(pod)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	status, _ := resident{pod: pod, wish: asked, began: began, ip: "10.0.0.1"}.statusAt(began.Add(elapsed))
	return status, status.ContainerStatuses[0]
}

func TestACrashingContainerRestsLongerEachTime(t *testing.T) {
	for elapsed, restarts := range map[time.Duration]int{0: 1, 999 * time.Millisecond: 1, time.Second: 2, 3 * time.Second: 3, 7 * time.Second: 4} {
		if now := runAt(0, elapsed); now.run != restarts || now.running {
			t.Errorf("after %v: %+v, want %d restarts and a rest", elapsed, now, restarts)
		}
	}
}

func TestAContainerThatLivesAWhileFlaps(t *testing.T) {
	pod := podWith("app:1", core.RestartPolicyAlways, map[string]string{"crash-after": "2s"})
	if _, its := containerAt(t, pod, time.Second); !its.Ready || its.RestartCount != 0 {
		t.Errorf("during its first run: %+v", its)
	}
	status, its := containerAt(t, pod, 2500*time.Millisecond)
	if its.Ready || its.State.Waiting == nil || its.LastTerminationState.Terminated.ExitCode != 1 {
		t.Errorf("after its crash: %+v", its)
	}
	if status.Phase != core.PodRunning {
		t.Errorf("a pod between two runs is %s", status.Phase)
	}
	if _, its := containerAt(t, pod, 4*time.Second); !its.Ready || its.RestartCount != 1 {
		t.Errorf("during its second run: %+v", its)
	}
}

func TestAnImageAloneCanFail(t *testing.T) {
	for image, want := range map[string]behaviour{
		"nginx": runs, "nginx:1.27": runs, "host:5000/badge/bad": runs, "nginx:bad": pullFails, "host:5000/x:bad@sha256:0": pullFails,
		"ghcr/does-not-exist:1": pullFails, "nginx:does-not-exist": pullFails, "nginx:crash": crashes, "crash:1": runs,
	} {
		if got := behaviourOfImage(image); got != want {
			t.Errorf("%s: %q, want %q", image, got, want)
		}
	}
}

func TestACompletedPodSucceedsAndAFailedOneFails(t *testing.T) {
	done := podWith("app:1", core.RestartPolicyOnFailure, nil)
	if status, _ := containerAt(t, done, time.Millisecond); status.Phase != core.PodRunning {
		t.Errorf("at first it is %s", status.Phase)
	}
	if status, _ := containerAt(t, done, time.Second); status.Phase != core.PodSucceeded {
		t.Errorf("at the end it is %s", status.Phase)
	}
	bad := podWith("app:1", core.RestartPolicyNever, map[string]string{"behaviour": "fail", "message": "no luck"})
	if status, its := containerAt(t, bad, time.Second); status.Phase != core.PodFailed || its.State.Terminated.Message != "no luck" {
		t.Errorf("it is %s: %+v", status.Phase, its)
	}
}

func TestAnInitContainerThatFailsHoldsTheRest(t *testing.T) {
	pod := podWith("app:1", core.RestartPolicyAlways, nil)
	pod.Spec.InitContainers = []core.Container{{Name: "migrate", Image: "migrate:crash"}}
	status, its := containerAt(t, pod, time.Second)
	if status.Phase != core.PodPending || its.State.Waiting.Reason != "PodInitializing" {
		t.Errorf("it is %s: %+v", status.Phase, its)
	}
}

func TestAMistakenAnnotationIsNamed(t *testing.T) {
	for name, value := range map[string]string{"behaviour": "explode", "ready-after": "soon", "crash-after": "-1s"} {
		if _, err := wishFor(podWith("app", core.RestartPolicyAlways, map[string]string{name: value})); err == nil {
			t.Errorf("%s: %s went through", name, value)
		}
	}
}
