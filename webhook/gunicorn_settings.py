"""gunicorn's settings, with the reason of each; the address and the numbers come from `webhook.server`.

gthread, because its worker notices within a second that its master was killed, where a sync worker keeps the port.
"""

import os

worker_class = "gthread"
loglevel = "warning"
"""One process of several on a terminal: quiet until something is wrong."""

accesslog = "-" if os.environ.get("PUSHBOAT_ACCESS_LOG") else None
"""Every accepted delivery is in the store, every refused one is recorded; an access log is for hunting only."""

keepalive = 5
timeout = 60
graceful_timeout = 10
"""Answers take milliseconds; ten seconds are plenty for the slowest sender of 25 MiB to end."""

backlog = 512
control_socket_disable = True
"""Its path is one per user, so two Pushboats on one machine would fight over it."""
