"""`pushboat hook rotate`: another secret for a forge's webhooks, and no delivery is lost meanwhile.

The next secret is put beside the file of the one of now, and the running Pushboat takes both. Then the webhooks are
changed and proved, one after the other; then the next takes the place of the one of now, which counts for an hour more.
Whatever dies in between leaves a state in which all of them are taken, and the same command goes on from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cli.pinging import PingRefused, PingUnanswered, ping
from cli.webhooks import placing
from cli.webhooks.moving import Moved, move
from pushboat.config.operator import Forge
from pushboat.config.rereading import FORMER, NEXT, beside
from pushboat.config.secret import Secret, content, that_signs

DONE, NO, COULD_NOT_FIND_OUT = 0, 1, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """How far it came: whether it is over, in sentences what was done, and what a person does next.

    `shown` is a secret for a variable, which has no file to stand in.
    """

    code: int
    sentence: str
    webhooks: tuple[Moved, ...] = ()
    steps: tuple[str, ...] = ()
    shown: str = field(default="", repr=False)

    def form(self, forge: str) -> dict[str, Any]:
        """Give it for programs, without any secret."""
        webhooks = [one.form() for one in self.webhooks]
        return {
            "forge": forge,
            "done": self.code == DONE,
            "sentence": self.sentence,
            "webhooks": webhooks,
            "next": list(self.steps),
        }


def rotate(forge: Forge, names: Sequence[str], base: str, *, at_once: bool, by_hand: bool) -> Rotated:
    """Go as far as it goes.

    Args:
        forge: whose secret it is.
        names: its repositories, all of them: they have one secret.
        base: the address at which the running Pushboat is asked whether it takes the next one.
        at_once: let the former secret count no more from now on.
        by_hand: a person has set those webhooks that we may not change.
    """
    secret = that_signs(forge.webhook_secrets)
    others = [one for one in forge.webhook_secrets if one is not secret and one.value]
    leaving = any(one.kind == "leaving" for one in others)
    if leaving or (secret.file is None and secret.value and others):
        return _to_the_first(forge, names, base, secret, by_hand=by_hand)
    if secret.file is None:
        return _of_a_variable(forge, secret)
    if not secret.value:
        return Rotated(code=NO, sentence=f"{secret.file} is not there yet", steps=("pushboat hook install REPOSITORY",))
    return _of_a_file(forge, names, base, secret, at_once=at_once, by_hand=by_hand)


def _of_a_file(
    forge: Forge, names: Sequence[str], base: str, secret: Secret, *, at_once: bool, by_hand: bool
) -> Rotated:
    assert secret.file is not None
    file = beside(secret.file, NEXT)
    placing.create(
        file, placing.make(secret), secret.file
    )  # else an earlier try's is there, which webhooks may have already
    following = replace(secret, value=content(file), file=file)
    if refused := _refused(forge, base, following):
        return refused
    moved = tuple(move(forge, list(names), base, following))
    if left := _left(moved, file, by_hand=by_hand):
        return left
    former = beside(secret.file, FORMER)
    if at_once:
        former.unlink(missing_ok=True)
    else:
        placing.replace(former, secret.value, secret.file)
    _promote(file, secret.file)
    until = "counts no more" if at_once else "counts for an hour more, for what is on its way"
    return Rotated(code=DONE, sentence=f"{secret.file} has a new secret; the former one {until}", webhooks=moved)


def _to_the_first(forge: Forge, names: Sequence[str], base: str, secret: Secret, *, by_hand: bool) -> Rotated:
    """Move the webhooks to the secret that pushboat.yaml names before others, which are on their way out."""
    if secret.file is not None and not secret.value:
        value = placing.make(secret)
        placing.create(secret.file, value)
        secret = replace(secret, value=content(secret.file))
    if not secret.value:
        return _of_a_variable(forge, secret)
    if refused := _refused(forge, base, secret):
        return refused
    moved = tuple(move(forge, list(names), base, secret))
    if left := _left(moved, secret.file or secret.env, by_hand=by_hand):
        return left
    step = f"leave only that one in forges.{forge.name}.webhook_secrets, and restart Pushboat"
    sentence = f"all webhooks sign with the secret of {secret.file or secret.env}"
    return Rotated(code=DONE, sentence=sentence, webhooks=moved, steps=(step,))


def _refused(forge: Forge, base: str, secret: Secret) -> Rotated | None:
    """Ask the running Pushboat whether it takes the secret; before it does, no webhook is changed."""
    try:
        ping(base, forge, (secret,))
    except PingRefused:
        sentence = (
            f"the Pushboat at {base} does not take the secret of {secret.file or secret.env} yet; nothing is changed"
        )
        step = "restart Pushboat with the pushboat.yaml and the variables of today"
        readable = f"see that its account may read {secret.file}" if secret.file else f"see that it has {secret.env}"
        return Rotated(code=NO, sentence=sentence, steps=(f"{step}, or {readable}", "then run this again"))
    except PingUnanswered as trouble:
        sentence = f"{trouble.summary}: whether it would take another secret is not known, and nothing is changed"
        return Rotated(code=COULD_NOT_FIND_OUT, sentence=sentence, steps=("start Pushboat, then run this again",))
    return None


def _left(moved: tuple[Moved, ...], place: Path | str, *, by_hand: bool) -> Rotated | None:
    """Say which webhooks still sign with the former secret, which therefore stays."""
    left = [one for one in moved if not one.done and not (by_hand and one.state == "by hand")]
    if not left:
        return None
    code = NO if any(one.state != "unknown" for one in left) else COULD_NOT_FIND_OUT
    steps = [f"enter the secret of {place} at {one.page}" for one in left if one.state == "by hand"]
    again = f"then run this again{' with --by-hand' if steps else ''}"
    sentence = f"{len(left)} of {len(moved)} webhooks are not proved; the former secret still counts, nothing is lost"
    return Rotated(code=code, sentence=sentence, webhooks=moved, steps=(*steps, again))


def _of_a_variable(forge: Forge, secret: Secret) -> Rotated:
    """Say what a person does: a process never sees its variables change."""
    key = f"forges.{forge.name}.webhook_secrets"
    kind = f", kind: {secret.kind}" if secret.kind != "plain" else ""
    steps = (
        f"put a new secret, such as the one below, into a variable of another name, say {secret.env}_2",
        f"write {key}: [{{env: {secret.env}_2{kind}}}, {{env: {secret.env}{kind}}}], and restart Pushboat: both count",
        "run this again: the webhooks are changed to the first and proved",
        f"leave only {{env: {secret.env}_2{kind}}}, and restart Pushboat",
    )
    sentence = f"{secret.env} is a variable, which only you can change; nothing is changed yet"
    return Rotated(code=NO, sentence=sentence, steps=steps, shown=placing.make(secret))


def _promote(file: Path, place: Path) -> None:
    try:
        file.replace(place)
    except OSError as error:
        raise placing.NotWritten(f"{place} cannot be written: {error.strerror}") from error
