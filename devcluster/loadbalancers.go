package main

import (
	"context"
	"time"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// address is what every load balancer and ingress gets; it is reserved for documentation.
const address = "192.0.2.10"

// pendingForEver is the behaviour of a Service or Ingress for which no load balancer ever comes.
const pendingForEver = "pending"

// startLoadBalancers gives Services of type LoadBalancer and Ingresses an address, which is what
// health rules wait for. Who wants to see one that gets none annotates it with behaviour: pending.
func startLoadBalancers(ctx context.Context, access access, shared informers.SharedInformerFactory) error {
	client, err := kubernetes.NewForConfig(access.as("cloud-controller-manager"))
	if err != nil {
		return err
	}
	services, ingresses := shared.Core().V1().Services(), shared.Networking().V1().Ingresses()
	_, err = watch(ctx, services.Informer(), 2, func(ctx context.Context, key string) (time.Duration, error) {
		namespace, name, _ := cache.SplitMetaNamespaceKey(key)
		service, err := services.Lister().Services(namespace).Get(name)
		if err != nil || service.Spec.Type != core.ServiceTypeLoadBalancer || len(service.Status.LoadBalancer.Ingress) > 0 ||
			service.Annotations[prefix+"behaviour"] == pendingForEver || service.Spec.LoadBalancerClass != nil {
			return 0, nil
		}
		changed := service.DeepCopy()
		changed.Status.LoadBalancer.Ingress = []core.LoadBalancerIngress{{IP: address}}
		_, err = client.CoreV1().Services(namespace).UpdateStatus(ctx, changed, metav1.UpdateOptions{})
		return 0, ignoreConflict(err)
	})
	if err != nil {
		return err
	}
	_, err = watch(ctx, ingresses.Informer(), 2, func(ctx context.Context, key string) (time.Duration, error) {
		namespace, name, _ := cache.SplitMetaNamespaceKey(key)
		ingress, err := ingresses.Lister().Ingresses(namespace).Get(name)
		if err != nil || len(ingress.Status.LoadBalancer.Ingress) > 0 || ingress.Annotations[prefix+"behaviour"] == pendingForEver {
			return 0, nil
		}
		changed := ingress.DeepCopy()
		changed.Status.LoadBalancer.Ingress = []networking.IngressLoadBalancerIngress{{IP: address}}
		_, err = client.NetworkingV1().Ingresses(namespace).UpdateStatus(ctx, changed, metav1.UpdateOptions{})
		return 0, ignoreConflict(err)
	})
	return err
}
