"""What a filled store knows of tokens of the API: one that was used, and one that was revoked."""

from pushboat.model.api_token import Role
from pushboat.model.reach import EVERYTHING, reach_of
from pushboat.store import api_tokens
from pushboat.store.database.engine import Store
from tests.store.repository import NAME


def leave_tokens(store: Store) -> None:
    """Leave a row of every sort behind."""
    reach = reach_of(NAME, "staging")
    used, _ = api_tokens.create(store, "ci", reach, Role.DEPLOYER, 3600.0, "root on the command line")
    api_tokens.note_use(store, used)
    api_tokens.create(store, "old", EVERYTHING, Role.VIEWER, 3600.0, "root on the command line")
    api_tokens.revoke(store, "old", "root on the command line")
