"""An older commit may be asked for: it is deployed, said to be older, and not undone by what is already known."""

from pathlib import Path

import pytest

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.delivery import DeliveryRow
from pushboat.store import deliveries, looks
from pushboat.store.database.engine import Store
from tests.engine_room.proposed import Proposed, proposed
from tests.store.repository import time_passes
from workers.catching_up.story import look
from workers.routing.story import route_repository


def asked(shop: Proposed, sha: str) -> DeliveryRow:
    """Ask for a commit at the terminal."""
    event = Event(kind=EventKind.ASK, action="deploy", repository="acme/shop", author="olga")
    ask = Ask(word="deploy", who="olga", source=Source.COMMAND, repository=shop.name, environment="staging", sha=sha)
    number = deliveries.accept(shop.store, shop.name.partition("/")[0], f"ask-{sha}", event, asked=(ask,)).id
    route_repository(shop.tools, shop.name)
    return shop.row(number)


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea"])
def test_an_older_commit_is_deployed_and_stays(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest, kind: str
) -> None:
    """I go back two commits: I am told from where and by how many, and only a new push goes forward again."""
    with proposed(tmp_path, store, kind, request.getfixturevalue(kind)) as shop:
        first = shop.tip
        pushed = shop.forge.push("acme/shop", "main", {"deploy/settings.yaml": "a: 1"})
        shop.take(pushed)
        newest = shop.push("two")
        shop.ends(newest)
        row = asked(shop, first[:10])
        back = f"goes back from {newest[:7]} to {first[:7]}, 2 commits behind"
        assert f"; {back}; the next push that is followed goes forward again" in row.reason
        assert shop.ready() == [first]
        shop.ends(first)
        shop.take(pushed)
        looks.schedule(store, shop.tools.operator.projects)
        for _ in range(2):
            time_passes(store, 3600)
            look(shop.tools, shop.name)
        route_repository(shop.tools, shop.name)
        assert shop.waiting() == [], "what was known before is no news"
        forward = asked(shop, newest)
        assert "goes back" not in forward.reason
        shop.ends(newest)
        asked(shop, first)
        last = shop.push("three")
        assert shop.ready() == [last]


def test_what_nobody_can_say_is_not_said(tmp_path: Path, store: Store, request: pytest.FixtureRequest) -> None:
    """The forge does not answer how the two commits stand: mine is deployed all the same."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        first = shop.tip
        shop.ends(shop.push("two"))
        shop.forge.fail(403, path="/compare/", times=10)
        row = asked(shop, first)
        assert "goes back" not in row.reason
        assert shop.ready() == [first]


def test_an_older_push_that_comes_late_is_not_let_in_by_an_unlock(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """main's newest ran before my pull request did: an older push of main, told late, is a part of that."""
    with proposed(tmp_path, store, "github", request.getfixturevalue("github")) as shop:
        late = shop.forge.push("acme/shop", "main", {"deploy/settings.yaml": "a: 1"})
        shop.ends(shop.push("two"))
        shop.say("/deploy staging")
        shop.ends(shop.sha)
        shop.take(late)
        assert shop.waiting() == []
        shop.say("/deploy unlock staging")
        assert shop.ready() == []


def test_an_older_tag_does_not_undo_what_was_asked_for(
    tmp_path: Path, store: Store, request: pytest.FixtureRequest
) -> None:
    """v1.10 is the newest, and I went back to v1.9: v1.2.1 of the old line, tagged now, is older than both."""
    github = request.getfixturevalue("github")
    file = "environments:\n  staging: {path: deploy, tag: 'v*'}\n"
    with proposed(tmp_path, store, "github", github, file) as shop:
        old, shas = shop.tip, {}
        for each in ("v1.9", "v1.10"):
            sha = github.push("acme/shop", "main", {"deploy/settings.yaml": f"a: {each}"}, deliver=False).sha
            shop.take(github.tag("acme/shop", each))
            shas[each] = shop.ends(sha).sha
        assert (
            f"goes back from {shas['v1.10'][:7]} to {shas['v1.9'][:7]}, 1 commit behind" in asked(shop, "v1.9").reason
        )
        shop.ends(shas["v1.9"])
        github.push("acme/shop", "old", {"deploy/old.yaml": "a: 1"}, parent=old, deliver=False)
        shop.take(github.tag("acme/shop", "v1.2.1", "old"))
        assert shop.waiting() == []
        github.push("acme/shop", "main", {"deploy/settings.yaml": "a: 3"}, deliver=False)
        shop.take(github.tag("acme/shop", "v1.11"))
        assert shop.ready() == [shop.tip]
