package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"

	core "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// serveLogs answers what the API server asks a kubelet for `kubectl logs`, and returns the port. Only
// the API server is let in: it alone has a certificate of the cluster's authority.
func serveLogs(ctx context.Context, state state, client kubernetes.Interface) (int32, error) {
	authority, err := os.ReadFile(state.run("pki", "ca.crt"))
	if err != nil {
		return 0, err
	}
	serving, err := tls.LoadX509KeyPair(state.run("pki", "serving.crt"), state.run("pki", "serving.key"))
	if err != nil {
		return 0, err
	}
	trusted := x509.NewCertPool()
	trusted.AppendCertsFromPEM(authority)
	listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return 0, fmt.Errorf("no free port for the simulated kubelet: %w", err)
	}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", func(answer http.ResponseWriter, request *http.Request) {
		if err := showLog(answer, request, client); err != nil {
			http.Error(answer, err.Error(), http.StatusBadRequest)
		}
	})
	server := &http.Server{
		Handler: routes, ErrorLog: log.New(io.Discard, "", 0),
		TLSConfig: &tls.Config{
			Certificates: []tls.Certificate{serving}, ClientCAs: trusted, ClientAuth: tls.RequireAndVerifyClientCert,
		},
	}
	context.AfterFunc(ctx, func() { server.Close() })
	go server.ServeTLS(listener, "", "")
	return int32(listener.Addr().(*net.TCPAddr).Port), nil
}

// showLog writes what a container said. `previous` and the words for what is not there are a kubelet's.
func showLog(answer http.ResponseWriter, request *http.Request, client kubernetes.Interface) error {
	pod, err := client.CoreV1().Pods(request.PathValue("namespace")).Get(request.Context(), request.PathValue("pod"), metav1.GetOptions{})
	if err != nil {
		return err
	}
	name, query := request.PathValue("container"), request.URL.Query()
	status, found := statusNamed(pod, name)
	asked, _ := wishFor(pod)
	switch {
	case !found:
		return fmt.Errorf("container %q in pod %q is not available", name, pod.Name)
	case query.Get("previous") == "true" && status.LastTerminationState.Terminated == nil:
		return fmt.Errorf("previous terminated container %q in pod %q not found", name, pod.Name)
	case status.State.Waiting != nil && status.LastTerminationState.Terminated == nil:
		return errors.New(waitingWords(name, pod.Name, status.State.Waiting.Reason))
	}
	lines := linesOf(asked, pod, name, status)
	if most, err := strconv.Atoi(query.Get("tailLines")); err == nil && most >= 0 {
		lines = lines[max(0, len(lines)-most):]
	}
	for _, line := range lines {
		fmt.Fprintln(answer, line)
	}
	if query.Get("follow") == "true" && status.State.Running != nil {
		_ = http.NewResponseController(answer).Flush()
		<-request.Context().Done()
	}
	return nil
}

func waitingWords(container, pod, reason string) string {
	if strings.Contains(reason, "ImagePull") {
		reason = "trying and failing to pull image"
	}
	return fmt.Sprintf("container %q in pod %q is waiting to start: %s", container, pod, reason)
}

func statusNamed(pod *core.Pod, name string) (core.ContainerStatus, bool) {
	for _, statuses := range [][]core.ContainerStatus{pod.Status.ContainerStatuses, pod.Status.InitContainerStatuses} {
		for _, status := range statuses {
			if status.Name == name {
				return status, true
			}
		}
	}
	return core.ContainerStatus{}, false
}

// linesOf is the annotation's text, else a line or two that fit what the container does.
func linesOf(asked wish, pod *core.Pod, name string, status core.ContainerStatus) []string {
	if asked.logs != "" && asked.means(pod, &core.Container{Name: name}) {
		return strings.Split(strings.TrimRight(asked.logs, "\n"), "\n")
	}
	lines := []string{name + ": starting " + status.Image}
	for _, end := range []*core.ContainerStateTerminated{status.State.Terminated, status.LastTerminationState.Terminated} {
		if end != nil && end.ExitCode != 0 {
			return append(lines, name+": "+or(end.Message, fmt.Sprintf("fatal: exit code %d", end.ExitCode)))
		}
	}
	return append(lines, name+": ready")
}
