"""What a doctor looks at that a worker can see too: the same lines at the server's terminal and from elsewhere."""
