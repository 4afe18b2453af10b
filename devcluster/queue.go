package main

import (
	"context"
	"time"

	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/klog/v2"
)

// act brings one object closer to where it should be; it names when it wants to look again, if it does.
type act func(ctx context.Context, key string) (again time.Duration, err error)

// watch calls act for every object that changes, never twice at once for the same one, and again
// after a failure. It is the loop that every controller of Kubernetes has.
func watch(ctx context.Context, informer cache.SharedIndexInformer, workers int, act act) (workqueue.TypedRateLimitingInterface[string], error) {
	queue := workqueue.NewTypedRateLimitingQueue(workqueue.NewTypedItemExponentialFailureRateLimiter[string](20*time.Millisecond, 5*time.Second))
	add := func(object any) {
		if key, err := cache.DeletionHandlingMetaNamespaceKeyFunc(object); err == nil {
			queue.Add(key)
		}
	}
	_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc: add, UpdateFunc: func(_, changed any) { add(changed) }, DeleteFunc: add,
	})
	if err != nil {
		return nil, err
	}
	for range workers {
		go work(ctx, queue, act)
	}
	context.AfterFunc(ctx, queue.ShutDown)
	return queue, nil
}

func work(ctx context.Context, queue workqueue.TypedRateLimitingInterface[string], act act) {
	for {
		key, closed := queue.Get()
		if closed {
			return
		}
		again, err := act(ctx, key)
		switch {
		case err != nil && ctx.Err() == nil:
			klog.ErrorS(err, "will try again", "object", key)
			queue.AddRateLimited(key)
		default:
			queue.Forget(key)
			if again > 0 {
				queue.AddAfter(key, again)
			}
		}
		queue.Done(key)
	}
}
