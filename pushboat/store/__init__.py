"""The store: the queue of record. One SQL database, SQLite or Postgres, behind plain functions; SQLAlchemy's only door.

deliveries (asks) → routing_jobs (enacting, superseding, cancelling, audit) → lanes (hinting, ending) → outbox, in the
order in which a push passes them. turns.py has lease, hint and fence; database/ how it is opened, and its tables.
"""
