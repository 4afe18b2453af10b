"""Sends one notice to one receiver, by the way that the operator's file says."""

import time
from importlib import import_module
from importlib.util import find_spec

from pushboat.config.notifying import APPRISE, Receiver
from pushboat.errors import VerificationRefused
from pushboat.model.notice import Notice
from workers.gates.questions import ID, SIGNATURE, TIMESTAMP, signature
from workers.notifying.answers import ReceiverRefused, ReceiverUnavailable, refused
from workers.notifying.bodies import body
from workers.notifying.wording import words
from workers.verifying.fetching import NoAnswer, send

ANSWER_SECONDS = 15.0
"""For all of one answer; Standard Webhooks has 15 to 30."""
EXTRA = "pip install 'pushboat[apprise]'"


def lacks_apprise() -> bool:
    """Say whether chats and mail cannot be reached from this machine."""
    return find_spec("apprise") is None


def post(receiver: Receiver, notice: Notice, public_url: str) -> None:
    """Tell a receiver. Whoever takes it may take it again where we die before we have noted that: its id is the same.

    Raises:
        ReceiverUnavailable: it did not answer, or asks us to wait.
        ReceiverRefused: it will not have this, or cannot be told so.
    """
    if receiver.way != APPRISE:
        _send(receiver, notice, public_url)
    elif lacks_apprise():
        raise ReceiverRefused(f"{receiver.name} needs apprise beside the reporter: {EXTRA}")
    else:
        said = words(notice, receiver, public_url, time.time())
        import_module("workers.notifying.chats").tell(receiver, said, notice.news, public_url)


def _send(receiver: Receiver, notice: Notice, public_url: str) -> None:
    kind, content = body(notice, receiver, public_url)
    stamp, number = str(int(time.time())), f"msg_{notice.id}"
    headers = {"Content-Type": kind, ID: number, TIMESTAMP: stamp}
    if receiver.secrets:
        signed = (f"v1,{signature(secret, number, stamp, content)}" for secret in receiver.secrets)
        headers[SIGNATURE] = " ".join(signed)
    try:
        answer = send(receiver.url, ANSWER_SECONDS, content, headers, most=1024)
    except NoAnswer as none:
        raise ReceiverUnavailable(f"{receiver.name}: {none}") from None
    except VerificationRefused:
        sentence = "its name leads to an address that nobody is asked at"
        raise ReceiverRefused(f"{receiver.name}: {sentence}; the operator must give it another") from None
    if not 200 <= answer.status < 300:
        raise refused(receiver.name, answer.status, answer.retry_after)
