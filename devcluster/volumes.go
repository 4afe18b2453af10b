package main

import (
	"context"
	"time"

	core "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// provisionerKey is how the volume controller asks a provisioner outside itself to make a volume.
const provisionerKey = "volume.kubernetes.io/storage-provisioner"

// startVolumes provides what claims of the storage class "standard" ask for. The real volume controller
// binds claim and volume to each other; here they are only made and taken away.
func startVolumes(ctx context.Context, access access, shared informers.SharedInformerFactory) error {
	client, err := kubernetes.NewForConfig(access.as("volume-provisioner"))
	if err != nil {
		return err
	}
	claims, volumes := shared.Core().V1().PersistentVolumeClaims(), shared.Core().V1().PersistentVolumes()
	_, err = watch(ctx, claims.Informer(), 2, func(ctx context.Context, key string) (time.Duration, error) {
		namespace, name, _ := cache.SplitMetaNamespaceKey(key)
		claim, err := claims.Lister().PersistentVolumeClaims(namespace).Get(name)
		if err != nil || claim.Annotations[provisionerKey] != provider || claim.Spec.VolumeName != "" || claim.DeletionTimestamp != nil {
			return 0, nil
		}
		_, err = client.CoreV1().PersistentVolumes().Create(ctx, volumeFor(claim), metav1.CreateOptions{})
		if apierrors.IsAlreadyExists(err) {
			return 0, nil
		}
		return 0, err
	})
	if err != nil {
		return err
	}
	_, err = watch(ctx, volumes.Informer(), 2, func(ctx context.Context, name string) (time.Duration, error) {
		volume, err := volumes.Lister().Get(name)
		if err != nil || volume.Status.Phase != core.VolumeReleased || volume.Annotations["pv.kubernetes.io/provisioned-by"] != provider {
			return 0, nil
		}
		err = client.CoreV1().PersistentVolumes().Delete(ctx, name, metav1.DeleteOptions{})
		if apierrors.IsNotFound(err) {
			return 0, nil
		}
		return 0, err
	})
	return err
}

func volumeFor(claim *core.PersistentVolumeClaim) *core.PersistentVolume {
	return &core.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{
			Name:        "pvc-" + string(claim.UID),
			Annotations: map[string]string{"pv.kubernetes.io/provisioned-by": provider},
		},
		Spec: core.PersistentVolumeSpec{
			Capacity:    core.ResourceList{core.ResourceStorage: claim.Spec.Resources.Requests[core.ResourceStorage]},
			AccessModes: claim.Spec.AccessModes, VolumeMode: claim.Spec.VolumeMode, StorageClassName: *claim.Spec.StorageClassName,
			PersistentVolumeReclaimPolicy: core.PersistentVolumeReclaimDelete,
			PersistentVolumeSource:        core.PersistentVolumeSource{HostPath: &core.HostPathVolumeSource{Path: "/nowhere"}},
			ClaimRef: &core.ObjectReference{
				Kind: "PersistentVolumeClaim", APIVersion: "v1", Namespace: claim.Namespace, Name: claim.Name,
				UID: claim.UID, ResourceVersion: claim.ResourceVersion,
			},
		},
	}
}
