"""People's own rules, asked in a process of their own: whoever can push can write one, and CEL has no bound on memory.

An expression may double a text thirty times. Here that ends one process with a limit, and the rules that it had still
to answer are not evaluated.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pushboat.model.manifest import Manifest
from pushboat.policy.own import FINE, OwnRule, Said
from workers.review.policy import Spaces, ask_here
from workers.review.unseen import unseen
from workers.running import spawning

LONGEST = 60.0
"""Seconds, for all rules and objects together; a thousand objects and twenty rules take less than one."""
LIMITS = spawning.Limits(cpu_seconds=60, file_size=0, open_files=64, data=1 << 30)
MOST_PRINTED = 8 << 20


def ask_guarded(
    rules: Sequence[OwnRule], manifests: Sequence[Manifest], spaces: Spaces
) -> Iterator[tuple[OwnRule, Manifest, Said]]:
    """Ask the operator's rules here and pushed ones apart, so that none of those keeps one of these from an answer."""
    yield from ask_here([each for each in rules if not each.pushed], manifests, spaces)
    yield from ask_apart([each for each in rules if each.pushed], manifests, spaces)


def ask_apart(
    rules: Sequence[OwnRule], manifests: Sequence[Manifest], spaces: Spaces
) -> Iterator[tuple[OwnRule, Manifest, Said]]:
    """Ask rules about manifests where neither their time nor their memory is ours."""
    pairs = [(rule, manifest) for manifest in manifests for rule in rules if rule.is_about(manifest)]
    if not pairs:
        return
    answers, trouble = _answers(_question(rules, manifests, spaces))
    for number, (rule, manifest) in enumerate(pairs):
        yield rule, manifest, answers[number] if number < len(answers) else Said(trouble=trouble)


def _question(rules: Sequence[OwnRule], manifests: Sequence[Manifest], spaces: Spaces) -> bytes:
    return json.dumps(
        {
            "rules": [_written(each) for each in rules],
            "objects": [
                {
                    "body": unseen(each),
                    "namespace": each.ref.namespace,
                    "rules": [number for number, rule in enumerate(rules) if rule.is_about(each)],
                }
                for each in manifests
            ],
            "spaces": spaces,
        }
    ).encode("utf-8", "surrogatepass")


def _written(rule: OwnRule) -> Mapping[str, Any]:
    return {"valid": rule.valid.text, "phrase": rule.phrase.text if rule.phrase else "", "message": rule.message}


def _answers(question: bytes) -> tuple[list[Said], str]:
    """Give what was answered, line by line, and what kept the rest from being answered."""
    argv = [sys.executable, "-P", "-m", "workers.review.answering"]
    try:
        finished = spawning.run(
            argv,
            environ={"PATH": os.defpath},
            timeout=LONGEST,
            network=not spawning.network_can_be_cut(),
            stdin=question,
            max_output=MOST_PRINTED,
            limits=LIMITS,
        )
    except spawning.TimedOut:
        return [], f"the rules of this repository took more than {LONGEST:g} seconds"
    except spawning.TooMuchOutput:
        return [], "the rules of this repository said too much"
    lines = finished.stdout.decode("utf-8", "replace").split("\n")[:-1]
    return [_read(line) for line in lines], "the rules of this repository took more memory or time than they may"


def _read(line: str) -> Said:
    sentence, trouble = json.loads(line)
    return Said(sentence=sentence, trouble=trouble) if sentence or trouble else FINE
