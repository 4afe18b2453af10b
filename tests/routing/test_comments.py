"""A command in a comment is carried out or refused, and always answered once."""

from dataclasses import replace

import pytest

from pushboat.config.environment import Environment
from pushboat.events import Event
from pushboat.model.ask import AskVerdict
from pushboat.model.hold import Hold, Scope
from pushboat.model.state import Kind, Trigger
from pushboat.routing import Answer, Commit, Deploy, Facts, PutHold, Reply
from tests.routing.words import ALL, LIVE, MISTAKES, QA, SHA, STAGING, TRIAL, answered, asked, comment, facts, limits


def reply(event: Event, known: Facts) -> str:
    """Give the only act's text: the reply to a command that deploys nothing."""
    (act,) = answered(event, known).acts
    assert isinstance(act, Reply)
    assert act.number == 7
    return act.body


def test_a_writer_deploys_the_head_of_that_moment() -> None:
    """The head that the forge names is deployed, each time it is asked for, and the reply says so."""
    decision = answered(comment("/deploy staging\nplease"), asked(*ALL))
    scope = Scope(repository="github/acme/shop", environment="staging")
    assert list(decision.acts) == [
        PutHold(
            hold=Hold(kind="unmerged", scope=scope, by="alice", subject="#7", pull_request=7, sha=SHA),
        ),
        Deploy(
            kind=Kind.DEPLOY,
            environment="staging",
            ref="refs/heads/fix",
            sha=SHA,
            author="alice",
            trigger=Trigger.COMMENT,
            once=False,
            pull_request=7,
            follows="refs/heads/main",
        ),
        Reply(
            number=7,
            body="Deploying `1a2b3c4` to staging. How it goes stands beside the commit, as `pushboat/staging`; "
            "how it ends, here. staging is pinned to #7 until that is merged or closed, or somebody says "
            "`/deploy unlock staging`; pushes wait for it.",
        ),
    ]
    assert decision.sentence == "deploying 1a2b3c4 of #7 to staging, as alice said"
    assert decision.answer == Answer(verdict=AskVerdict.DONE, reason=decision.sentence)


PERMITTED = [
    (STAGING, "alice", "write", True),
    (STAGING, "alice", "maintain", True),
    (STAGING, "alice", "admin", True),
    (STAGING, "alice", "triage", False),
    (STAGING, "alice", "read", False),
    (STAGING, "alice", "none", False),
    (STAGING, "alice", "owner-of-everything", False),
    (STAGING, "write", "read", False),
    (QA, "dora", "triage", True),
    (QA, "alice", "none", True),
    (QA, "Alice", "none", False),
    (LIVE, "alice", "maintain", False),
    (TRIAL, "bob", "none", True),
    (TRIAL, "alice", "admin", False),
]


@pytest.mark.proves("who-may")
@pytest.mark.parametrize(("environment", "author", "permission", "may"), PERMITTED)
def test_the_forges_word_decides_who_may_deploy(
    environment: Environment, author: str, permission: str, may: bool
) -> None:
    """A level counts from there upwards, a user only by exact name."""
    event = comment(f"/deploy {environment.name}", author=author)
    decision = answered(event, asked(environment, permission=permission))
    assert any(isinstance(act, Deploy) for act in decision.acts) is may


REFUSED = {
    "a reader": (
        comment("/deploy staging", author="mallory"),
        asked(*ALL, permission="read"),
        (
            "mallory may not deploy staging: that needs write permission on acme/shop, and mallory has read. "
            "Ask someone who may to comment `/deploy staging`."
        ),
    ),
    "a reader where users may": (
        comment("/deploy qa", author="mallory"),
        asked(*ALL, permission="none"),
        (
            "mallory may not deploy qa: that needs triage permission on acme/shop or to be alice, "
            "and mallory has none. "
            "Ask someone who may to comment `/deploy qa`."
        ),
    ),
    "an unknown environment": (
        comment("/deploy stagin"),
        asked(*ALL),
        (
            "acme/shop has no environment `stagin`. Did you mean `/deploy staging`? "
            "It has `live`, `qa`, `staging` and `trial`."
        ),
    ),
    "a misspelt command": (
        comment("/deploy statsu"),
        asked(QA),
        "acme/shop has no environment `statsu`. Did you mean `/deploy status`? It has `qa`.",
    ),
    "a mention": (
        comment("/deploy @all"),
        asked(QA),
        "acme/shop has no environment `@all`. It has `qa`.",
    ),
    "no file at the commit": (
        comment("/deploy qa"),
        facts(limits=limits(QA), has_file=False, commit=Commit(sha=SHA), permission="write"),
        "1a2b3c4 has no `.pushboat.yaml`: add one that gives qa a path.",
    ),
    "no folder at the commit": (
        comment("/deploy qa"),
        facts(limits=limits(QA), commit=Commit(sha=SHA), permission="write"),
        "1a2b3c4 does not say where qa lies: its `.pushboat.yaml` must give it a path.",
    ),
    "a closed pull request": (
        comment("/deploy qa"),
        asked(QA, open=False),
        "#7 is closed: reopen it to deploy it.",
    ),
    "a merged pull request": (
        comment("/deploy qa"),
        asked(QA, open=False, merged=True),
        "#7 is merged already: the environments that follow its base branch have it.",
    ),
    "a fork": (
        comment("/deploy qa"),
        asked(QA, fork=True, permission="admin"),
        (
            "#7 comes from a fork, whose commits are planned (`/deploy plan`) and deployed only once they are merged, "
            "or pushed as a branch of this repository."
        ),
    ),
}


def test_consent_on_a_merged_pull_request_is_about_what_was_refused() -> None:
    """The red status stands on the merge, so that is where somebody says that the large prune is meant."""
    known = asked(QA, open=False, merged=True, commit=Commit(sha=SHA, ref="refs/heads/main"))
    deploys = [act for act in answered(comment("/deploy qa --prune"), known).acts if isinstance(act, Deploy)]
    assert [(act.sha, act.ref, act.prune_many) for act in deploys] == [(SHA, "refs/heads/main", True)]


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_says_what_is_missing(case: str) -> None:
    """Nobody is left guessing why nothing deploys."""
    event, known, body = REFUSED[case]
    assert reply(event, known) == body
    decision = answered(event, known)
    assert decision.sentence.startswith(f"refused {event.author}'s command: {body[:40]}")
    assert decision.answer == Answer(verdict=AskVerdict.REFUSED, reason=body)


def test_mistakes_in_the_heads_file_are_shown() -> None:
    """The reply lists them all, as code, so that no name in them mentions anybody."""
    body = reply(comment("/deploy qa"), asked(QA, mistakes=MISTAKES))
    assert body.startswith("The `.pushboat.yaml` of 1a2b3c4 has mistakes:\n\n    .pushboat.yaml:3:5: unknown key")
    assert body.count("\n    ") == 2


def test_every_mistake_is_in_the_reply_and_fits() -> None:
    """A hundred long mistakes: all of them are there, in a reply that every forge takes."""
    many = tuple(replace(MISTAKES[0], line=number, message="m" * 5_000) for number in range(1, 101))
    body = reply(comment("/deploy qa"), asked(QA, mistakes=many))
    assert all(f"\n    .pushboat.yaml:{number}:5: mmm" in body for number in range(1, 101))
    assert len(body) < 65_536


def test_a_command_that_cannot_be_read_is_answered_with_help() -> None:
    """The worker asks the forge nothing for it."""
    body = reply(comment("/deploy"), facts())
    assert body.startswith("`/deploy` needs to know where: `/deploy <environment>`.\n\n- `/deploy ")
    assert "- `/deploy <environment>`: Deploy a commit" in body


UNANSWERED = {
    "a bot's": comment("/deploy qa", bot=True, author="x[bot]"),
    "an edited one": comment("/deploy qa", action="edited"),
    "a deleted one": comment("/deploy qa", action="deleted"),
    "in a code block": comment("```\n/deploy qa\n```"),
    "on an issue": comment("/deploy qa", comment_on="issue"),
    "on a commit": comment("/deploy qa", comment_on="commit"),
    "mere talk": comment("nice"),
}


@pytest.mark.parametrize("case", UNANSWERED)
def test_what_is_no_command_of_a_person_is_not_answered(case: str) -> None:
    """Nothing is deployed and nobody is disturbed."""
    decision = answered(UNANSWERED[case], asked(QA, permission="admin"))
    assert decision.acts == ()
    assert decision.sentence
