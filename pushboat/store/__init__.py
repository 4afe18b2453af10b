"""The SQL store: the queue of record. A Celery message is only a hint that something here is due."""
