"""What renders need from outside of the repository: fetched here, where the operator allows it, and kept by digest."""
