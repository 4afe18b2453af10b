"""Plain git: a push that the hook could not send is missing only until Pushboat knows of it."""

import json
from pathlib import Path

from pushboat.events import Event, EventKind
from pushboat.model.head import Head
from pushboat.store import deliveries, looks
from tests.cli.conftest import Pushboat
from tests.cli.plain_git import lines, pushboat_with, set_up
from tests.fakes.bare import Bare
from tests.fresh_store import fresh_store

MAIN = "refs/heads/main"


def test_what_a_look_has_found_needs_no_sending(pushboat: Pushboat, home: Path, environ: dict[str, str]) -> None:
    """The hook kept two pushes, and a look found the newest: nothing is wrong. What a later one brings is missing."""
    with pushboat_with(environ["HOOK_SECRET"]) as running:
        repository = set_up(home, running.url)
        bare = Bare(repository)
        assert pushboat("hook", "install", repository).returncode == 0
        (repository / "pushboat-missed").mkdir()
        (home / "var").mkdir(exist_ok=True)
        store = fresh_store(home / "var")
        looks.schedule(store, ["local/shop"])

        older, sha = (bare.commit("main", {"a": text}, "Change") for text in "12")
        for number, after in enumerate((older, sha)):
            kept = {"event": "push", "repository": "shop", "ref": MAIN, "after": after}
            (repository / "pushboat-missed" / f"{number}-a.json").write_text(json.dumps(kept))
        missing = lines(pushboat("hook", "doctor", "--json"))["local/shop missed"]
        assert (missing["result"], missing["sentence"][:8]) == ("FAIL", "2 pushes")

        event = Event(kind=EventKind.PUSH, action="updated", repository="shop", ref=MAIN, sha=sha, before=older)
        assert deliveries.accept_found(store, "local", "look-1", event, Head(ref=MAIN))
        found = lines(pushboat("hook", "doctor", "--json"))["local/shop missed"]
        assert (found["result"], found["fix"]) == ("PASS", "")
        assert found["sentence"] == "2 pushes that the hook could not send came by another way since"

        bare.commit("main", {"a": "3"}, "Change")
        assert lines(pushboat("hook", "doctor", "--json"))["local/shop missed"]["result"] == "FAIL"
        store.close()


def test_a_repository_without_a_hook_is_said_to_have_none(
    pushboat: Pushboat, home: Path, environ: dict[str, str]
) -> None:
    """A fresh repository has no hook at all, which is another thing than somebody else's."""
    with pushboat_with(environ["HOOK_SECRET"]) as running:
        repository = set_up(home, running.url)
        hook = repository / "hooks" / "post-receive"
        line = lines(pushboat("hook", "doctor", "--json"))["local/shop webhook"]
        assert (line["result"], line["sentence"]) == ("FAIL", f"there is no {hook}, so pushes are told to nobody")
        assert line["fix"] == f"pushboat hook install {repository}"
        hook.write_text("#!/bin/sh\n")
        line = lines(pushboat("hook", "doctor", "--json"))["local/shop webhook"]
        assert (line["result"], line["sentence"]) == ("FAIL", f"{hook} is not our hook")
