package main

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
)

// etcdEndpoint is a unix socket relative to the working directory: no port to collide on, nobody
// else on the machine can connect, and a long --state cannot exceed a socket path's 108 bytes.
const etcdEndpoint = "unix://etcd.sock"

// startEtcd runs etcd in this process until ctx ends. Nothing is worth a sync to disk: the data
// is thrown away with the cluster.
func startEtcd(ctx context.Context) error {
	config := embed.NewConfig()
	config.Dir = "data"
	config.UnsafeNoFsync = true
	config.LogLevel = "warn"
	config.QuotaBackendBytes = 2 << 30
	config.AutoCompactionMode, config.AutoCompactionRetention = "revision", "20000"
	config.ListenClientUrls = []url.URL{{Scheme: "unix", Host: "etcd.sock"}}
	config.ListenPeerUrls = []url.URL{{Scheme: "unix", Host: "peer.sock"}}
	// Advertised to nobody, but etcd insists on host:port. Nothing listens there.
	config.AdvertiseClientUrls = []url.URL{{Scheme: "http", Host: "127.0.0.1:2379"}}
	config.AdvertisePeerUrls = []url.URL{{Scheme: "http", Host: "127.0.0.1:2380"}}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	server, err := embed.StartEtcd(config)
	if err != nil {
		return fmt.Errorf("etcd did not start: %w", err)
	}
	select {
	case <-server.Server.ReadyNotify():
		return nil
	case err := <-server.Err():
		return fmt.Errorf("etcd ended: %w", err)
	case <-time.After(time.Minute):
		return fmt.Errorf("etcd was not ready after a minute")
	case <-ctx.Done():
		return ctx.Err()
	}
}
