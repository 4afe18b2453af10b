"""`pushboat simulate`: how a delivery is read and what it would do. Offline: nothing is verified, stored or asked."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cli import configuration, offline, output
from cli.output import AS_JSON
from pushboat import routing
from pushboat.config import environment, repository
from pushboat.config.kinds import KINDS, SPOKEN_AS
from pushboat.config.operator import Operator, Project
from pushboat.errors import InvalidRepositoryFile, UnreadableDelivery
from pushboat.events import Delivery, Event
from pushboat.forges.protocol import Deliveries
from pushboat.forges.table import deliveries_of
from pushboat.model.deployment import short
from pushboat.model.json_forms import event_form
from pushboat.routing import (
    Cancel,
    Commit,
    Decision,
    Deploy,
    Facts,
    Leave,
    LiftHold,
    Mend,
    Post,
    PullRequest,
    PutHold,
    Reply,
    Withdraw,
    asking,
    holds,
)
from pushboat.simulation import simulated

NEEDS_CONFIG = "what it would deploy stands in the operator's file; name one with --config"
NEEDS_FILE = "no .pushboat.yaml given: name one with --repository-file"
"""Not that the commit has none: nobody looked."""

UNKNOWN_HEAD = "head"
"""Stands for a pull request's newest commit, which GitHub's comments do not name and the worker asks for."""

PERMISSIONS = ("admin", "maintain", "write", "triage", "read", "none")


@click.command()
@click.argument("payload", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option("--kind", required=True, help="What kind of forge sent it: github, gitlab or git.")
@click.option("--event", "event_name", default="", help="What the forge's event header says, such as push.")
@click.option("--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="One more header; may be repeated.")
@click.option("--forge", default="", help="Which forge of the operator's file, where several are of this kind.")
@click.option(
    "--repository-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The repository's file at that commit.  [default: ./.pushboat.yaml where there is one]",
)
@click.option(
    "--permission",
    type=click.Choice(PERMISSIONS),
    default="write",
    show_default=True,
    help="What the forge would say that a comment's author may do.",
)
@AS_JSON
@click.pass_context
def simulate(ctx: click.Context, /, payload: Path, kind: str, *, as_json: bool, **options: Any) -> None:
    """Say how the webhook delivery in PAYLOAD (a file, or - for stdin) is read and what it would do."""
    body = sys.stdin.buffer.read() if str(payload) == "-" else payload.read_bytes()

    deliveries = _deliveries(kind)
    headers = _headers(deliveries, options["event_name"], options["headers"])
    try:
        event = deliveries.read(Delivery(headers=headers, body=body))
    except UnreadableDelivery as error:
        if options["event_name"] or options["headers"]:
            raise
        raise click.UsageError(f"{error.summary} Name the event with --event.") from error
    decision = _decide(ctx, kind, event, options)
    if as_json:
        output.print_json(simulated(event, _without_placeholder(decision)))
        return
    _print(event, decision)


def _deliveries(kind: str) -> Deliveries:
    kind = SPOKEN_AS.get(kind, kind)
    if kind not in KINDS:
        raise click.UsageError(f"there is no kind {kind}; --kind is one of {', '.join(KINDS)}")
    return deliveries_of(kind)


def _headers(deliveries: Deliveries, event_name: str, lines: tuple[str, ...]) -> dict[str, str]:
    """Make the headers that the forge would have sent; those given by hand win."""
    named = deliveries.headers(event_name) if event_name else {}
    headers = {"content-type": "application/json", **named}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise click.UsageError(f"--header takes 'NAME: VALUE', not '{line}'")
        headers[name.strip().lower()] = value.strip()
    return headers


def _decide(ctx: click.Context, kind: str, event: Event, options: dict[str, Any]) -> Decision:

    if ctx.find_root().obj is None and not configuration.path(ctx).exists():
        ask = asking.read(event, event.repository)
        sentence = routing.ignored(event, ask, operator_knows_repository=True) or NEEDS_CONFIG
        return routing.Decision(acts=(), sentence=sentence)
    project = _project(_operator(ctx), kind, options["forge"], event)
    ask = asking.read(event, event.repository, project.environments if project else ())
    if sentence := routing.ignored(event, ask, operator_knows_repository=project is not None):
        return routing.Decision(acts=(), sentence=sentence)
    assert project is not None, "an unknown repository is always ignored"
    facts = _facts(project, event, options)
    if not (facts.has_file or facts.environments):
        return routing.Decision(acts=(), sentence=NEEDS_FILE)
    return routing.route(event, facts, replace(ask, repository=project.repository) if ask else None)


def _operator(ctx: click.Context) -> Operator:
    """Read what the operator allows; that takes none of the secrets, which are elsewhere where people simulate."""

    file = configuration.path(ctx)
    if not file.is_file():
        return configuration.load(ctx)
    return offline.load(file)


def _project(operator: Operator, kind: str, wanted: str, event: Event) -> Project | None:
    names = [forge.name for forge in operator.forges.values() if forge.kind == kind and wanted in ("", forge.name)]
    if not names:
        raise click.UsageError(f"the operator's file has no forge {wanted or f'of kind {kind}'}")
    found = [operator.projects[key] for name in names if (key := operator.spelled(f"{name}/{event.repository}"))]
    if len(found) > 1:
        raise click.UsageError(f"{event.repository} is on several forges ({', '.join(names)}); choose with --forge")
    return found[0] if found else None


def _facts(project: Project, event: Event, options: dict[str, Any]) -> Facts:
    """Put together what a worker would have asked the forge for."""

    pull_request = PullRequest(
        number=event.number or 0,
        head_sha=event.sha or UNKNOWN_HEAD,
        head_ref=event.ref,
        base_ref=event.base_ref,
        fork=bool(event.fork),
        open=True,
    )
    file = options["repository_file"] or Path(".pushboat.yaml")
    has_file = file.is_file()
    asked: dict[str, Any] = {
        "has_file": has_file,
        "limits": project.environments,
        "pull_request": pull_request,
        "permission": options["permission"],
        "commit": Commit(sha=pull_request.head_sha, ref=f"refs/heads/{event.ref}"),
    }
    try:
        definitions = repository.parse(file.read_bytes(), str(file), project) if has_file else None
        return Facts(environments=environment.effective(project, definitions), **asked)
    except InvalidRepositoryFile as invalid:
        return Facts(environments={}, mistakes=invalid.mistakes, named=invalid.named, **asked)


def _without_placeholder(decision: Decision) -> Decision:
    """Leave a commit that only the worker could find out empty, for programs."""

    acts = tuple(
        replace(act, sha="", ref="") if isinstance(act, Deploy) and act.sha == UNKNOWN_HEAD else act
        for act in decision.acts
    )
    return replace(decision, acts=acts)


def _print(event: Event, decision: Decision) -> None:

    output.data(f"{event.kind} {event.action}".strip())
    for name, value in event_form(event).items():
        if name not in ("kind", "action") and value not in ("", None):
            output.data(f"  {name:<12}{output.one_line(str(value))}")
    output.data(decision.sentence)
    for line in decision.details.splitlines():
        output.data(f"  {output.one_line(line)}")
    for act in decision.acts:
        if isinstance(act, Deploy):
            verb = "would plan" if act.kind == "plan" else "would deploy"
            output.data(f"  {verb} {act.environment} at {short(act.sha)}")
        elif isinstance(act, Post):
            output.data(f"  would post {act.context}: {act.state}, {output.one_line(act.description)}")
        elif isinstance(act, Cancel):
            output.data(f"  would cancel what is on its way to {act.environment}")
        elif not isinstance(act, Mend):
            output.data(f"  would {_said(act)}")


def _said(act: PutHold | LiftHold | Leave | Reply | Withdraw) -> str:
    if isinstance(act, Withdraw):
        return "say of its statuses: no longer proposed"
    if isinstance(act, PutHold):
        return f"hold {act.hold.scope.environment}: {output.one_line(holds.sentence(act.hold))}"
    if isinstance(act, LiftHold):
        return f"lift the {act.kind} of {act.scope.environment}"
    if isinstance(act, Leave):
        return f"say: {output.one_line(act.description)}"
    return f"answer: {output.one_line(act.body)}"
