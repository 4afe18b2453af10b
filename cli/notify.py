"""`pushboat notify`: try who is to hear what becomes of environments, before something happens that they must hear."""

import time
from collections.abc import Iterator
from uuid import uuid4

import click

from cli import configuration
from cli.carried import carried
from cli.doctor.report import report
from cli.output import AS_JSON
from pushboat.config.notifying import Receiver
from pushboat.model.notice import News, Notice
from pushboat.model.wording import near_miss
from workers.checks.words import Line, failed, passed, unknown
from workers.notifying.answers import ReceiverRefused, ReceiverUnavailable
from workers.notifying.posting import post

SENTENCE = "Pushboat reaches you. Nothing happened: somebody runs `pushboat notify test`."
MEND = "correct it under 'notifications' of the operator's file, and run `pushboat notify test {name}` again"


@click.group()
def notify() -> None:
    """Try the receivers of notices: chats, mail, webhooks."""


@notify.command()
@click.argument("receiver", default="")
@AS_JSON
@click.pass_context
def test(ctx: click.Context, receiver: str, *, as_json: bool) -> int:
    """Send a message that says that it is a test, to one RECEIVER or to all, and say who took it.

    From this machine: the reporter may be on another, with another way out.

    Exit code 1 where one says no, 3 where one does not answer.
    """
    operator = configuration.load(ctx)
    if not operator.receivers:
        raise click.UsageError(
            f"the operator's file has no 'notifications' yet: {carried('docs', 'errors.md')}/notifications.md shows how"
        )
    if receiver and receiver not in operator.receivers:
        raise click.UsageError(f"{receiver} is none of 'notifications': {near_miss(receiver, operator.receivers)}")
    chosen = [operator.receivers[receiver]] if receiver else list(operator.receivers.values())
    return report(_tried(chosen, operator.public_url), as_json=as_json)


def _tried(receivers: list[Receiver], public_url: str) -> Iterator[Line]:
    for each in receivers:
        notice = Notice(
            id=uuid4().hex, news=News.TEST, at=time.time(), repository="", environment="", sentence=SENTENCE, path="/"
        )
        check = f"notify {each.name}"
        try:
            post(each, notice, public_url)
        except ReceiverUnavailable as trouble:
            yield unknown(check, trouble.summary, "see whether it is up, and whether this machine may reach it")
        except ReceiverRefused as refusal:
            yield failed(check, refusal.summary, MEND.format(name=each.name))
        else:
            yield passed(check, "took a test message")
