"""What keeps a worker process going: programs it runs, leases, slots, heartbeats, scratch folders."""
