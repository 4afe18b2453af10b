"""The broker's side: where it is, the embedded server, the epoch key, and the bell that wakes the dispatcher."""
