"""`python -m workers.review.answering`: rules and objects in, and out a line for each answer."""

import json
import sys

from pushboat.cel import phrase, question
from pushboat.policy.own import NAMES, OwnRule, judged
from pushboat.policy.words import DENY


def main() -> None:
    """Answer everything in order; what is cut short leaves what was answered by then."""
    asked = json.load(sys.stdin.buffer)
    rules = [
        OwnRule(
            name="",
            verdict=DENY,
            valid=question(each["valid"], NAMES),
            message=each["message"],
            phrase=phrase(each["phrase"], NAMES) if each["phrase"] else None,
        )
        for each in asked["rules"]
    ]
    for each in asked["objects"]:
        for number in each["rules"]:
            said = judged(rules[number], each["body"], asked["spaces"].get(each["namespace"]))
            print(json.dumps([said.sentence, said.trouble]), flush=True)


if __name__ == "__main__":
    main()
