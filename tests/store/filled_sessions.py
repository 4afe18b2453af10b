"""What a filled store knows of who is signed in: one who is, and one who was."""

from pushboat.model.person import Person
from pushboat.store import sessions
from pushboat.store.database.engine import Store


def leave_sessions(store: Store) -> None:
    """Leave a row of every sort behind."""
    sessions.begin(store, Person(realm="github", subject="1", name="ada", at_forge=True))
    other = Person(realm="login.example.org", subject="2", name="bob", at_forge=False, groups=frozenset({"ops"}))
    sessions.end(store, sessions.begin(store, other)[0])
