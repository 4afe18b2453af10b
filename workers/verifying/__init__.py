"""Questions of `verify` to the world outside: to no address that the operator does not mean, bounded, never quoted."""
