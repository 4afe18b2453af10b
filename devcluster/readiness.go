package main

import (
	"context"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
)

// patience is for a machine that is busy with other things; on an idle one all of it takes seconds.
const patience = 2 * time.Minute

// awaitAPI waits until the API server says that it is ready, which includes the built-in roles.
func awaitAPI(ctx context.Context, access access) error {
	client, err := kubernetes.NewForConfig(access.as("devcluster"))
	if err != nil {
		return err
	}
	var last error
	err = poll(ctx, func(ctx context.Context) bool {
		last = client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
		return last == nil
	})
	if err != nil {
		return fmt.Errorf("the API server was not ready after %v: %w", patience, last)
	}
	return nil
}

// awaitDefaults waits for what a new cluster gets from its controllers; the default service account
// is the proof that they work.
func awaitDefaults(ctx context.Context, access access) error {
	client, err := kubernetes.NewForConfig(access.as("devcluster"))
	if err != nil {
		return err
	}
	var last error
	err = poll(ctx, func(ctx context.Context) bool {
		_, last = client.CoreV1().ServiceAccounts("default").Get(ctx, "default", metav1.GetOptions{})
		return last == nil
	})
	if err != nil {
		return fmt.Errorf("the controllers did not work after %v: %w", patience, last)
	}
	return nil
}

func poll(ctx context.Context, done func(context.Context) bool) error {
	return wait.PollUntilContextTimeout(ctx, 25*time.Millisecond, patience, true, func(ctx context.Context) (bool, error) {
		return done(ctx), nil
	})
}
