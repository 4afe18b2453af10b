"""My pull request says in one comment how it stands, from its first plan to its merge."""

import yaml

from tests.conversations import stickies
from tests.stories.conftest import Shop
from tests.stories.test_a_pull_request_is_planned import opened
from tests.until import until
from tests.written import config_map

SECRET = "correct horse battery staple"


def secret(value: str) -> str:
    """A Secret in clear, as nobody should push it."""
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "key"}, "stringData": {"key": value}}
    return yaml.safe_dump(body)


def sticky(shop: Shop, number: int) -> str:
    """What the one comment says now; empty: there is none."""
    found = stickies(text for author, text in shop.forge.comments(shop.name, number) if author == shop.forge.bot)
    assert len(found) <= 1
    return found[0] if found else ""


def says(shop: Shop, number: int, *words: str) -> str:
    """Wait until it says all of this."""
    until(lambda: all(each in sticky(shop, number) for each in words), within=120, what=f"a comment with {words}")
    return sticky(shop, number)


def test_one_comment_tells_the_whole_story(any_shop: Shop) -> None:
    """The plan, an update, what I tried with /deploy, and what the merge did; never what is secret."""
    shop = any_shop
    shop.ended(shop.push({"deploy/a.yaml": config_map("a", greeting="hello"), "deploy/key.yaml": secret("x")}))
    base = shop.forge.projects[shop.name].bare.resolve("refs/heads/main")
    hostile = "</details> ```` @alice #1 <b>"
    files = {"deploy/a.yaml": config_map("a", greeting=hostile), "deploy/key.yaml": secret(SECRET)}
    number, head = opened(shop, {**files, "deploy/b.yaml": config_map("b")})

    text = says(shop, number, "Merging deploys to staging: 1 to create, 2 to change, 0 to delete")
    assert f"Planned `{head[:7]}` against `main` at `{base[:7]}`." in text
    assert f"+{hostile}\n" in text
    assert "\n`````diff\n" in text, "no run of backticks ends the fence"
    assert SECRET not in text
    assert "comment `/deploy staging`" in text

    moved = shop.forge.update_pull_request(shop.name, number, {"deploy/c.yaml": config_map("c")}).sha
    says(shop, number, "2 to create, 2 to change, 0 to delete", f"Planned `{moved[:7]}`")
    shop.forge.comment(shop.name, number, "alice", "/deploy staging")
    says(shop, number, "1 deployment from here", "succeeded: `4 objects: 2 created, 2 configured; healthy")

    merged = shop.forge.merge(shop.name, number, "squash").sha
    says(shop, number, f"**Merged: {merged[:7]} runs in staging.**")


def test_what_changes_nothing_gets_no_comment_and_a_fork_the_way_on(shop: Shop) -> None:
    """Nobody is written to for a change of the documentation; a fork's author reads who can have it planned."""
    shop.ended(shop.push({"deploy/a.yaml": config_map("a")}))
    quiet, head = opened(shop, {"README.md": "more"})
    shop.status(head, "success", context="pushboat/plan")

    bare, name = shop.forge.projects[shop.name].bare, shop.name.rpartition("/")[2]
    fork = shop.forge.create_repository(f"mallory/{name}")
    fork.bare.fetch(bare, "main", "refs/heads/main")
    fork.bare.commit("main", {"deploy/b.yaml": config_map("b")}, "Mine")
    number = shop.forge.open_pull_request(shop.name, "main", fork=True, author="mallory").number
    says(shop, number, "Nothing is planned", "write access", "/deploy plan")
    assert sticky(shop, quiet) == ""
