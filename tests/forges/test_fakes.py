"""The fakes speak as the forges do: what they send is what our readers and our front door understand."""

from pathlib import Path

import pytest

from pushboat.events import Delivery, Event
from pushboat.forges.table import deliveries_of
from tests.fakes.forge import FakeForge
from tests.fakes.gitea import FakeGitea
from tests.fakes.github import FakeGitHub
from tests.fakes.gitlab import FakeGitLab
from tests.fakes.nouns import Sent


@pytest.fixture(params=["github", "gitlab", "gitlab-signing", "gitea", "gitea-forgejo"])
def forge(request: pytest.FixtureRequest) -> FakeForge:
    """Each fake: GitLab with either kind of secret, Gitea under both of its names."""
    kind, _, variant = request.param.partition("-")
    fake = request.getfixturevalue(kind)
    assert isinstance(fake, FakeForge)
    if variant == "forgejo":
        fake.is_forgejo = True
    elif variant:
        fake.signing_token = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    return fake


def understood(forge: FakeGitHub | FakeGitLab | FakeGitea, sent: Sent) -> Event:
    """Verify and read what was sent."""
    configured = forge.configured()
    reader = deliveries_of(configured.kind)
    delivery = Delivery(headers={name.lower(): value for name, value in sent.headers.items()}, body=sent.body)
    reader.verify(delivery, configured.webhook_secrets)
    return reader.read(delivery)


def test_a_story_reads_as_it_was_told(forge: FakeGitHub | FakeGitLab | FakeGitea) -> None:
    """Push, tag, open, update, comment, edit, merge and delete, each as people did it."""
    name = next(iter(forge.projects))
    forge.push(name, "feature", {"a": "1"})
    forge.tag(name, "v1")
    forge.open_pull_request(name, "feature")
    forge.update_pull_request(name, 1, {"a": "2"})
    comment = forge.comment(name, 1, "rita", "/deploy staging")
    forge.edit_comment(name, comment.comment_id, "/deploy production")
    merged = forge.merge(name, 1)
    forge.delete(name, "refs/heads/feature")

    events = [understood(forge, sent) for sent in forge.deliveries]
    assert [(str(event.kind), event.action) for event in events] == [
        ("push", "created"),
        ("push", "created"),
        ("pull_request", "opened"),
        ("push", "updated"),
        ("pull_request", "updated"),
        ("comment", "created"),
        ("comment", "edited"),
        ("pull_request", "merged"),
        ("push", "updated"),
        ("push", "deleted"),
    ]
    assert events[7].merged_sha == events[8].sha == merged.sha
    assert events[1].sha == forge.projects[name].bare.resolve("refs/tags/v1")
    assert (events[5].comment, events[5].author, events[5].comment_on) == ("/deploy staging", "rita", "pull_request")


@pytest.mark.parametrize("how", ["merge", "squash", "fast-forward"])
def test_each_kind_of_merge_names_the_commit_on_the_base(forge: FakeGitHub | FakeGitLab | FakeGitea, how: str) -> None:
    """The merged commit and the pushed one are the same, so that a merge deploys once."""
    name = next(iter(forge.projects))
    forge.push(name, "feature", {"a": "1"})
    forge.open_pull_request(name, "feature")

    closed, pushed = (understood(forge, sent) for sent in forge.merge(name, 1, how).sent)

    assert closed.merged_sha == pushed.sha == forge.projects[name].bare.resolve("refs/heads/main")


def test_a_redelivery_has_the_id_of_the_first(github: FakeGitHub, tmp_path: Path) -> None:
    """As when somebody presses the button."""
    sent = github.push("acme/shop", "main", {"a": "1"}).sent[0]

    again = github.redeliver(sent)

    assert (again.headers, again.body) == (sent.headers, sent.body)
