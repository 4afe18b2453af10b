"""The tools of `pushboat mcp`: a row for each, with what it takes and what it asks of the API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import click

from cli import telling
from cli.elsewhere import Elsewhere, Json
from pushboat.model.command_words import BY_TOKEN
from pushboat.model.question import LONGEST_ARGUMENT, WORDS
from pushboat.model.state import State

TEXT: Json = {"type": "string", "maxLength": 300}
NUMBER: Json = {"type": "integer", "minimum": 1}
REPOSITORY: Json = {**TEXT, "description": "<forge>/<path>, such as github/acme/shop"}
PAGED = {"limit": {**NUMBER, "maximum": 100}, "before": {**NUMBER, "description": "only those older than this id"}}
LANE = {"repository": REPOSITORY, "environment": TEXT}

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One tool; `ask` brings it to the API. One that `writes` deploys, or ends what is deployed."""

    name: str
    does: str
    takes: Mapping[str, Json]
    needs: tuple[str, ...] = ()
    ask: Callable[[Elsewhere, Given], Json]
    writes: bool = False

    @property
    def schema(self) -> Json:
        """Say what it takes, as JSON Schema."""
        return {
            "type": "object",
            "properties": dict(self.takes),
            "required": list(self.needs),
            "additionalProperties": False,
        }

    def checked(self, given: Given) -> Given:
        """Refuse what it does not take.

        Raises:
            UsageError: something is unknown, missing, or of another type.
        """
        for name, value in given.items():
            if name not in self.takes:
                raise click.UsageError(f"{self.name} takes {', '.join(self.takes) or 'nothing'}")
            wanted = int if self.takes[name]["type"] == "integer" else str
            if type(value) is not wanted or (isinstance(value, int) and value < 1):
                raise click.UsageError(f"{name} must be {'a number from 1' if wanted is int else 'a text'}")
        if missing := [name for name in self.needs if not given.get(name)]:
            raise click.UsageError(f"{self.name} needs {', '.join(missing)}")
        return given


def _listing(path: str) -> Callable[[Elsewhere, Given], Json]:
    return lambda there, given: there.get(path, **given).form


def _one(path: str) -> Callable[[Elsewhere, Given], Json]:
    return lambda there, given: there.get(path.format(id=given["id"])).form


def _asking(word: str) -> Callable[[Elsewhere, Given], Json]:
    def ask(there: Elsewhere, given: Given) -> Json:
        arguments = {name: str(given[name]) for name in BY_TOKEN[word] if given.get(name)}
        wish = {"word": word, "repository": given["repository"], "environment": given["environment"]}
        return there.post("asks", {**wish, **({"arguments": arguments} if arguments else {})}).form

    return ask


def _question(word: str) -> Callable[[Elsewhere, Given], Json]:
    """Ask a cluster, and give what its worker answers: what programs read, and the sentences beside it."""

    def ask(there: Elsewhere, given: Given) -> Json:
        arguments = {name: given[name] for name in WORDS[word] if given.get(name)}
        place = {name: given[name] for name in LANE if name in given}
        told = telling.asked(there, {"word": word, **place, "arguments": arguments})
        return {"answer": told.form, "said": [sentence for _, sentence in told.said], "exit_code": told.code}

    return ask


_ID = {"id": NUMBER}
LOOKING = (
    Tool(
        name="status",
        does="Show every environment: its latest deployment, what runs there, its holds and its drift",
        takes={"repository": REPOSITORY},
        ask=_listing("environments"),
    ),
    Tool(
        name="history",
        does="List deployments, newest first",
        takes={
            **LANE,
            "state": {"type": "string", "enum": [*map(str, State)]},
            "sha": {**TEXT, "description": "a commit, or the beginning of it"},
            **PAGED,
        },
        ask=_listing("deployments"),
    ),
    Tool(
        name="show",
        does="Show one deployment: how it went, why it failed, its steps, objects and containers' last words",
        takes=_ID,
        needs=("id",),
        ask=_one("deployments/{id}/whole"),
    ),
    Tool(
        name="changes",
        does="Show what one deployment changed, or a plan would change, field by field",
        takes=_ID,
        needs=("id",),
        ask=_one("deployments/{id}/changes"),
    ),
    Tool(
        name="diff",
        does="Show what differs between two releases of an environment, object by object; no Secret's value is in it",
        takes={
            **LANE,
            "from": {**NUMBER, "description": "a release's number; without it the one before `to`"},
            "to": {**NUMBER, "description": "a release's number; without it the newest"},
        },
        needs=("repository", "environment"),
        ask=_listing("diff"),
    ),
    Tool(
        name="deliveries",
        does="List what came in by webhook, newest first, with what it led to",
        takes={"repository": REPOSITORY, "sha": TEXT, **PAGED},
        ask=_listing("deliveries"),
    ),
    Tool(
        name="delivery",
        does="Show one delivery, with every mistake of a refused file",
        takes=_ID,
        needs=("id",),
        ask=_one("deliveries/{id}"),
    ),
    Tool(
        name="logs",
        does="Read the last lines of an environment's containers; with `cursor`, what came since",
        takes={**LANE, "container": TEXT, "cursor": {**TEXT, "maxLength": LONGEST_ARGUMENT}},
        needs=("repository", "environment"),
        ask=_question("logs"),
    ),
    Tool(
        name="plan",
        does="Say what deploying an environment's head, or a commit or tag, would change; nothing is written",
        takes={**LANE, "sha": TEXT},
        needs=("repository", "environment"),
        ask=_question("plan"),
    ),
    Tool(
        name="why",
        does="Say why an object is not healthy, down to the event or the container's last words",
        takes={"object": {**TEXT, "description": "deployment/web"}, "namespace": TEXT, "cluster": TEXT},
        needs=("object",),
        ask=_question("why"),
    ),
    Tool(
        name="drift",
        does="Compare an environment with its release now: what was changed in the cluster, and by whom",
        takes=LANE,
        needs=("repository", "environment"),
        ask=_question("drift"),
    ),
)
ASKING = (
    Tool(
        name="deploy",
        does="Deploy the head of the ref that an environment follows; its delivery says what became of it",
        takes=LANE,
        needs=("repository", "environment"),
        ask=_asking("deploy"),
        writes=True,
    ),
    Tool(
        name="rollback",
        does="Bring back an earlier release of an environment: the one before, or one by its number",
        takes={**LANE, "release": NUMBER, "reason": TEXT},
        needs=("repository", "environment"),
        ask=_asking("rollback"),
        writes=True,
    ),
    Tool(
        name="cancel",
        does="Cancel what is on its way to an environment",
        takes=LANE,
        needs=("repository", "environment"),
        ask=_asking("cancel"),
        writes=True,
    ),
)


def allowed(*, asks: bool) -> Mapping[str, Tool]:
    """Give the tools that there are, by name."""
    return {tool.name: tool for tool in (*LOOKING, *(ASKING if asks else ()))}
