"""What people and forges do that deploys nothing, or not what they expected: one function each."""

from typing import TYPE_CHECKING

from tests.fakes.bare import Link
from tests.fakes.nouns import Happened, Update
from tests.written import config_map

if TYPE_CHECKING:
    from tests.stories.conftest import Shop


def ping(shop: "Shop") -> Happened:
    """Test the webhook."""
    return shop.forge.ping(shop.name)


def event_of_no_interest(shop: "Shop") -> Happened:
    """Star the repository."""
    return Happened(sent=(shop.forge.deliver("star", {"action": "created", "repository": {"full_name": shop.name}}),))


def unknown_repository(shop: "Shop") -> Happened:
    """Push to a repository that the operator does not know."""
    name = f"stranger/{shop.name.rpartition('/')[2]}"
    shop.forge.create_repository(name)
    return shop.forge.push(name, "main", {"README.md": "hello"})


def branch_without_follower(shop: "Shop") -> Happened:
    """Push a branch of one's own."""
    return shop.forge.push(shop.name, "topic", {"notes.md": "x"})


def deleted_branch(shop: "Shop") -> Happened:
    """Delete a branch."""
    shop.forge.push(shop.name, "gone", {"notes.md": "y"}, deliver=False)
    return shop.forge.delete(shop.name, "refs/heads/gone")


def tag_without_follower(shop: "Shop") -> Happened:
    """Tag a release."""
    return shop.forge.tag(shop.name, "v1.0")


def no_file(shop: "Shop") -> Happened:
    """Push without a `.pushboat.yaml`."""
    return shop.forge.push(shop.name, "bare", {".pushboat.yaml": None})


def mistakes(shop: "Shop") -> Happened:
    """Misspell a key."""
    return shop.forge.push(shop.name, "typo", {".pushboat.yaml": "environments:\n  staging:\n    brunch: main\n"})


def linked_file(shop: "Shop") -> Happened:
    """Commit a link in place of `.pushboat.yaml`."""
    return shop.forge.push(shop.name, "linked", {".pushboat.yaml": Link("/etc/passwd")})  # type: ignore[dict-item]


def vanished_commit(shop: "Shop") -> Happened:
    """Push, and force it away before anybody looks."""
    sent = shop.forge.push(shop.name, "topic", {"notes.md": "z"}, deliver=False)
    event, payload = shop.forge.dialect.push(shop.forge, shop.forge.projects[shop.name], _gone(sent.sha))
    return Happened(sent=(shop.forge.deliver(event, payload),))


def _gone(before: str) -> Update:
    sha = "f" * 40
    return Update(ref="refs/heads/topic", before=before, after=sha, sha=sha, author="alice")


def fork(shop: "Shop") -> Happened:
    """Open a pull request from a fork."""
    home = f"mallory/{shop.name.rpartition('/')[2]}"
    shop.forge.create_repository(home, {"deploy/a.yaml": config_map("evil")})
    return shop.forge.open_pull_request(shop.name, "main", fork=True, author="mallory")


def base_without_follower(shop: "Shop") -> Happened:
    """Open a pull request for a branch that deploys nowhere."""
    return shop.forge.open_pull_request(shop.name, "other", base="feature")


def draft(shop: "Shop") -> Happened:
    """Make a pull request a draft."""
    return shop.forge.change_pull_request(shop.name, 1, "draft")


def closed(shop: "Shop") -> Happened:
    """Close a pull request."""
    number = shop.forge.open_pull_request(shop.name, "other").number
    return shop.forge.change_pull_request(shop.name, number, "closed")


def remark(shop: "Shop") -> Happened:
    """Comment on something else."""
    return shop.forge.comment(shop.name, 1, "alice", "nice work")


def bot(shop: "Shop") -> Happened:
    """Let a bot comment."""
    return shop.forge.comment(shop.name, 1, "robot[bot]", "/deploy staging")


def edited(shop: "Shop") -> Happened:
    """Edit a comment into a command."""
    number = shop.forge.comment(shop.name, 1, "alice", "nice").comment_id
    return shop.forge.edit_comment(shop.name, number, "/deploy staging")


def on_an_issue(shop: "Shop") -> Happened:
    """Comment on an issue."""
    return shop.forge.comment(shop.name, 4711, "alice", "/deploy staging")


def reader(shop: "Shop") -> Happened:
    """Ask for a deployment without the permission."""
    return shop.forge.comment(shop.name, 1, "rita", "/deploy staging")


def terminals_command(shop: "Shop") -> Happened:
    """Ask in a comment for what the terminal alone does."""
    return shop.forge.comment(shop.name, 1, "alice", "/deploy destroy staging")


def merged(shop: "Shop") -> Happened:
    """Merge a pull request; give the delivery of that."""
    shop.forge.push(shop.name, "merged", {"deploy/a.yaml": config_map("a", x="3")}, deliver=False)
    number = shop.forge.open_pull_request(shop.name, "merged").number
    happened = shop.forge.merge(shop.name, number)
    shop.ended(happened.sha)
    return Happened(sha=happened.sha, sent=happened.sent[:1])
