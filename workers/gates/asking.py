"""Asks a gate, once; whatever goes wrong on the way is silence."""

import time

from pushboat.config.gates import Gate
from pushboat.errors import VerificationRefused
from pushboat.model.deployment import Deployment
from workers.gates.answers import LARGEST_ANSWER, Answer, read, silent
from workers.gates.questions import headers, question
from workers.verifying.fetching import NoAnswer, send


def ask(gate: Gate, when: str, deployment: Deployment, public_url: str, *, simulated: bool = False) -> Answer:
    """Ask a gate `before` or `after` whether a deployment may go on."""
    asked = question(gate.name, when, deployment, public_url, simulated=simulated)
    try:
        came = send(
            gate.url, gate.timeout, asked.body, headers(asked, gate.secret, time.time()), most=LARGEST_ANSWER + 1
        )
    except NoAnswer as none:
        return silent(str(none))
    except VerificationRefused:
        return silent("its name leads to an address that nobody is asked at")
    return read(came.status, came.body, asked.id)
