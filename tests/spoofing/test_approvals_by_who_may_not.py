"""Approvals that are none: of oneself, of another commit, by who may not any more, in other words or other places."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from pushboat.config.operator import Limits
from pushboat.model.ask import AskVerdict
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment
from pushboat.model.state import State
from pushboat.store import deployments
from tests.spoofing.scene import SHOP, Scene, on_stage
from tests.written import config_map, repository_file
from workers.deploying.story import deploy

_NO_PAUSE = sa.text("UPDATE deployment SET not_before = 0")
TEAMS = {"github": "acme/ops", "gitlab": "acme/ops", "gitea": "acme/ops"}
APPROVE = "/deploy approve staging"


@pytest.fixture(params=["github", "gitlab", "gitea"])
def four_eyes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A pull request of alice's; whoever may write may deploy, and somebody of acme/ops, or bob, must approve that."""
    limits = Limits(
        environment="staging",
        cluster="dev",
        namespaces=("shop",),
        approvals=1,
        approvers=("admin", f"@{TEAMS[request.param]}"),
    )
    with on_stage(request.param, tmp_path, {"staging": limits}) as scene:
        scene.project.permissions |= {"bob": "admin", "carol": "write", "mallory": "admin", "alice": "admin"}
        for user in ("bob", "carol", "mallory"):
            scene.forge.user_id(user)
        scene.forge.teams[TEAMS[request.param]] = {"carol"}
        yield scene


def asked_for(scene: Scene) -> Deployment:
    """Let mallory ask for the deployment of the pull request's head, and give it: it waits for an approval."""
    scene.comment("mallory", "/deploy staging")
    (found,) = scene.deployed()
    assert found.waits == "waits for 1 approval: /deploy approve staging"
    return found


def now(scene: Scene, deployment: Deployment) -> Deployment:
    """Look at it as it stands now."""
    found = deployments.find(scene.tools.store, deployment.id)
    assert found
    return found


def refused(scene: Scene, waiting: Deployment, row: DeliveryRow, *words: str) -> None:
    """See that it waits on, and that the audit has who tried and why that was nothing."""
    assert now(scene, waiting).waits.startswith("waits for 1 approval")
    assert row.audit, row.reason
    (entry,) = row.audit
    assert entry.verdict is AskVerdict.REFUSED
    for word in words:
        assert word in entry.reason


def test_only_others_who_may_approve(four_eyes: Scene) -> None:
    """The opener, the asker, readers, strangers, look-alikes, bots and we ourselves may not; each leaves a record."""
    scene = four_eyes
    waiting = asked_for(scene)
    tries = {
        "alice": "opened #1" if scene.kind == "github" else "alice",
        "mallory": "asked for the deployment",
        "rita": "rita has read",
        "zoe": "zoe has none",
        "b0b": "b0b has none",
    }
    for who, said in tries.items():
        refused(scene, waiting, scene.comment(who, APPROVE), said)
    for name in ("renovate[bot]", "project_7_bot_0a1b2c3d", "gitea-actions"):
        scene.project.permissions[name] = "admin"
    bot = {"github": "renovate[bot]", "gitlab": "project_7_bot_0a1b2c3d", "gitea": "gitea-actions"}[scene.kind]
    refused(scene, waiting, scene.comment(bot, APPROVE), "people only")
    scene.project.permissions[scene.forge.bot] = "admin"
    refused(scene, waiting, scene.comment(scene.forge.bot, APPROVE), "Pushboat itself acts as")
    scene.comment("bob", APPROVE)
    assert now(scene, waiting).waits == "waits for a free worker"


def test_other_words_and_places_approve_nothing(four_eyes: Scene) -> None:
    """A quote, code, an edit of an old comment, an issue: nobody has approved."""
    scene = four_eyes
    waiting = asked_for(scene)
    refused(scene, waiting, scene.comment("bob", f"> {APPROVE}\n\nreally?"), "in a quote")
    refused(scene, waiting, scene.comment("bob", f"```\n{APPROVE}\n```"), "in a code block")
    old = scene.forge.comment(SHOP, scene.number, "bob", "nice")
    refused(scene, waiting, scene.told(scene.forge.edit_comment(SHOP, old.comment_id, APPROVE)), "edited")
    refused(scene, waiting, scene.told(scene.forge.comment(SHOP, 99, "bob", APPROVE)), "stands elsewhere")


def test_who_is_named_as_author_by_git_is_nobody(four_eyes: Scene) -> None:
    """Mallory pushes under bob's name in git, to approve it as mallory: the forge knows who pushed."""
    scene = four_eyes
    scene.project.bare.git("config", "user.name", "bob")
    scene.forge.push(SHOP, "feature", {"deploy/a.yaml": config_map("a", of="mallory")}, author="mallory")
    opened = scene.forge.open_pull_request(SHOP, "feature", author="carol")
    scene.told(scene.forge.comment(SHOP, opened.number, "carol", "/deploy staging"))
    (waiting,) = scene.deployed()
    assert waiting.sha == opened.sha
    row = scene.told(scene.forge.comment(SHOP, opened.number, "mallory", APPROVE))
    refused(scene, waiting, row, "somebody else must approve")
    scene.told(scene.forge.comment(SHOP, opened.number, "bob", APPROVE))
    assert now(scene, waiting).waits == "waits for a free worker"


def test_an_approval_dies_with_its_commit(four_eyes: Scene) -> None:
    """Bob approved what he saw; alice pushes something else, and that is not approved. Nor is it by a late comment."""
    scene = four_eyes
    scene.comment("bob", APPROVE)
    event = scene.forge.write_comment(scene.project, scene.number, "bob", APPROVE)
    late = scene.forge.dialect.comment(scene.forge, scene.project, event, "created")
    scene.forge.update_pull_request(SHOP, scene.number, {"deploy/a.yaml": config_map("a", evil="yes")})
    waiting = asked_for(scene)
    row = scene.delivered(*late)
    assert now(scene, waiting).held or scene.kind == "github"
    if scene.kind == "github":  # whose comments name no commit: the newest that we know of is what is seen there
        return
    assert [entry.verdict for entry in row.audit] == [AskVerdict.REFUSED]


def test_a_forks_opener_approves_nothing(four_eyes: Scene) -> None:
    """Rita opens a pull request from her fork and approves it herself; nor may anybody, before it is merged."""
    scene = four_eyes
    scene.forge.create_repository("rita/shop")
    scene.project.bare.git("push", "--quiet", str(scene.forge.projects["rita/shop"].bare.path), "main")
    evil = {".pushboat.yaml": repository_file(approvals=0), "deploy/a.yaml": config_map("a", of="evil")}
    scene.forge.push("rita/shop", "feature", evil, deliver=False)
    scene.project.permissions["rita"] = "admin"
    opened = scene.forge.open_pull_request(SHOP, "feature", fork=True, author="rita")
    for who in ("rita", "bob"):
        row = scene.told(scene.forge.comment(SHOP, opened.number, who, APPROVE))
        assert [entry.verdict for entry in row.audit] == [AskVerdict.REFUSED]
        assert "comes from a fork" in row.audit[0].reason
    assert scene.deployed() == []


def test_who_left_since_does_not_count(four_eyes: Scene) -> None:
    """Carol approves as one of the team, and leaves it before a worker is free: the deployment goes back, and says so.

    A forge that does not answer then is no yes: it is asked again.
    """
    scene = four_eyes
    waiting = asked_for(scene)
    scene.comment("carol", APPROVE)
    assert now(scene, waiting).waits == "waits for a free worker"
    scene.forge.down = True
    deploy(scene.tools, waiting.id)
    asked = now(scene, waiting)
    assert (asked.state, asked.begun) == (State.QUEUED, False)
    scene.forge.down = False
    scene.forge.teams[TEAMS[scene.kind]].clear()
    with scene.tools.store.writing() as tx:
        tx.change(_NO_PAUSE)
    deploy(scene.tools, waiting.id)
    gone = now(scene, waiting)
    assert gone.waits == "waits for 1 approval (carol may not approve any more): /deploy approve staging"
    assert not gone.begun
    scene.work()
    shown = scene.forge.statuses(SHOP, waiting.sha, "pushboat/staging")
    # GitLab changes no words of a status that stays running.
    assert scene.kind == "gitlab" or shown[-1][2].startswith("waits for 1 approval (carol may not approve any more)")
    row = scene.comment("carol", APPROVE)
    refused(scene, waiting, row, "carol may not approve staging", "`@acme/ops`")


def test_a_plain_push_is_approved_on_its_commit(four_eyes: Scene) -> None:
    """A comment on the commit counts where the forge has such; on Gitea whoever is at the terminal approves."""
    scene = four_eyes
    if scene.kind == "gitea":
        return
    pushed = scene.forge.push(SHOP, "main", {"deploy/a.yaml": config_map("a", version="main")}, author="mallory")
    scene.work()
    (waiting,) = scene.deployed()
    assert waiting.waits == "waits for 1 approval: /deploy approve staging"
    mine = scene.told(scene.forge.comment_on_commit(SHOP, pushed.sha, "mallory", APPROVE))
    refused(scene, waiting, mine, "mallory pushed")
    other = scene.told(scene.forge.comment_on_commit(SHOP, "f" * 40, "bob", APPROVE))
    refused(scene, waiting, other, "was not pushed here")
    deploys = scene.told(scene.forge.comment_on_commit(SHOP, pushed.sha, "bob", "/deploy staging"))
    refused(scene, waiting, deploys, "stands elsewhere")
    scene.told(scene.forge.comment_on_commit(SHOP, pushed.sha, "bob", APPROVE))
    assert now(scene, waiting).waits == "waits for a free worker"
    said = [one.body for one in scene.project.comments if one.sha == pushed.sha and "<!-- pushboat" in one.body]
    assert len(said) == 2
    assert said[0].startswith("mallory pushed ")
    assert "bob approved" in said[1]


def test_a_merge_of_the_same_files_is_approved_with_its_head(four_eyes: Scene) -> None:
    """Bob approved what he saw, and merging brought nothing else: nobody has to say it again."""
    scene = four_eyes
    scene.comment("bob", APPROVE)
    scene.forge.merge(SHOP, scene.number, "squash", author="mallory")
    scene.work()
    (waiting,) = scene.deployed()
    assert waiting.sha != scene.head
    assert waiting.waits == "waits for a free worker"


def test_a_merge_with_more_is_approved_in_its_conversation(four_eyes: Scene) -> None:
    """The base had something that the head lacked: the merge is another thing, and bob says it there once more."""
    scene = four_eyes
    scene.comment("bob", APPROVE)
    scene.forge.push(SHOP, "main", {"docs/b.md": "more"}, author="carol", deliver=False)
    scene.forge.merge(SHOP, scene.number, author="mallory")
    scene.work()
    (waiting,) = scene.deployed()
    assert waiting.waits == "waits for 1 approval: /deploy approve staging"
    scene.comment("bob", APPROVE)
    assert now(scene, waiting).waits == "waits for a free worker"
