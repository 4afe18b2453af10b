"""Ends with a folder what only that folder's tests can ask for: a Pushboat that serves all stories, a Postgres.

pytest keeps what has the scope of the session until the last test of all. In a process that goes on to other folders,
a Pushboat would stand there for ten more minutes, and cost a twelfth of a core.
"""

from collections.abc import Iterator
from functools import partial

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Iterator[object | None]:
    """Have a fixture of a folder's conftest taken down when the next test is of another folder."""
    result = yield
    if fixturedef.scope == "session":
        parents = request._pyfuncitem.iter_parents()
        for folder in (each for each in parents if isinstance(each, pytest.Dir) and each.nodeid == fixturedef.baseid):
            folder.addfinalizer(partial(fixturedef.finish, request=request))  # type: ignore[arg-type]
    return result
