"""The way to a Pushboat elsewhere: address, certificate, clock, token, version; then what it finds of itself."""

import time
from collections.abc import Iterator
from importlib.metadata import version
from urllib.parse import urlsplit

import click

from cli import telling
from cli.doctor.report import coded
from cli.elsewhere import ADDRESS, TOKEN, TOKEN_FILE, Answer, Elsewhere, NoAnswer, NotAllowed
from pushboat import later_words
from pushboat.errors import PushboatError
from pushboat.model.json_forms import instant
from pushboat.model.times import lasted
from workers.checks.words import Line, Result, failed, of_error, passed, unknown, warned

MOST_SKEW = 60.0
"""Seconds; more, and what expires or happened "just now" is told wrong."""
SOON = 7 * 86400.0
DEPLOYER = "deployer"
CODE = "doctor-elsewhere"
LAST = "version"
"""The last thing about the way: who hears of it is there."""


def lines(there: Elsewhere) -> Iterator[Line]:
    """Check the way, then ask what the server finds."""
    led_there = False
    for line in coded(CODE, _of_way(there)):
        yield line
        led_there = line.check == LAST
    if led_there:
        yield from _of_itself(there)


def _of_way(there: Elsewhere) -> Iterator[Line]:
    yield from _of_certificate(there)
    try:
        answer = there.get("token")
    except (NotAllowed, NoAnswer) as trouble:
        yield from _shut_out(there, trouble)
        return
    yield passed("address", f"a Pushboat answers at {there.url}")
    yield _of_clock(answer.now)
    yield from _of_token(answer)
    yield _of_version(str(answer.form["version"]))


def _of_itself(there: Elsewhere) -> Iterator[Line]:
    try:
        told = telling.asked(there, {"word": "doctor"})
    except (PushboatError, click.ClickException) as trouble:
        said = trouble.summary if isinstance(trouble, PushboatError) else trouble.message.partition("\n")[0]
        yield from coded(CODE, [unknown("the server itself", said, "`pushboat doctor` on the server's machine")])
        return
    if told.form is None:
        said = "; ".join(sentence for _, sentence in told.said)
        yield from coded(CODE, [unknown("the server itself", said, "`pushboat doctor` on its machine")])
        return
    for each in told.form["items"]:
        result = later_words.read(Result, each["result"])
        found = later_words.known_or(result, Result.UNKNOWN)  # nobody is told then that all is well
        yield Line(each["check"], found, each["sentence"], each["fix"])


def _of_certificate(there: Elsewhere) -> Iterator[Line]:
    if urlsplit(there.url).scheme != "https":
        yield passed("certificate", "none is needed: the address is this machine's own")
        return
    try:
        left = there.certificate_ends() - time.time()
    except NoAnswer as trouble:
        fix = trouble.details or f"look at {ADDRESS}, and at what stands before it"
        yield failed("certificate", trouble.summary, fix)
        return
    sentence = f"is trusted, and good for {lasted(left)}"
    renew = "renew it at whatever stands before Pushboat"
    yield passed("certificate", sentence) if left > SOON else warned("certificate", sentence, renew)


def _shut_out(there: Elsewhere, trouble: NotAllowed | NoAnswer) -> Iterator[Line]:
    if isinstance(trouble, NoAnswer):
        yield of_error("address", trouble, f"look at {ADDRESS}, the network and the proxy")
        return
    yield passed("address", f"a Pushboat answers at {there.url}")
    sentence, _, fix = trouble.message.partition("\n")
    yield failed("token", sentence, fix or f"make another, and bring it with {TOKEN} or {TOKEN_FILE}")


def _of_clock(now: float) -> Line:
    skew = abs(time.time() - now)
    if skew <= MOST_SKEW:
        return passed("clock", "agrees with the server's")
    return warned("clock", f"differs from the server's by {lasted(skew)}", "let both machines ask a time server (NTP)")


def _of_token(answer: Answer) -> Iterator[Line]:
    form = answer.form
    repositories = form["repositories"]
    sees = "everything" if repositories is None else ", ".join(repositories)
    where = f"{sees} {form['environment']}".rstrip()
    does = "looks, and asks for deployments" if form["role"] == DEPLOYER else "looks, and asks for no deployment"
    sentence = f"{form['name']} is for {form['role']}s: it sees {where}, {does}"
    left = (instant(form["expires_at"]) or answer.now + SOON * 2) - answer.now
    if left > SOON:
        yield passed("token", sentence)
    else:
        ends = f"{sentence}; it ends in {lasted(max(0.0, left))}"
        yield warned("token", ends, "`pushboat token create` makes another")


def _of_version(there: str) -> Line:
    here = version("pushboat")
    if here == there:
        return passed(LAST, f"{here}, here and there")
    sentence = f"{here} here and {there} there: what only one of them knows is refused"
    return warned(LAST, sentence, "update the older one")
