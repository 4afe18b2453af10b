"""A stranger's commits run nothing until somebody who may write has looked at them and says `/deploy plan`."""

from tests.stories.conftest import Shop
from tests.stories.test_a_comment_deploys import replies
from tests.stories.test_a_pull_request_is_planned import GREEN, PLAN, RED
from tests.until import until
from tests.written import config_map


def test_a_fork_is_planned_on_a_writers_word(any_shop: Shop) -> None:
    """Mallory's own word plans nothing; mine shows what merging her branch into today's main would do."""
    forge, name = any_shop.forge, any_shop.name
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a")}))
    fork = f"mallory/{name.rpartition('/')[2]}"
    theirs = forge.create_repository(fork)
    theirs.bare.fetch(forge.projects[name].bare, "main", "refs/heads/main")
    forge.push(fork, "main", {"deploy/b.yaml": config_map("b")}, deliver=False)
    forge.projects[name].permissions.update({"wendy": "write", "mallory": "read"})
    opened = forge.open_pull_request(name, "main", fork=True, author="mallory")
    any_shop.status(opened.sha, RED[any_shop.forge_name], context="pushboat/plan")

    forge.comment(name, opened.number, "mallory", "/deploy plan")
    [refusal] = until(lambda: replies(any_shop, opened.number), what="the refusal")
    assert "needs write permission" in refusal
    assert any_shop.states(opened.sha, PLAN) == []

    forge.comment(name, opened.number, "wendy", "/deploy plan")
    green = GREEN[any_shop.forge_name]
    assert any_shop.status(opened.sha, green, context=PLAN) == "1 to create, 0 to change, 0 to delete"
    assert "1 to create" in any_shop.status(opened.sha, green, context="pushboat/plan")
    assert "b" not in any_shop.cluster.names(any_shop.namespace)
