"""People's own rules, asked in a process of their own: whoever can push can write one, and CEL has no bound on memory.

An expression may double a text thirty times. Here that ends one process with a limit, and the rules behind it are asked
in another one: what a greedy rule costs is its own answers.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pushboat.model.manifest import Manifest
from pushboat.policy.own import FINE, OwnRule, Said, judged
from workers.review.policy import Spaces, ask_here
from workers.review.unseen import unseen
from workers.running import spawning

LONGEST = 60.0
"""Seconds, for all rules and objects together; a thousand objects and twenty rules take less than one."""
CPU_SECONDS = 40.0
"""What rules have of CPU, each at least its share; less than LONGEST, for others are at work here too."""
LIMITS = spawning.Limits(cpu_seconds=60, file_size=0, open_files=64, data=1 << 30)
MOST_PRINTED = 8 << 20
_TIME_IS_UP = 128 + signal.SIGPROF

Asked = tuple[OwnRule, Sequence[int]]
"""A rule, and which of the objects it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was answered, in order; what kept the rest from it, and whether the rule that had its turn is at fault."""

    answers: Sequence[Said]
    trouble: str = ""
    at_fault: bool = False


def ask_guarded(
    rules: Sequence[OwnRule], manifests: Sequence[Manifest], spaces: Spaces
) -> Iterator[tuple[OwnRule, Manifest, Said]]:
    """Ask the operator's rules here and pushed ones apart, so that none of those keeps one of these from an answer."""
    yield from ask_here([each for each in rules if not each.pushed], manifests, spaces)
    yield from ask_apart([each for each in rules if each.pushed], manifests, spaces)


def ask_apart(
    rules: Sequence[OwnRule], manifests: Sequence[Manifest], spaces: Spaces, *, seconds: float = CPU_SECONDS
) -> Iterator[tuple[OwnRule, Manifest, Said]]:
    """Ask rules about manifests where neither their time nor their memory is ours; `seconds` of CPU for all."""
    numbered = list(enumerate(manifests))
    asked = [(rule, [number for number, each in numbered if rule.is_about(each)]) for rule in rules]
    for rule, number, said in _answered(asked, manifests, spaces, seconds):
        yield rule, manifests[number], said


def ask_pairs(pairs: Sequence[tuple[OwnRule, Manifest]]) -> list[Said]:
    """Ask each rule about an object of its own, the operator's here and pushed ones apart; answers in this order."""
    said = {number: judged(rule, unseen(each), None) for number, (rule, each) in enumerate(pairs) if not rule.pushed}
    asked: dict[OwnRule, list[int]] = {}
    for number, (rule, _) in enumerate(pairs):
        if rule.pushed:
            asked.setdefault(rule, []).append(number)
    answered = _answered(list(asked.items()), [each for _, each in pairs], {}, CPU_SECONDS)
    said |= {number: answer for _, number, answer in answered}
    return [said[number] for number in range(len(pairs))]


def _answered(
    asked: Sequence[Asked], manifests: Sequence[Manifest], spaces: Spaces, seconds: float
) -> Iterator[tuple[OwnRule, int, Said]]:
    left: Sequence[Asked] = [each for each in asked if each[1]]
    objects = [{"body": unseen(each), "namespace": each.ref.namespace} for each in manifests] if left else []
    deadline = time.monotonic() + LONGEST
    while left:
        rest = deadline - time.monotonic()
        heard = _ask(left, {"objects": objects, "spaces": spaces, "seconds": min(seconds, rest)}, rest)
        answered, left = told(left, heard)
        yield from answered


def told(left: Sequence[Asked], heard: Heard) -> tuple[list[tuple[OwnRule, int, Said]], Sequence[Asked]]:
    """Give each answer with its rule and object, and what has still to be asked.

    Where nobody is at fault for sure, the rule that had its turn is asked once more, as the first.
    """
    given: list[tuple[OwnRule, int, Said]] = []
    for turn, (rule, about) in enumerate(left):
        answers = heard.answers[len(given) : len(given) + len(about)]
        if len(answers) < len(about) and turn and not heard.at_fault:
            return given, left[turn:]
        lacking = [Said(trouble=heard.trouble)] * (len(about) - len(answers))
        given += [(rule, number, said) for number, said in zip(about, (*answers, *lacking), strict=True)]
        if lacking:
            return given, left[turn + 1 :]
    return given, ()


def _ask(left: Sequence[Asked], more: Mapping[str, Any], timeout: float) -> Heard:
    late = f"the rules of this repository took more than {LONGEST:g} seconds"
    if timeout <= 0:
        return Heard(answers=(), trouble=late, at_fault=True)
    question = {**more, "rules": [_written(rule, about) for rule, about in left]}
    try:
        finished = spawning.run(
            [sys.executable, "-P", "-m", "workers.review.answering"],
            environ={"PATH": os.defpath},
            timeout=timeout,
            network=not spawning.network_can_be_cut(),
            stdin=json.dumps(question).encode("utf-8", "surrogatepass"),
            max_output=MOST_PRINTED,
            limits=LIMITS,
        )
    except spawning.TimedOut as stopped:
        return Heard(answers=_read(stopped.said), trouble=late, at_fault=True)
    except spawning.TooMuchOutput as stopped:
        return Heard(answers=_read(stopped.said), trouble="this rule says too much")
    if finished.code == _TIME_IS_UP:
        share = "this rule took more than its share of the time that a repository's rules have"
        return Heard(answers=_read(finished.stdout), trouble=share, at_fault=True)
    return Heard(answers=_read(finished.stdout), trouble="this rule took more memory or time than it may")


def _written(rule: OwnRule, about: Sequence[int]) -> Mapping[str, Any]:
    words = {"valid": rule.valid.text, "phrase": rule.phrase.text if rule.phrase else "", "message": rule.message}
    return {**words, "about": about}


def _read(printed: bytes) -> list[Said]:
    """Read what was answered, line by line; a line that was cut short is none."""
    lines = map(json.loads, printed.decode("utf-8", "replace").split("\n")[:-1])
    return [Said(sentence=said, trouble=trouble) if said or trouble else FINE for said, trouble in lines]
