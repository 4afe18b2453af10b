"""The store: the queue of record. One SQL database, SQLite or Postgres, behind plain functions; SQLAlchemy's only door.

deliveries → routing_jobs (enacting, superseding) → lanes (hinting, ending) → outbox, in the order in which a push
passes them. engine.py holds all that differs between the two databases. soundness.py (seal, write_ahead_log) looks at
SQLite's files before anything else does.
"""
