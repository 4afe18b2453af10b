package main

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
)

// state is the directory of one cluster. What the cluster needs to run is under run/, so that one
// removal takes all of it; the logs stay, because they are wanted most when something went wrong.
type state struct {
	dir  string
	lock *os.File
}

func (s state) kubeconfig() string     { return filepath.Join(s.dir, "kubeconfig") }
func (s state) log(name string) string { return filepath.Join(s.dir, "logs", name+".log") }
func (s state) run(parts ...string) string {
	return filepath.Join(append([]string{s.dir, "run"}, parts...)...)
}

// openState takes the directory for us alone and clears what a killed predecessor left there.
func openState(dir string) (state, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return state{}, fmt.Errorf("cannot create the state directory: %w", err)
	}
	lock, err := os.Open(dir)
	if err != nil {
		return state{}, fmt.Errorf("cannot open the state directory: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		return state{}, fmt.Errorf("another devcluster runs in %s; stop it or choose another --state", dir)
	}
	opened := state{dir: dir, lock: lock}
	opened.forget()
	for _, path := range []string{opened.run("etcd"), opened.run("pki"), filepath.Join(dir, "logs")} {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return state{}, fmt.Errorf("cannot write to the state directory: %w", err)
		}
	}
	return opened, nil
}

func (s state) forget() {
	os.RemoveAll(s.run())
	os.Remove(s.kubeconfig())
}

// remove takes away what we wrote and nothing else: the directory may hold other people's files.
func (s state) remove(logsToo bool) {
	s.forget()
	if logsToo {
		for _, name := range []string{apiServer, controllerManager, nodes} {
			os.Remove(s.log(name))
		}
		os.Remove(filepath.Join(s.dir, "logs"))
		os.Remove(s.dir)
	}
	s.lock.Close()
}

// quieten sends what Kubernetes' libraries log in this process to a file: stdout and stderr are for people.
func (s state) quieten() error {
	file, err := os.Create(s.log(nodes))
	if err != nil {
		return fmt.Errorf("cannot write a log: %w", err)
	}
	klog.LogToStderr(false)
	klog.SetOutput(file)
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	return nil
}
