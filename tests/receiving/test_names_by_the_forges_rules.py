"""A repository is known by the forge's own rules: in any letters where it is one, by its id when its name changes."""

import json
from typing import Any

import pytest

from pushboat.config.kinds import KINDS
from pushboat.model.delivery import Verdict
from pushboat.store import deliveries, repositories
from tests.receiving.front_door import SECRET, FrontDoor, github_headers, push_body


def pushed(front_door: FrontDoor, delivery: str, name: str, number: int) -> dict[str, Any]:
    """Push from a repository of this name and id, and give the answer."""
    answer = front_door.push(delivery, repository={"id": number, "full_name": name})
    return {**answer.json(), "code": answer.status_code}


def stored(front_door: FrontDoor, answer: dict[str, Any]) -> str:
    """Name the repository under which a delivery is kept."""
    row = deliveries.find(front_door.store, answer["delivery"])
    assert row
    return row.repository


def test_other_letters_are_the_same_repository(front_door: FrontDoor) -> None:
    """GitHub says Acme/Shop, my file says acme/shop: it is mine, and it stays one repository in every list."""
    answer = pushed(front_door, "d-1", "Acme/SHOP", 5)
    assert answer["code"] == 202
    assert stored(front_door, answer) == "github/acme/shop"


def test_other_letters_are_another_repository_for_plain_git() -> None:
    """On a disk, Shop and shop are two folders, and only the one that I named deploys."""
    assert KINDS["git"].comparable("Shop") != KINDS["git"].comparable("shop")
    assert KINDS["gitlab"].comparable("Group/Shop") == KINDS["gitlab"].comparable("group/shop")


def test_a_renamed_repository_goes_on(front_door: FrontDoor) -> None:
    """I rename the repository at the forge: pushes go on under the name that the operator granted things to."""
    pushed(front_door, "d-1", "acme/shop", 5)
    answer = pushed(front_door, "d-2", "acme/store", 5)
    assert answer["code"] == 202
    assert "acme/shop is called acme/store now" in answer["message"]
    row = deliveries.find(front_door.store, answer["delivery"])
    assert row
    assert (row.repository, row.event.renamed) == ("github/acme/shop", "acme/store")
    assert repositories.called(front_door.store, "github/acme/shop", "acme/shop") == "acme/store"


def test_a_repository_that_takes_an_old_name_is_refused(front_door: FrontDoor) -> None:
    """After my rename somebody makes a new acme/shop: it gets nothing of mine, before and after the rename is seen."""
    pushed(front_door, "d-1", "acme/shop", 5)
    early = pushed(front_door, "d-2", "acme/shop", 6)
    pushed(front_door, "d-3", "acme/store", 5)
    late = pushed(front_door, "d-4", "Acme/Shop", 6)
    for answer in (early, late):
        assert answer["code"] == 200
        assert "not 5" in answer["ignored"]
        assert "pushboat repository accept github/acme/shop 6" in answer["ignored"]
    assert len(front_door.rings) == 2
    assert repositories.called(front_door.store, "github/acme/shop", "acme/shop") == "acme/store"


def test_the_operator_accepts_another_repository(front_door: FrontDoor) -> None:
    """The repository was deleted and made anew: one command, and redelivering the refused push deploys it."""
    pushed(front_door, "d-1", "acme/shop", 5)
    assert pushed(front_door, "d-2", "acme/shop", 6)["code"] == 200
    assert repositories.accept(front_door.store, "github/acme/shop", "6")
    assert pushed(front_door, "d-2", "acme/shop", 6)["code"] == 202
    assert "not 6" in pushed(front_door, "d-3", "acme/shop", 5)["ignored"]


def test_an_unknown_repository_leaves_no_identity(front_door: FrontDoor) -> None:
    """What the operator's file does not have fills nothing but its own delivery's row."""
    assert "not in the operator's file" in pushed(front_door, "d-1", "acme/other", 9)["ignored"]
    assert repositories.listed(front_door.store) == []


HOSTILE = ["acme/../shop", "acme/shop\x00", "acme/shop\n", "acme/shop\x1b[2J", "acme/shop\x85", ".."]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_repository_name_that_cannot_be_is_refused(front_door: FrontDoor, name: str) -> None:
    """No repository has control characters or .. in its name; whoever sends one gets 400, and nothing is stored."""
    answer = front_door.push(repository={"id": 5, "full_name": name})
    assert answer.status_code == 400
    assert "repository.full_name" in answer.json()["error"]
    assert [row.verdict for row in deliveries.listed(front_door.store)] == [Verdict.REJECTED]


@pytest.mark.parametrize("ref", ["refs/heads/a..b", "refs/heads/a\x00", "refs/heads/a\tb", "refs/tags/../heads/main"])
def test_a_ref_that_cannot_be_is_refused(front_door: FrontDoor, ref: str) -> None:
    """Git allows no such ref, so no forge sends one."""
    answer = front_door.push(ref=ref)
    assert answer.status_code == 400
    assert "`ref`" in answer.json()["error"]


def test_branches_of_a_pull_request_are_looked_at_too(front_door: FrontDoor) -> None:
    """A pull request's branches are refs as well, on GitHub as on GitLab."""
    body = json.loads(push_body())
    pull = {"number": 1, "head": {"ref": "a\nb", "sha": "1" * 40}, "base": {"ref": "main"}}
    github = json.dumps({"action": "opened", "pull_request": pull, "repository": body["repository"]}).encode()
    assert front_door.post(github, github_headers(github, event="pull_request")).status_code == 400
    attributes = {"action": "open", "iid": 1, "source_branch": "ok", "target_branch": "../main"}
    project = {"id": 1, "path_with_namespace": "group/shop"}
    gitlab = json.dumps({"object_kind": "merge_request", "object_attributes": attributes, "project": project}).encode()
    headers = {"Content-Type": "application/json", "X-Gitlab-Event": "Merge Request Hook", "X-Gitlab-Token": SECRET}
    assert front_door.post(gitlab, headers, "gitlab").status_code == 400


@pytest.mark.parametrize("event", ["push", "pull_request", "issue_comment"])
def test_what_happens_in_no_repository_is_refused(front_door: FrontDoor, event: str) -> None:
    """A push, a pull request or a comment without its repository is a broken template: 400, and it says so."""
    payload = json.loads(push_body()) | {"action": "created" if event == "issue_comment" else "opened"}
    payload |= {"issue": {"number": 1}, "comment": {"id": 1, "body": "hi"}, "pull_request": {"number": 1}}
    del payload["repository"]
    body = json.dumps(payload).encode()
    answer = front_door.post(body, github_headers(body, event=event))
    assert answer.status_code == 400
    assert "without a repository" in answer.json()["error"]


@pytest.mark.parametrize("event", ["ping", "installation", "organization"])
def test_what_belongs_to_no_repository_is_ignored(front_door: FrontDoor, event: str) -> None:
    """An organisation's ping and an App's installation have no repository, and the forge sees a friendly 200."""
    body = json.dumps({"action": "created", "organization": {"login": "acme"}}).encode()
    answer = front_door.post(body, github_headers(body, event=event))
    assert answer.status_code == 200
    assert answer.json()["ignored"]
