"""The first steps of a delivery, from what somebody copied of the forge's page: whose it is, and who signed it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import click

from cli.offline import Kept
from cli.simulating.steps import FAIL, SKIP, Step
from pushboat.config.kinds import recognised
from pushboat.config.secret import Secret, that_count
from pushboat.errors import BadSignature
from pushboat.events import Delivery
from pushboat.forges.protocol import Deliveries
from pushboat.forges.signatures import StaleSignature

_HEADER = re.compile(r"(?:[<>]\s*)?([A-Za-z0-9][A-Za-z0-9_-]*)\s*:(?:\s+(.*))?")
_HIDDEN = re.compile(r"\[(?:REDACTED|FILTERED|MASKED)\]|\*{3,}", re.IGNORECASE)


def headers(text: str) -> dict[str, str]:
    """Read `Name: value` lines; what a page has around them (headings, the request's address) is no header.

    Raises:
        click.UsageError: there is none.
    """
    matches = (_HEADER.fullmatch(line.strip()) for line in text.splitlines())
    found = {match[1].lower(): (match[2] or "").strip() for match in matches if match}
    if not found:
        raise click.UsageError("--headers takes a file of 'Name: value' lines, and there is none in it")
    return found


def kind_of(found: dict[str, str], said: str) -> tuple[str, Step]:
    """Tell by the headers what kind of forge sent it, or take what was said."""
    kind, mark = recognised(found)
    if said and kind and said != kind:
        sentence = f"the headers are those of kind {kind} ({mark}), but --kind says {said}, and it is read as that"
        return said, Step(name="forge", sentence=sentence)
    if kind:
        return kind, Step(name="forge", sentence=f"kind {kind}, by the header {mark}")
    if not said:
        raise click.UsageError("the headers name no forge's event: say which kind of forge it is with --kind")
    return said, Step(name="forge", sentence=f"kind {said}, as --kind says", result=SKIP)


def signature(reader: Deliveries, delivery: Delivery, kept: tuple[Kept, ...]) -> Step:
    """Check the signature with the secrets that can be read here; none of them, nor what was signed, is said."""
    if any(_HIDDEN.fullmatch(value) for value in delivery.headers.values()):
        sentence = "not checked: the forge's page hides a header that it is made of"
        return Step(name="signature", sentence=sentence, result=SKIP)
    readable = tuple(one for one in kept if one.secret.value)
    if not readable:
        missing = ", ".join(one.place for one in kept) or "no pushboat.yaml names one"
        return Step(name="signature", sentence=f"not checked: no secret readable ({missing})", result=SKIP)
    secrets = tuple(one.secret for one in kept)
    for body, how in _spellings(delivery.body):
        try:
            late = _verified(reader, replace(delivery, body=body), secrets)
        except BadSignature as refusal:
            reason = refusal.summary
            continue
        place = next((one.place for one in readable if _fits(reader, replace(delivery, body=body), one.secret)), "")
        old = "; by now it would be refused, because it is more than five minutes old" if late else ""
        return Step(name="signature", sentence=f"right, by the secret of {place or 'pushboat.yaml'}{how}{old}")
    unread = [one.place for one in kept if not one.secret.value]
    doubt = f" (not tried, because not readable here: {', '.join(unread)})" if unread else ""
    sentence = f"wrong: {reason}{doubt}; Pushboat would answer 401 and do nothing"
    return Step(name="signature", sentence=sentence, result=SKIP if unread else FAIL)


def _verified(reader: Deliveries, delivery: Delivery, secrets: tuple[Secret, ...]) -> bool:
    """Check it with all of them, and say whether it is only too old."""
    try:
        reader.verify(delivery, secrets)
    except StaleSignature:
        return True
    return False


def _fits(reader: Deliveries, delivery: Delivery, secret: Secret) -> bool:
    try:
        _verified(reader, delivery, that_count((secret,)))
    except BadSignature:
        return False
    return True


def _spellings(body: bytes) -> Iterator[tuple[bytes, str]]:
    """Give the body as it is, and as a forge sends it whose page shows it in another layout."""
    yield body, ""
    try:
        read = json.loads(body)
    except ValueError:
        return
    for spaces in (None, 2):
        for plain in (False, True):
            separators = (",", ":") if spaces is None else (",", ": ")
            written = json.dumps(read, ensure_ascii=plain, indent=spaces, separators=separators)
            yield (
                written.encode("utf-8", "replace"),
                " (of the payload as the forge sends it, not as its page shows it)",
            )
