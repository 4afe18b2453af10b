"""An environment on a real cluster, with a worker, for whoever counts what it is allowed."""

from tests.engine_room.conftest import github, repository, store, watched

__all__ = ["github", "repository", "store", "watched"]
