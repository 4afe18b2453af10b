"""`pushboat gate`: try a gate before a deployment depends on it, from either side."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import click

from cli import configuration, output
from cli.output import AS_JSON
from pushboat.config.gates import Gate
from pushboat.config.project import Limits
from pushboat.config.urls import host_and_port
from pushboat.model.deployment import Deployment, Lane
from pushboat.model.state import Kind, State, Trigger
from workers.gates.answers import Answer, Word
from workers.gates.asking import ask as ask_gate
from workers.gates.questions import SIGNED, is_signed

LARGEST_QUESTION = 1024 * 1024
COMES_OF_IT = {
    Word.ALLOW: "it would be deployed",
    Word.DENY: "it would be refused, and nothing written",
    Word.WAIT: "it would wait, and be asked again in {pause:.0f} s",
    Word.SILENCE: "that is never a yes: it would be asked again in {pause:.0f} s, and refused after {patience:.0f} s",
}
SHA = "0" * 39 + "1"


@click.group()
def gate() -> None:
    """Try a gate: ask one that the operator's file names, or play one."""


@gate.command()
@click.argument("repository")
@click.argument("environment")
@click.argument("name", default="")
@click.option("--when", type=click.Choice(["before", "after"]), default="before", show_default=True)
@AS_JSON
@click.pass_context
def ask(ctx: click.Context, repository: str, environment: str, name: str, when: str, *, as_json: bool) -> int:
    """Ask the gates of an environment about a deployment that does not exist, and say what would come of it.

    The question says `"simulated": true`. Exit code 0 where all would let it through, 1 where one would not.
    """
    operator = configuration.load(ctx)
    limits = operator.limits(operator.canonical(repository), environment)
    if limits is None:
        raise click.UsageError(f"the operator's file has no environment {environment} of {repository}")
    found = _named(limits, name)
    made = _pretended(operator.canonical(repository), environment)
    answers = [(each, ask_gate(each, when, made, operator.public_url, simulated=True)) for each in found]
    if as_json:
        output.print_json([_form(each, answer) for each, answer in answers])
    for each, answer in () if as_json else answers:
        because = f": {answer.reason}" if answer.reason else ""
        comes = COMES_OF_IT[answer.word].format(pause=answer.pause, patience=each.patience)
        output.data(f"{each.name} says {answer.word}{because}; {comes}")
    return 0 if all(answer.word is Word.ALLOW for _, answer in answers) else 1


def _named(limits: Limits, name: str) -> tuple[Gate, ...]:
    found = tuple(each for each in limits.gates if name in ("", each.name))
    if found:
        return found
    known = ", ".join(each.name for each in limits.gates)
    hint = f"its gates: {known}" if known else f"add `gates:` beside {limits.environment} in pushboat.yaml"
    raise click.UsageError(f"{limits.environment} has no gate {name}".rstrip() + f"; {hint}")


def _pretended(repository: str, environment: str) -> Deployment:
    return Deployment(
        id=0,
        kind=Kind.DEPLOY,
        lane=Lane(repository=repository, environment=environment),
        ref="refs/heads/main",
        sha=SHA,
        state=State.RUNNING,
        author="pushboat-gate-ask",
        trigger=Trigger.COMMAND,
        created_at=time.time(),
    )


def _form(gate: Gate, answer: Answer) -> Mapping[str, object]:
    told = {"gate": gate.name, "answer": str(answer.word), "reason": answer.reason}
    return {**told, "retry_after": answer.pause if answer.word in (Word.WAIT, Word.SILENCE) else None}


@gate.command()
@click.argument("answer", type=click.Choice(["allow", "deny", "wait"]))
@click.option("--reason", default="", help="What it says beside its answer.")
@click.option("--listen", default="127.0.0.1:8701", show_default=True, metavar="HOST:PORT")
@click.option(
    "--secret-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help="The file with the secret that questions are signed with, as in `gates:`.",
)
@click.option("--once", is_flag=True, help="End after the first question.")
def answer(answer: str, reason: str, listen: str, secret_file: Path, *, once: bool) -> None:
    """Play a gate: print each question that is signed as it must be, and say ANSWER."""
    secret = secret_file.read_text("utf-8").strip("\r\n")
    said = json.dumps({"answer": answer, "reason": reason}).encode()
    host, port = host_and_port(listen)
    if not host or not port:
        raise click.UsageError("--listen takes host:port, such as 127.0.0.1:8701")
    with make_server(host, port, _played(secret, said), handler_class=_Quiet) as server:
        output.say(f"a gate that says {answer} listens on http://{listen}/ (Ctrl-C ends it)")
        if once:
            server.handle_request()
        else:
            server.serve_forever()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        del format, args


def _played(secret: str, said: bytes) -> WSGIApplication:
    def played(asked: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        length = asked.get("CONTENT_LENGTH") or "0"
        body = asked["wsgi.input"].read(min(int(length), LARGEST_QUESTION) if length.isdecimal() else 0)
        headers = {name: asked.get(f"HTTP_{name.upper().replace('-', '_')}", "") for name in SIGNED}
        signed = is_signed(headers, body, secret)
        output.data(body.decode(errors="replace") if signed else "refused: not signed with this secret")
        start("200 OK" if signed else "401 Unauthorized", [("Content-Type", "application/json")])
        return [said if signed else b"{}"]

    return played
