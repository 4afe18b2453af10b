"""The Celery application that dispatcher, worker and reporter share: how hints travel."""

from typing import Any

from celery import Celery

from pushboat.config.operator import Operator
from pushboat.queue import broker


def make_app(operator: Operator) -> Celery:
    """Make the Celery application: early acknowledgement, no results, no events; the store is the queue of record.

    Settings and their reasons: docs/adr/0003-the-store-is-the-queue.md.
    """
    app = Celery("pushboat", broker=broker.celery_url(operator), set_as_current=False)
    options = {**_SETTINGS["broker_transport_options"], **broker.celery_options(operator)}
    app.conf.update({**_SETTINGS, "broker_transport_options": options})
    return app


_SETTINGS: dict[str, Any] = {
    "task_ignore_result": True,
    "result_backend": None,
    "task_acks_late": False,
    "worker_prefetch_multiplier": 1,
    "worker_disable_prefetch": True,
    "task_publish_retry": True,
    "task_publish_retry_policy": {"max_retries": 0},
    "broker_pool_acquire_timeout": 1.0,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "broker_transport_options": {
        "visibility_timeout": 3600,
        "socket_connect_timeout": 0.5,
        "socket_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "unacked_restore_interval": 5,
        "unacked_mutex_expire": 10,
        "global_keyprefix": "pushboat:",
    },
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "worker_hijack_root_logger": False,
    "task_create_missing_queues": True,
}
