"""Nothing happened, and why? Every delivery says so: in the answer, on its page and on the command line."""

import html
import re
from collections.abc import Callable, Mapping

import pytest
import requests

from tests import causes
from tests.fakes.nouns import Happened
from tests.stories.conftest import Shop
from tests.until import until
from tests.written import config_map, deployment, repository_file

IGNORED, ACCEPTED = 200, 202


@pytest.fixture(scope="module")
def shop(new_shop: Callable[[str], Shop]) -> Shop:
    """A repository whose main is deployed, with an open pull request from a branch of its own."""
    found = new_shop("github")
    found.ended(found.push({"deploy/a.yaml": config_map("a")}))
    found.forge.push(found.name, "feature", {"deploy/a.yaml": config_map("a", x="1")}, deliver=False)
    found.forge.push(found.name, "other", {"deploy/a.yaml": config_map("a", x="2")}, deliver=False)
    found.forge.open_pull_request(found.name, "feature")
    return found


CAUSES: Mapping[Callable[[Shop], Happened], tuple[int, str]] = {
    causes.ping: (IGNORED, r"ping: the webhook reaches Pushboat; the next push will be routed"),
    causes.event_of_no_interest: (
        IGNORED,
        r"star created is not followed: Pushboat acts on pushes, pull requests and comments",
    ),
    causes.unknown_repository: (
        IGNORED,
        r"stranger/shop-[\w-]+ is not in the operator's file: add it under projects in pushboat",
    ),
    causes.branch_without_follower: (
        ACCEPTED,
        r"nothing deployed: no environment follows topic \(staging f",
    ),
    causes.deleted_branch: (IGNORED, r"gone was deleted: nothing deploys, and what runs keeps running"),
    causes.tag_without_follower: (
        ACCEPTED,
        r"nothing deployed: no environment follows tag v1\.0 \(staging",
    ),
    causes.no_file: (
        ACCEPTED,
        r"nothing deployed: \w{7} has no \.pushboat\.yaml, and the operator fixes no path: add ",
    ),
    causes.mistakes: (ACCEPTED, r"nothing deployed: \.pushboat\.yaml:3:5: .*brunch.*\? Fix it and push again"),
    causes.linked_file: (ACCEPTED, r"nothing deployed: \.pushboat\.yaml is a symbolic link .*: commit the file itself"),
    causes.vanished_commit: (ACCEPTED, r"nothing deployed: commit fffffff is no longer on the forge: push again"),
    causes.fork: (
        ACCEPTED,
        r"#\d+ comes from a fork, so nothing of it is planned by itself; someone with write",
    ),
    causes.base_without_follower: (ACCEPTED, r"#\d+: nothing is affected: no environment follows feature"),
    causes.draft: (IGNORED, r"#1 is a draft now; its plan stays as it is"),
    causes.closed: (ACCEPTED, r"#\d+ was closed without a merge: nothing to deploy"),
    causes.remark: (IGNORED, r"the comment's first line is no /deploy command"),
    causes.bot: (IGNORED, r"robot\[bot\] is a bot: commands are taken from people only"),
    causes.edited: (
        IGNORED,
        r"commands count when a comment is written, not when it is edited or deleted: write a ",
    ),
    causes.on_an_issue: (IGNORED, r"/deploy works on pull and merge requests .*, and this comment stands elsewhere"),
    causes.reader: (
        ACCEPTED,
        r"refused rita's command: rita may not deploy staging: that needs write permission on ",
    ),
    causes.terminals_command: (ACCEPTED, r"refused alice's command: "),
    causes.merged: (ACCEPTED, r"deploying \w{7} to staging"),
}


def shown(shop: Shop, number: int, environ: dict[str, str]) -> tuple[str, str]:
    """Give what a delivery's page and `deliveries show` say of it, as text."""
    page = html.unescape(re.sub(r"<[^>]+>", " ", shop.served.page(f"/deliveries/{number}")))
    done = shop.served.command("deliveries", "show", str(number), env=environ)
    assert done.returncode == 0, done.stderr
    return " ".join(page.split()), done.stdout


def routed(shop: Shop, number: int) -> str:
    """Wait until a delivery was routed and give its sentence."""
    path = f"/api/v1/deliveries/{number}"
    until(lambda: shop.served.get(path)["routed"], what="the delivery to be routed")
    return str(shop.served.get(path)["reason"])


@pytest.mark.proves("ledger")
@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.__name__.replace("_", " "))
def test_whoever_asks_is_told_the_cause(shop: Shop, environ: dict[str, str], cause: Callable[[Shop], Happened]) -> None:
    """I look for the effect of what I did, and wherever I look stands one sentence: the cause, and what to do."""
    code, words = CAUSES[cause]
    answer = cause(shop).response
    said = answer.json()
    assert answer.status_code == code
    assert said["url"] == f"{shop.served.url}/deliveries/{said['delivery']}"
    assert ("ignored" in said) == (code == IGNORED)
    if code == IGNORED:
        assert re.match(words, said["ignored"])
    else:
        assert said["url"] in said["message"]
    sentence = routed(shop, said["delivery"])
    assert re.match(words, sentence)
    page, command = shown(shop, said["delivery"], environ)
    assert sentence in page
    assert command.splitlines()[0].endswith(f": {sentence}")


def test_a_repetition_leads_to_the_first(shop: Shop, environ: dict[str, str]) -> None:
    """GitHub sends it again: the answer says that it is known, and leads to what it did."""
    first = shop.forge.push(shop.name, "topic", {"notes.md": "once"})
    again = shop.forge.redeliver(first.sent[0]).response
    assert again is not None
    said = again.json()
    assert (again.status_code, said["duplicate"], said["delivery"]) == (200, True, first.response.json()["delivery"])
    assert said["message"] == f"this delivery is known already and changes nothing; what it did stands at {said['url']}"
    routed(shop, said["delivery"])
    page, command = shown(shop, said["delivery"], environ)
    for text in (page, command):
        assert "no environment follows topic" in text
    assert "Came again 1 time, which changed nothing" in page
    assert "1 time, without effect" in command


def test_a_wrong_secret_says_who_must_look(shop: Shop, environ: dict[str, str]) -> None:
    """Somebody changed the secret at the forge: the answer and the record name the command that finds it."""

    def newest() -> int:
        found = shop.served.get("/api/v1/deliveries?limit=20")["items"]
        return next((int(row["id"]) for row in found if row["verdict"] == "rejected"), 0)

    headers, before = shop.forge.ping(shop.name).sent[0].headers, newest()
    answer = requests.post(shop.forge.hook_url, data=b"{}", headers=headers, timeout=60)
    sentence = "signature does not match; run `pushboat hook doctor`"
    assert (answer.status_code, answer.json()) == (401, {"error": sentence})
    number = until(lambda: (now := newest()) > before and now, what="the record of the refusal")
    page, command = shown(shop, number, environ)
    assert "signature does not match; run" in page
    assert f"rejected: {sentence}" in command.splitlines()[0]


def test_a_forge_that_does_not_answer_is_named(shop: Shop, environ: dict[str, str]) -> None:
    """The forge is down when its push is to be routed: the delivery says what it waits for, and goes on afterwards."""
    url, shop.forge.hook_url = shop.forge.hook_url, ""
    pushed = shop.forge.push(shop.name, "topic", {"notes.md": "while down"})
    shop.forge.hook_url, shop.forge.down = url, True
    try:
        answer = shop.forge.redeliver(pushed.sent[0]).response
        assert answer is not None
        number = answer.json()["delivery"]

        def waits() -> str:
            reason = str(shop.served.get(f"/api/v1/deliveries/{number}")["reason"])
            return reason if reason.startswith("waiting: ") else ""

        sentence = until(waits, what="the delivery to say what it waits for")
        assert "503" in sentence
        page, command = shown(shop, number, environ)
        assert "waiting: " in page
        assert "waiting: " in command
    finally:
        shop.forge.down = False
    assert "no environment follows topic" in routed(shop, number)


def test_a_superseded_push_leads_to_the_newer_one(shop: Shop, environ: dict[str, str]) -> None:
    """Mine gave way to a newer commit: its delivery shows that, and which one runs instead."""
    file = {".pushboat.yaml": repository_file()}
    mine = shop.forge.push(shop.name, "main", {**file, "deploy/web.yaml": deployment(behaviour="unready")})
    routed(shop, mine.response.json()["delivery"])
    newer = shop.forge.push(shop.name, "main", {**file, "deploy/web.yaml": deployment(image="registry.example/web:2")})
    assert shop.ended(newer.sha)["state"] == "succeeded"
    assert shop.ended(mine.sha)["state"] == "superseded"
    page, command = shown(shop, mine.response.json()["delivery"], environ)
    for text in (page, command):
        assert f"deploying {mine.sha[:7]} to staging" in text
        assert "superseded" in text
        assert newer.sha[:7] in text
