"""Who is behind a repository's name: the forge's own id, kept since the first delivery, and what it is called now."""

import sqlalchemy as sa

from pushboat.model.repository import Identity
from pushboat.store.database.engine import Store
from pushboat.store.database.repository_tables import identities
from pushboat.store.database.transaction import Row

_HOLDER = sa.text("SELECT * FROM identity WHERE name = :name")
_KEEP = sa.text(
    "INSERT INTO identity (name, forge, id, path, seen_at) VALUES (:name, :forge, :id, :path, :now) "
    "ON CONFLICT (name) DO UPDATE SET path = excluded.path WHERE identity.id = excluded.id RETURNING id"
)
_CHALLENGE = sa.text("UPDATE identity SET rival = :rival WHERE name = :name")
_ACCEPT = sa.text("UPDATE identity SET id = :id, rival = '', seen_at = :now WHERE name = :name RETURNING path")


def holder(store: Store, name: str) -> Identity | None:
    """Find who had a name first; `name` is in the form in which the forge compares it."""
    with store.reading() as tx:
        row = tx.row(_HOLDER, name=name)
    return _identity(row) if row else None


def called(store: Store, name: str, path: str) -> str:
    """Give the path under which the forge has a repository now; `path` where no delivery has said another."""
    identity = holder(store, name)
    return identity.path if identity else path


def names_of(store: Store, forge: str, number: str) -> list[Identity]:
    """List the names that a repository had, the newest first."""
    wanted = sa.select(identities).where(identities.c.forge == forge, identities.c.id == number)
    with store.reading() as tx:
        return [_identity(row) for row in tx.rows(wanted.order_by(identities.c.seen_at.desc(), identities.c.name))]


def keep(store: Store, identity: Identity) -> bool:
    """Remember a name's repository and what it is called now; False where another one was first."""
    with store.writing() as tx:
        if identity.rival:
            return bool(tx.change(_CHALLENGE, name=identity.name, rival=identity.rival))
        fields = {"name": identity.name, "forge": identity.forge, "id": identity.id, "path": identity.path}
        return tx.scalar(_KEEP, **fields, now=tx.now) is not None


def accept(store: Store, name: str, number: str) -> bool:
    """Let a name stand for another repository from now on; False where nothing has come under this name yet."""
    with store.writing() as tx:
        return tx.scalar(_ACCEPT, name=name, id=number, now=tx.now) is not None


def listed(store: Store) -> list[Identity]:
    """List everything that has come, by name."""
    with store.reading() as tx:
        return [_identity(row) for row in tx.rows(sa.select(identities).order_by(identities.c.name))]


def _identity(row: Row) -> Identity:
    return Identity(name=row["name"], forge=row["forge"], id=row["id"], path=row["path"], rival=row["rival"])
