"""How columns are written in every table: never NULL where an empty value says the same."""

from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite numbers rows only in a column of type INTEGER


def key(name: str) -> sa.Column[str]:
    """Make a column of texts that name a row, alone or with others."""
    return sa.Column(name, sa.Text, primary_key=True)


def text(name: str) -> sa.Column[str]:
    """Make a column of text."""
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def number(name: str) -> sa.Column[int]:
    """Make a column of whole numbers."""
    return sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0"))


def time(name: str) -> sa.Column[float]:
    """Make a column of times; 0 is long ago."""
    return sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0"))


def moment(name: str) -> sa.Column[float]:
    """Make a column of times that may not have come yet."""
    return sa.Column(name, sa.Double, nullable=True)


def flag(name: str) -> sa.Column[bool]:
    """Make a column of yes and no."""
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def index_of_a_part(name: str, *columns: sa.Column[Any], where: str) -> None:
    """Index the rows of which a condition is true."""
    condition = sa.text(where)
    sa.Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
