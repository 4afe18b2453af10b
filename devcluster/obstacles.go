package main

import (
	"fmt"

	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// rootCA is in every namespace a moment after it was made; waiting for it would only slow tests down.
const rootCA = "kube-root-ca.crt"

// obstacles finds the ConfigMaps and Secrets that a pod needs and that are not there: the most common
// reason why a pod does not start on a real node.
func (k *kubelet) obstacles(pod *core.Pod) map[string]obstacle {
	found := map[string]obstacle{}
	for _, volume := range pod.Spec.Volumes {
		if missing := k.missingIn(pod.Namespace, volume); missing != "" {
			found[""] = obstacle{"ContainerCreating", fmt.Sprintf("MountVolume.SetUp failed for volume %q : %s", volume.Name, missing)}
		}
	}
	for _, container := range append(pod.Spec.InitContainers[:len(pod.Spec.InitContainers):len(pod.Spec.InitContainers)], pod.Spec.Containers...) {
		if missing := k.missingFor(pod.Namespace, container); missing != "" {
			found[container.Name] = obstacle{"CreateContainerConfigError", missing}
		}
	}
	return found
}

func (k *kubelet) missingIn(namespace string, volume core.Volume) string {
	sources := []core.VolumeProjection{}
	if volume.ConfigMap != nil {
		sources = append(sources, core.VolumeProjection{ConfigMap: &core.ConfigMapProjection{
			LocalObjectReference: volume.ConfigMap.LocalObjectReference, Optional: volume.ConfigMap.Optional,
		}})
	}
	if volume.Secret != nil {
		sources = append(sources, core.VolumeProjection{Secret: &core.SecretProjection{
			LocalObjectReference: core.LocalObjectReference{Name: volume.Secret.SecretName}, Optional: volume.Secret.Optional,
		}})
	}
	if volume.Projected != nil {
		sources = append(sources, volume.Projected.Sources...)
	}
	for _, source := range sources {
		missing := ""
		if source.ConfigMap != nil {
			missing = k.missingConfigMap(namespace, source.ConfigMap.Name, "", source.ConfigMap.Optional)
		}
		if source.Secret != nil {
			missing = k.missingSecret(namespace, source.Secret.Name, "", source.Secret.Optional)
		}
		if missing != "" {
			return missing
		}
	}
	return ""
}

func (k *kubelet) missingFor(namespace string, container core.Container) string {
	for _, source := range container.EnvFrom {
		missing := ""
		if source.ConfigMapRef != nil {
			missing = k.missingConfigMap(namespace, source.ConfigMapRef.Name, "", source.ConfigMapRef.Optional)
		}
		if source.SecretRef != nil {
			missing = k.missingSecret(namespace, source.SecretRef.Name, "", source.SecretRef.Optional)
		}
		if missing != "" {
			return missing
		}
	}
	for _, variable := range container.Env {
		if variable.ValueFrom == nil {
			continue
		}
		missing := ""
		if ref := variable.ValueFrom.ConfigMapKeyRef; ref != nil {
			missing = k.missingConfigMap(namespace, ref.Name, ref.Key, ref.Optional)
		}
		if ref := variable.ValueFrom.SecretKeyRef; ref != nil {
			missing = k.missingSecret(namespace, ref.Name, ref.Key, ref.Optional)
		}
		if missing != "" {
			return missing
		}
	}
	return ""
}

func (k *kubelet) missingConfigMap(namespace, name, key string, optional *bool) string {
	if name == rootCA || optional != nil && *optional {
		return ""
	}
	config, err := k.configs.ConfigMaps(namespace).Get(name)
	switch {
	case apierrors.IsNotFound(err):
		return fmt.Sprintf("configmap %q not found", name)
	case err == nil && key != "" && !has(config.Data, key) && !has(config.BinaryData, key):
		return fmt.Sprintf("couldn't find key %s in ConfigMap %s/%s", key, namespace, name)
	}
	return ""
}

func (k *kubelet) missingSecret(namespace, name, key string, optional *bool) string {
	if optional != nil && *optional {
		return ""
	}
	secret, err := k.secrets.Secrets(namespace).Get(name)
	switch {
	case apierrors.IsNotFound(err):
		return fmt.Sprintf("secret %q not found", name)
	case err == nil && key != "" && !has(secret.Data, key):
		return fmt.Sprintf("couldn't find key %s in Secret %s/%s", key, namespace, name)
	}
	return ""
}

func has[V any](data map[string]V, key string) bool {
	_, ok := data[key]
	return ok
}
