"""Short ways to say events, environments and facts in tables."""

from typing import Any

from pushboat.config.environment import Environment
from pushboat.config.project import Limits
from pushboat.errors import Mistake
from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, Source
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import Kind, State
from pushboat.routing import Commit, Decision, Facts, PullRequest, asking, route

SHA = "1a2b3c4" + "0" * 33
MERGED = "9f8e7d6" + "0" * 33

MISTAKES = (
    Mistake(file=".pushboat.yaml", line=3, column=5, message="unknown key 'namespcae': did you mean 'namespace'?"),
    Mistake(file=".pushboat.yaml", line=4, column=5, message="unknown key 'x': known: path"),
)


def environment(name: str, **fields: Any) -> Environment:
    """Make an environment of which only what matters is said."""
    return Environment(
        **{"name": name, "cluster": "dev", "namespaces": ("a",), "namespace": "a", "path": ".", **fields}
    )


def facts(*environments: Environment, **fields: Any) -> Facts:
    """Make facts with these environments."""
    return Facts(environments={one.name: one for one in environments}, **fields)


STAGING = environment("staging", branch="main")
QA = environment("qa", branch="main", deployers=("triage", "alice"))
LIVE = environment("live", tag="v[0-9]*", deployers=("admin",))
TRIAL = environment("trial", deployers=("bob", "carol"))
ALL = (STAGING, QA, LIVE, TRIAL)


def push(ref: str = "refs/heads/main", **fields: Any) -> Event:
    """Make a push."""
    values = {"action": "updated", "repository": "acme/shop", "ref": ref, "sha": SHA, "author": "alice"}
    return Event(kind=EventKind.PUSH, **{**values, **fields})


def pull_request(action: str = "opened", **fields: Any) -> Event:
    """Make an event of pull request 7, from the branch `fix` into `main`."""
    values = {"action": action, "repository": "acme/shop", "ref": "fix", "base_ref": "main", "sha": SHA, "number": 7}
    return Event(kind=EventKind.PULL_REQUEST, **{**values, "fork": False, "author": "alice", **fields})


def comment(text: str, **fields: Any) -> Event:
    """Make a comment on pull request 7."""
    values = {"action": "created", "repository": "acme/shop", "number": 7, "comment_on": "pull_request"}
    return Event(kind=EventKind.COMMENT, **{**values, "comment": text, "author": "alice", **fields})


def asked(*environments: Environment, permission: str = "write", **fields: Any) -> Facts:
    """Make the facts for a comment: what the forge says of pull request 7 and of the author."""
    said: dict[str, Any] = {"head_sha": SHA, "head_ref": "fix", "base_ref": "main", "fork": False, "open": True}
    said |= {name: fields.pop(name) for name in ("fork", "open", "merged") if name in fields}
    known = {"limits": limits(*environments), "commit": Commit(sha=SHA, ref="refs/heads/fix"), **fields}
    return facts(*environments, pull_request=PullRequest(number=7, **said), permission=permission, **known)


def limits(*environments: Environment) -> dict[str, Limits]:
    """Make what the operator allows these environments."""
    return {
        one.name: Limits(environment=one.name, cluster="dev", namespaces=("a",), deployers=one.deployers)
        for one in environments
    }


def read(event: Event) -> Ask | None:
    """Read a comment as the front door does."""
    return asking.read(event, "github/acme/shop")


def answered(event: Event, known: Facts) -> Decision:
    """Read a comment and decide what it leads to."""
    return route(event, known, read(event))


def ask(word: str, environment: str = "", **fields: Any) -> Ask:
    """Make an ask of the operator's, on the command line."""
    values = {"who": "olga on the command line", "source": Source.COMMAND, "repository": "github/acme/shop"}
    return Ask(**{**values, "word": word, "environment": environment, **fields})


def deployed(number: int, sha: str = SHA, state: State = State.SUCCEEDED, **fields: Any) -> Deployment:
    """Make a deployment to staging."""
    values = {"lane": Lane(repository="github/acme/shop", environment="staging"), "ref": "refs/heads/main"}
    return Deployment(**{"kind": Kind.DEPLOY, **values, "id": number, "sha": sha, "state": state, **fields})
