"""The story of a delivery after its 202: from event to deployments."""
