"""The operator's policies in Rego, asked about each object in a process of their own.

What they see of a Secret is what every rule sees. What they could not say of an object is said, and passes nothing.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pushboat.config.rego import RegoFile
from pushboat.model.manifest import Manifest
from pushboat.model.wording import printable
from workers.review.unseen import unseen
from workers.running import spawning

MARK = "\x1e"
"""Begins each line that is an answer: the library prints its own troubles."""
LONGEST = 120.0
"""Seconds; a thousand objects take two or three."""
LIMITS = spawning.Limits(cpu_seconds=120, file_size=0, open_files=64, data=1 << 39)
"""The library's allocator reserves 256 GiB of addresses, whatever it uses; the policies are the operator's own."""
MOST_PRINTED = 8 << 20
LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What the policies say of an object: whether it is denied, and why; or what kept them from saying anything.

    `lacks` says that it was a rule that only warns which something kept from an answer.
    """

    denies: bool = False
    sentence: str = ""
    trouble: str = ""
    lacks: bool = False


def ask_rego(
    files: Sequence[RegoFile], manifests: Sequence[Manifest], most_printed: int = MOST_PRINTED
) -> Iterator[tuple[Manifest, Word]]:
    """Ask the package `main` of some files: each of its `deny` and `violation` denies, each `warn` warns.

    When they are stopped, what was answered counts, and the object at which they stood is named.
    """
    if not files or not manifests:
        return
    answers, trouble = _answers(files, manifests, most_printed)
    for number, manifest in enumerate(manifests):
        if number >= len(answers):
            yield manifest, Word(trouble=trouble)
            continue
        for which, said in answers[number]:
            if which in ("trouble", "lack"):
                yield manifest, Word(trouble=printable(said, LONGEST_MESSAGE), lacks=which == "lack")
            else:
                yield manifest, Word(denies=which != "warn", sentence=printable(said, LONGEST_MESSAGE))


def _answers(
    files: Sequence[RegoFile], manifests: Sequence[Manifest], most_printed: int
) -> tuple[list[list[list[str]]], str]:
    question: Mapping[str, Any] = {
        "files": [[each.name, each.text] for each in files],
        "objects": [unseen(each) for each in manifests],
    }
    try:
        finished = spawning.run(
            [sys.executable, "-P", "-m", "workers.review.rego_answering"],
            environ={"PATH": os.defpath},
            timeout=LONGEST,
            network=not spawning.network_can_be_cut(),
            stdin=json.dumps(question).encode("utf-8", "surrogatepass"),
            max_output=most_printed,
            limits=LIMITS,
        )
    except spawning.Stopped as stopped:
        answers = _read(stopped.said)
        at = manifests[len(answers)].ref if len(answers) < len(manifests) else "the end"
        return answers, f"the policies in Rego took too long, or said too much, at {at}"
    return _read(finished.stdout), "the policies in Rego ended before they had said anything"


def _read(said: bytes) -> list[list[list[str]]]:
    """Read the answers that are whole."""
    *lines, _ = said.decode("utf-8", "replace").split("\n")
    return [json.loads(line[1:]) for line in lines if line.startswith(MARK)]
