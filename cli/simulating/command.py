"""`pushboat simulate`: how a delivery is read and what it would do. Offline: nothing is stored, and nobody is asked."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from cli import configuration, offline, output
from cli.offline import webhook_secrets
from cli.output import AS_JSON
from cli.simulating import received, telling
from cli.simulating.steps import FAIL, SKIP, Step, tell
from cli.worktree import folders_below
from pushboat import routing
from pushboat.config import environment, repository
from pushboat.config.kinds import KINDS, SPOKEN_AS
from pushboat.config.operator import Operator, Project
from pushboat.errors import InvalidRepositoryFile, UnreadableDelivery
from pushboat.events import Delivery, Event, EventKind
from pushboat.forges.protocol import Deliveries
from pushboat.forges.table import deliveries_of
from pushboat.model.ask import Ask
from pushboat.reading.known import Names
from pushboat.routing import Commit, Decision, Deploy, Facts, PullRequest, asking
from pushboat.routing.command import FROM
from pushboat.simulation import simulated

UNKNOWN_HEAD = "head"
"""Stands for a pull request's newest commit, which GitHub's comments do not name and the worker asks for."""

PERMISSIONS = ("admin", "maintain", "write", "triage", "read", "none")


@click.command()
@click.argument("payload", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--kind", default="", help="What kind of forge sent it: github, gitlab, gitea or git.  [default: by the headers]"
)
@click.option("--event", "event_name", default="", help="What the forge's event header says, such as push.")
@click.option(
    "--headers",
    "headers_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with the delivery's headers, 'Name: value' lines as copied from the forge's page.",
)
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
def simulate(ctx: click.Context, /, payload: Path, kind: str, *, as_json: bool, **options: Any) -> int:
    """Say how the webhook delivery in PAYLOAD (a file, or - for stdin) is read and what it would do.

    Step by step: whose it is, whether its signature is right, what happened, what a comment asks for, which repository
    and environments it concerns, and what would follow. Nothing is sent and nothing is changed.
    """
    body = sys.stdin.buffer.read() if str(payload) == "-" else payload.read_bytes()
    file: Path | None = options["headers_file"]
    copied = received.headers(file.read_text(errors="replace")) if file else {}
    spoken = SPOKEN_AS.get(kind, kind)
    if spoken and spoken not in KINDS:
        raise click.UsageError(f"there is no kind {spoken}; --kind is one of {', '.join(KINDS)}")
    headers = {**copied, **_headers(options["headers"])}
    kind, step = received.kind_of(headers, spoken)
    deliveries = deliveries_of(kind)
    named = deliveries.headers(options["event_name"]) if options["event_name"] else {}
    delivery = Delivery(headers={"content-type": "application/json", **named, **headers}, body=body)
    signature = _signature(ctx, kind, deliveries, delivery, options["forge"], checked=bool(headers))
    event = _read(deliveries, delivery, named=bool(options["event_name"] or headers))
    configured = ctx.find_root().obj is not None or configuration.path(ctx).exists()
    project = _project(_operator(ctx), kind, options["forge"], event) if configured else None
    ask = asking.read(event, event.repository, _names(project, options) if project else ())
    facts, decision = _decide(event, ask, project, options, configured=configured)
    name = project.repository if project else ""
    steps = (step, signature, *telling.of_event(event, ask), *telling.of_decision(event, name, facts, decision))
    refused = signature.result == FAIL
    if as_json:
        shown = replace(decision, acts=(), sentence=signature.sentence) if refused else _without_placeholder(decision)
        output.print_json({**simulated(event, shown), "steps": [one.form() for one in steps]})
    else:
        tell(steps)
    return 1 if refused else 0


def _read(deliveries: Deliveries, delivery: Delivery, *, named: bool) -> Event:
    try:
        return deliveries.read(delivery)
    except UnreadableDelivery as error:
        if named:
            raise
        raise click.UsageError(f"{error.summary} Name the event with --event.") from error


def _headers(lines: tuple[str, ...]) -> dict[str, str]:
    """Read the headers that were given one by one."""
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise click.UsageError(f"--header takes 'NAME: VALUE', not '{line}'")
        headers[name.strip().lower()] = value.strip()
    return headers


def _signature(
    ctx: click.Context, kind: str, reader: Deliveries, delivery: Delivery, wanted: str, *, checked: bool
) -> Step:
    """Check it with the secrets of the operator's file, as far as this machine has them."""
    if not checked:
        return Step(name="signature", sentence="not checked: no headers given; --headers takes them", result=SKIP)
    file = configuration.path(ctx)
    if not file.is_file():
        return Step(name="signature", sentence="not checked: there is no pushboat.yaml here", result=SKIP)
    forges = [one for one in _operator(ctx).forges.values() if one.kind == kind and wanted in ("", one.name)]
    kept = tuple(one for forge in forges for one in webhook_secrets(file, forge.name))
    return received.signature(reader, delivery, kept)


def _decide(
    event: Event, ask: Ask | None, project: Project | None, options: dict[str, Any], *, configured: bool
) -> tuple[Facts | None, Decision]:
    """Decide as a worker would; give what the decision was made of, as far as it came."""
    knows = project is not None or not configured
    if sentence := routing.ignored(event, ask, operator_knows_repository=knows):
        return None, routing.Decision(acts=(), sentence=sentence)
    if project is None:
        return None, routing.Decision(acts=(), sentence=telling.NEEDS_CONFIG)
    facts = _facts(project, event, ask, options)
    if not (facts.has_file or facts.environments):
        return facts, routing.Decision(acts=(), sentence=telling.NEEDS_FILE)
    asked = replace(ask, repository=project.repository) if ask else None
    return facts, routing.route(event, facts, asked)


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


def _names(project: Project, options: dict[str, Any]) -> Names:
    """Take what the repository's file here makes of folders for the environments that there are by pattern."""
    try:
        file = _repository_file(project, options)
    except InvalidRepositoryFile:
        file = None
    return Names(project.environments, project.environments.known(file.environments if file else ()))


def _repository_file(project: Project, options: dict[str, Any]) -> repository.RepositoryFile | None:
    file = options["repository_file"] or Path(".pushboat.yaml")
    if not file.is_file():
        return None
    return repository.expanded(repository.parse(file.read_bytes(), str(file), project), folders_below(file.parent))


def _facts(project: Project, event: Event, ask: Ask | None, options: dict[str, Any]) -> Facts:
    """Put together what a worker would have asked the forge for."""

    pull_request = PullRequest(
        number=event.number or 0,
        head_sha=event.sha or UNKNOWN_HEAD,
        head_ref=event.ref,
        base_ref=event.base_ref,
        fork=bool(event.fork),
        open=event.action not in (*routing.ENDED, "merged"),
        merged=event.action == "merged",
    )
    said = [ask.environment, ask.arguments.get(FROM, "")] if ask else []
    asked: dict[str, Any] = {
        "has_file": (options["repository_file"] or Path(".pushboat.yaml")).is_file(),
        "limits": project.environments.known((*_names(project, options), *said)),
        "pull_request": None if event.kind is EventKind.DEPLOYMENT else pull_request,
        "permission": options["permission"],
        "commit": Commit(sha=pull_request.head_sha, ref=f"refs/heads/{event.ref}"),
    }
    try:
        return Facts(environments=environment.effective(project, _repository_file(project, options)), **asked)
    except InvalidRepositoryFile as invalid:
        return Facts(environments={}, mistakes=invalid.mistakes, named=invalid.named, **asked)


def _without_placeholder(decision: Decision) -> Decision:
    """Leave a commit that only the worker could find out empty, for programs."""

    acts = tuple(
        replace(act, sha="", ref="") if isinstance(act, Deploy) and act.sha == UNKNOWN_HEAD else act
        for act in decision.acts
    )
    return replace(decision, acts=acts)
