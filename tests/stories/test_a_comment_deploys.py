"""`/deploy staging` in a pull request, by those who may, and by nobody else."""

import pytest

from tests.conversations import answers
from tests.stories.conftest import Shop
from tests.stories.test_a_pull_request_is_planned import opened
from tests.until import until
from tests.written import config_map


@pytest.fixture
def pull_request(any_shop: Shop) -> tuple[Shop, int, str]:
    """An open pull request on a repository whose main is deployed."""
    any_shop.ended(any_shop.push({"deploy/a.yaml": config_map("a", version="main")}))
    number, sha = opened(any_shop, {"deploy/a.yaml": config_map("a", version="feature")})
    any_shop.forge.projects[any_shop.name].permissions.update({"wendy": "write", "rita": "read"})
    return any_shop, number, sha


def sentence(shop: Shop, delivery: int) -> str:
    """Wait for the sentence of a delivery."""

    def told() -> str:
        reason = str(shop.served.get(f"/api/v1/deliveries/{delivery}")["reason"])
        return "" if "waiting" in reason else reason

    return until(told, what="the delivery's sentence")


def replies(shop: Shop, number: int) -> list[str]:
    """List what Pushboat wrote into a conversation."""
    return answers(text for author, text in shop.forge.comments(shop.name, number) if author == shop.forge.bot)


def eyes(shop: Shop, comment: int) -> bool:
    """Say whether people see that Pushboat has read a comment, and no other one."""
    reacted = {one.id: one.reactions for one in shop.forge.projects[shop.name].comments if one.reactions}
    return reacted == {comment: [(shop.forge.bot, "eyes")]}


def test_a_writer_deploys_the_head_of_that_moment(pull_request: tuple[Shop, int, str]) -> None:
    """I may write, I say /deploy staging, and my branch runs on staging before the merge."""
    shop, number, sha = pull_request
    told = shop.forge.comment(shop.name, number, "wendy", "/deploy staging\nlet us see").comment_id
    until(lambda: eyes(shop, told), within=120, what="eyes on the comment")
    ended = shop.ended(sha)
    assert (ended["state"], ended["trigger"], ended["author"]) == ("succeeded", "comment", "wendy")
    assert shop.cluster.config_map(shop.namespace, "a")["data"] == {"version": "feature"}
    shop.status(sha, "success")
    [reply] = until(lambda: [text for text in replies(shop, number) if " runs " in text], what="the outcome")
    assert reply.startswith(f"`staging` runs `{sha[:7]}`: `")
    assert f"[More about it]({ended['url']})" in reply
    assert len(replies(shop, number)) == 1, "the answer was edited"


@pytest.mark.proves("who-may")
def test_a_reader_is_refused_and_told_what_is_missing(pull_request: tuple[Shop, int, str]) -> None:
    """I may only read: the refusal says which permission it needs and which I have, and nothing is deployed."""
    shop, number, sha = pull_request
    shop.forge.comment(shop.name, number, "rita", "/deploy staging")
    [reply] = until(lambda: replies(shop, number), what="the refusal")
    for words in ("rita", "staging", "write", "read"):
        assert words in reply
    assert [row for row in shop.served.deployments(shop.repository) if row["sha"] == sha] == []


LOOKS_LIKE_ONE = (
    ("wendy", "```\n/deploy staging\n```"),
    ("wendy", "    /deploy staging"),
    ("wendy", "> /deploy staging"),
    ("wendy", "please\n/deploy staging"),
    ("robot[bot]", "/deploy staging"),
)


def test_what_only_looks_like_a_command_does_nothing(pull_request: tuple[Shop, int, str]) -> None:
    """Quoting a command, showing it in a code block, or a bot repeating it deploys nothing and answers nobody."""
    shop, number, sha = pull_request
    for user, text in LOOKS_LIKE_ONE:
        if user.endswith("[bot]"):  # each names its bots in its own way
            user = {"github": user, "gitlab": "project_1_bot_0a1b2c3d", "gitea": "gitea-actions"}[shop.forge_name]
        shop.forge.projects[shop.name].permissions[user] = "write"
        happened = shop.forge.comment(shop.name, number, user, text)
        assert happened.sent[0].response is not None
        answer = happened.sent[0].response.json()
        assert sentence(shop, answer["delivery"]), text
        assert [row for row in shop.served.deployments(shop.repository) if row["sha"] == sha] == [], text
        assert replies(shop, number) == [], text


def test_a_command_edited_into_an_old_comment_does_nothing(pull_request: tuple[Shop, int, str]) -> None:
    """Someone edits my old comment into a command: an edit never deploys."""
    shop, number, sha = pull_request
    old = shop.forge.comment(shop.name, number, "wendy", "nice work")
    edited = shop.forge.edit_comment(shop.name, old.comment_id, "/deploy staging")
    assert edited.sent[0].response is not None
    assert sentence(shop, edited.sent[0].response.json()["delivery"])
    assert [row for row in shop.served.deployments(shop.repository) if row["sha"] == sha] == []
    assert replies(shop, number) == []


ANSWERED = (
    ("/deploy help", ("/deploy <environment>", "/deploy status", "staging")),
    ("/deploy status", ("staging: runs [`", "/deployments/")),
    ("/deploy stagging", ("stagging", "staging")),
    ("/deploy", ("/deploy <environment>",)),
    ("/deploy promote staging qa", ("has no environment `qa`", "`staging`")),
)


def test_every_command_has_an_answer(pull_request: tuple[Shop, int, str]) -> None:
    """Whatever I ask, I get one reply that helps."""
    shop, number, _ = pull_request
    for asked, (text, words) in enumerate(ANSWERED, 1):
        shop.forge.comment(shop.name, number, "wendy", text)
        found = until(lambda asked=asked: (now := replies(shop, number))[asked - 1 :] and now, what=f"answer to {text}")
        assert len(found) == asked
        for word in words:
            assert word in found[-1], text
