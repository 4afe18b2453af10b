"""`python -m workers.review.answering`: rules and objects in, and out a line for each answer, rule by rule."""

import json
import signal
import sys
import time

from pushboat.cel import phrase, question
from pushboat.policy.own import NAMES, OwnRule, judged
from pushboat.policy.words import DENY


def main() -> None:
    """Answer everything in order; what is cut short leaves what was answered by then."""
    asked = json.load(sys.stdin.buffer)
    began = time.process_time()
    rules = asked["rules"]
    for number, each in enumerate(rules):
        rule = _rule(each)
        spent = time.process_time() - began
        _end_after((asked["seconds"] - spent) / (len(rules) - number))
        for place in each["about"]:
            one = asked["objects"][place]
            said = judged(rule, one["body"], asked["spaces"].get(one["namespace"]))
            print(json.dumps([said.sentence, said.trouble]), flush=True)


def _rule(written: dict[str, str]) -> OwnRule:
    return OwnRule(
        name="",
        verdict=DENY,
        valid=question(written["valid"], NAMES),
        message=written["message"],
        phrase=phrase(written["phrase"], NAMES) if written["phrase"] else None,
    )


def _end_after(seconds: float) -> None:
    """Have the kernel end this process after so much of CPU: an expression is nothing that Python could interrupt."""
    signal.setitimer(signal.ITIMER_PROF, max(seconds, 0.001))


if __name__ == "__main__":
    main()
