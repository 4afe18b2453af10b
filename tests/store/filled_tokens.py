"""What a filled store knows of tokens of the API: one that was used and has asked, and one that was revoked."""

from pushboat.model.api_token import Role
from pushboat.model.question import Asker, Told
from pushboat.model.reach import EVERYTHING, reach_of
from pushboat.store import api_tokens, questions
from pushboat.store.database.engine import Store
from tests.store.repository import NAME


def leave_tokens(store: Store) -> None:
    """Leave a row of every sort behind."""
    reach = reach_of(NAME, "staging")
    used, _ = api_tokens.create(store, "ci", reach, Role.DEPLOYER, 3600.0, "root on the command line")
    api_tokens.note_use(store, used)
    api_tokens.create(store, "old", EVERYTHING, Role.VIEWER, 3600.0, "root on the command line")
    asker = Asker(token=used.id, who="token ci")
    questions.ask(store, asker, "logs", reach, "dev", {"all": "yes"})
    questions.ask(store, asker, "drift", reach, "dev", {})
    questions.ask(store, asker, "plan", reach, "dev", {}, b"files of a work tree")
    questions.hinted(store, questions.due_clusters(store))
    held = questions.claim(store, "dev")
    assert held
    questions.answer(store, held, Told(code=1, lines=("a line",), said=(("✗", "no"),)))
    api_tokens.revoke(store, "old", "root on the command line")
