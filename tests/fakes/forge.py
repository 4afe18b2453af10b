"""A fake forge as stories see it: people push, open, merge and comment; webhooks go out signed; statuses come in.

Projects are real bare repositories. What differs between forges, payloads and API, comes from a dialect.
"""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import requests

from tests.fakes import hooking, updates
from tests.fakes.bare import Bare, Files
from tests.fakes.dialect import Dialect
from tests.fakes.door import Asked, Door, Trouble
from tests.fakes.git_door import open_git
from tests.fakes.git_pushes import told
from tests.fakes.nouns import Comment, Happened, Project, PullRequest, Sent, Update, Verdict


class FakeForge:
    """A running forge. Use it as a context manager."""

    def __init__(self, folder: Path, dialect: Dialect) -> None:
        self.dialect = dialect
        self.projects: dict[str, Project] = {}
        self.moved: dict[str, str] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.token = "fake-token-of-pushboat"
        self.secret = "a webhook secret"
        self.signing_token = ""
        self.hook_url = ""
        self.bot = "pushboat-bot"
        self.users = {"pushboat-bot": 1, "alice": 2, "rita": 3}
        self.blocked: set[str] = set()
        self.teams: dict[str, set[str]] = {}
        """Who is in which team, by `org/team`, or a GitLab group's path."""
        self.scopes: list[str] = ["repo", "api"]
        self.deliveries: list[Sent] = []
        self.numbers = itertools.count(100)
        self._root = folder
        app = dialect.application(self)
        open_git(app, folder, self.may_read, self.spelled, self.redirected, self.writing)
        self._door = Door(app)
        self.url = self._door.url
        self.clone_url = f"{self.url}/{{repository}}.git"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()

    @property
    def requests(self) -> list[Asked]:
        """Everything that was asked so far."""
        return self._door.requests

    @property
    def down(self) -> bool:
        """Whether every answer is 503."""
        return self._door.down

    @down.setter
    def down(self, value: bool) -> None:
        self._door.down = value

    def set_clock(self, ahead: float) -> None:
        """Put its clock ahead of ours by so many seconds."""
        self._door.ahead = ahead

    def fail(self, status: int, **how: Any) -> Trouble:
        """Answer the next matching requests with trouble, see `Trouble`, whose `times` may be set to 0 later."""
        self._door.troubles.append(trouble := Trouble(status=status, **how))
        return trouble

    @contextmanager
    def silence(self, path: str) -> Iterator[None]:
        """Take requests for paths that contain this, and answer nothing until the block ends."""
        self._door.hush(path)
        try:
            yield
        finally:
            self._door.hush("")

    def may_read(self, repository: str, password: str) -> bool:
        """Say whether a git password opens a repository."""
        return repository in self.projects and password == self.token

    def may_write(self, repository: str, password: str) -> bool:
        """Say whether a git password may push."""
        return self.may_read(repository, password) and "repo" in self.scopes

    @contextmanager
    def writing(self, repository: str, password: str) -> Iterator[bool]:
        """Let somebody push by git, and tell of what was pushed meanwhile as forges do."""
        with told(self, self.projects[repository]):
            yield self.may_write(repository, password)

    def spelled(self, name: str) -> str:
        """Give a repository's own spelling of its name: capital letters make no difference to a forge."""
        return next((known for known in self.projects if known.lower() == name.lower()), name)

    def redirected(self, name: str) -> str:
        """Say where git is sent that asks for an old name; empty where it is not sent away."""
        return "" if name in self.projects else self.moved.get(name, "")

    def trickle(self, path: str) -> None:
        """Answer requests for these paths a byte at a time, without an end; an empty path ends it."""
        self._door.trickle(path)

    def create_repository(self, name: str, files: Files | None = None) -> Project:
        """Create a project, empty or with a first commit on main."""
        bare = Bare.create(self._root / f"{name}.git")
        project = self.projects[name] = Project(name=name, id=next(self.numbers), bare=bare)
        if files:
            bare.commit("main", files, "First")
        return project

    def push(
        self, name: str, branch: str, files: Files, message: str = "Change", *, author: str = "alice",
        parent: str = "", replace: bool = False, deliver: bool = True,
    ) -> Happened:  # fmt: skip
        """Commit on a branch and deliver the push; with a `parent` that is not the tip, it is a forced one."""
        bare = self.projects[name].bare
        update = updates.commit(bare, branch, files, message, parent=parent, replace=replace, author=author)
        return Happened(sha=update.sha, sent=self._pushed(name, update, deliver=deliver))

    def tag(
        self, name: str, tag: str, commit: str = "main", *, annotated: bool = True, author: str = "alice"
    ) -> Happened:
        """Tag a commit and deliver the push of the tag."""
        update = updates.tag(self.projects[name].bare, tag, commit, annotated=annotated, author=author)
        return Happened(sha=update.sha, sent=self._pushed(name, update))

    def delete(self, name: str, ref: str, *, author: str = "alice") -> Happened:
        """Delete a full ref and deliver that."""
        update = updates.delete(self.projects[name].bare, ref, author=author)
        return Happened(sent=self._pushed(name, update))

    def reset(self, name: str, branch: str, sha: str, *, author: str = "alice") -> Happened:
        """Force a branch to an existing commit and deliver that push."""
        update = updates.reset(self.projects[name].bare, branch, sha, author=author)
        return Happened(sha=sha, sent=self._pushed(name, update))

    def open_pull_request(
        self,
        name: str,
        head: str,
        base: str = "main",
        *,
        fork: bool = False,
        author: str = "alice",
        title: str = "A change",
    ) -> Happened:
        """Open a pull request of a branch; with `fork` the branch is looked for in `<author>/<repository>`."""
        project = self.projects[name]
        home = self.projects[f"{author}/{name.rpartition('/')[2]}"] if fork else project
        number = len(project.pull_requests) + 1
        sha = self._copy_head(project, home, head, number)
        pull = PullRequest(
            number=number, title=title, author=author, head=head, base=base, head_project=home, head_sha=sha
        )
        project.pull_requests[number] = pull
        return Happened(number=number, sha=sha, sent=(self._pull(project, pull, "opened"),))

    def update_pull_request(self, name: str, number: int, files: Files, message: str = "More") -> Happened:
        """Push to a pull request's branch: a push where it lives, and an updated pull request."""
        project, pull = self._find(name, number)
        pushed = self.push(pull.head_project.name, pull.head, files, message, deliver=pull.head_project is project)
        before, pull.head_sha = pull.head_sha, self._copy_head(project, pull.head_project, pull.head, number)
        sent = self._pull(project, pull, "updated", before=before)
        return Happened(number=number, sha=pull.head_sha, sent=(*pushed.sent, sent))

    def change_pull_request(self, name: str, number: int, action: str) -> Happened:
        """Close or reopen a pull request, or mark it `ready` or `draft`."""
        project, pull = self._find(name, number)
        pull.state = {"closed": "closed", "reopened": "open"}.get(action, pull.state)
        return Happened(number=number, sha=pull.head_sha, sent=(self._pull(project, pull, action),))

    def merge(self, name: str, number: int, how: str = "merge", *, author: str = "alice") -> Happened:
        """Merge: `merge`, `squash`, `rebase` or `fast-forward`. It arrives twice: as a closed one and as a push."""
        project, pull = self._find(name, number)
        update = updates.merge(project.bare, pull.base, pull.head_sha, how, author=author)
        pull.state, pull.merged_sha = "merged", update.sha
        sent = self._pull(project, pull, "merged", how=how)
        return Happened(number=number, sha=update.sha, sent=(sent, *self._pushed(name, update)))

    def comment(self, name: str, number: int, user: str, text: str) -> Happened:
        """Comment on a pull request, or on an issue where there is none of that number."""
        project = self.projects[name]
        comment = self.write_comment(project, number, user, text)
        event = self.dialect.comment(self, project, comment, "created")
        return Happened(number=number, comment_id=comment.id, sent=(self.deliver(*event),))

    def comment_on_commit(self, name: str, sha: str, user: str, text: str) -> Happened:
        """Comment on a commit."""
        project = self.projects[name]
        comment = self.write_comment(project, 0, user, text)
        comment.sha = sha
        event = self.dialect.comment(self, project, comment, "created")
        return Happened(sha=sha, comment_id=comment.id, sent=(self.deliver(*event),))

    def edit_comment(self, name: str, comment_id: int, text: str) -> Happened:
        """Change a comment's text."""
        project = self.projects[name]
        comment = next(one for one in project.comments if one.id == comment_id)
        before, comment.body = comment.body, text
        event = self.dialect.comment(self, project, comment, "edited", before=before)
        return Happened(number=comment.number, comment_id=comment_id, sent=(self.deliver(*event),))

    def ping(self, name: str) -> Happened:
        """Test the webhook."""
        return Happened(sent=(self.deliver(*self.dialect.ping(self, self.projects[name])),))

    def statuses(self, name: str, sha: str, context: str = "") -> list[tuple[str, str, str, str]]:
        """List a commit's statuses as (context, state, description, target_url), in the order they were posted."""
        return [
            (one.context, one.state, one.description, one.target_url)
            for one in list(self.projects[name].statuses)
            if one.sha == sha and context in ("", one.context)
        ]

    def comments(self, name: str, number: int) -> list[tuple[str, str]]:
        """List a conversation as (author, text)."""
        return [(one.author, one.body) for one in list(self.projects[name].comments) if one.number == number]

    def connect(self, name: str, hook_url: str) -> None:
        """Register the webhook of a project and send everything there from now on."""
        self.hook_url = hook_url
        self.projects[name].hooks.append({"id": next(self.numbers), "url": hook_url})

    def deliver(self, event: str, payload: dict[str, Any]) -> Sent:
        """Sign a payload and send it to the webhook's address."""
        body = json.dumps(payload).encode()
        own = hooking.signer_of(self, payload)
        sent = Sent(headers=own.dialect.sign(own, event, body), body=body)
        self.deliveries.append(sent)
        return self.redeliver(sent)

    def redeliver(self, sent: Sent | None = None) -> Sent:
        """Send a delivery (the last one) again, as it was."""
        sent = sent or self.deliveries[-1]
        again = Sent(headers=sent.headers, body=sent.body)
        if self.hook_url:
            try:
                again.response = requests.post(self.hook_url, data=sent.body, headers=sent.headers, timeout=60)
            except requests.ConnectionError:
                again.response = None
        sent.response = again.response
        return again

    def write_comment(self, project: Project, number: int, user: str, text: str) -> Comment:
        """Store a comment."""
        comment = Comment(id=next(self.numbers), number=number, author=user, body=text)
        project.comments.append(comment)
        return comment

    def own_comment(self, project: Project, comment_id: int, author: str = "") -> Comment | None:
        """Find a comment of the bot's own (or of this author's): it may edit no other, as a writer may not."""
        wanted = (comment_id, author or self.bot)
        return next((one for one in project.comments if (one.id, one.author) == wanted), None)

    def user_id(self, user: str) -> int:
        """Give a user's number, a new one for somebody new."""
        return self.users.setdefault(user, len(self.users) + 1)

    def _find(self, name: str, number: int) -> tuple[Project, PullRequest]:
        project = self.projects[name]
        return project, project.pull_requests[number]

    def _copy_head(self, project: Project, home: Project, head: str, number: int) -> str:
        return project.bare.fetch(home.bare, head, f"refs/pull/{number}/head")

    def _pull(self, project: Project, pull: PullRequest, action: str, **more: Any) -> Sent:
        return self.deliver(*self.dialect.pull_request(self, project, pull, action, **more))

    def _pushed(self, name: str, update: Update, *, deliver: bool = True) -> tuple[Sent, ...]:
        return (self.deliver(*self.dialect.push(self, self.projects[name], update)),) if deliver else ()
