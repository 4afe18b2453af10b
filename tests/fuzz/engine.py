"""One target under the fuzzer, in a process of its own: `python -m tests.fuzz.engine TARGET BUG [libFuzzer's options]`.

Everything of ours is instrumented while it is loaded, so nothing of it may be loaded before. Half of the mutations are
the fuzzer's own, the others those of `mutating.py`.
"""

import sys
from random import Random
from zlib import crc32

import atheris

from tests.fuzz.counting import checked
from tests.fuzz.mutating import mutated
from tests.fuzz.target import Check, Target, load

INSTRUMENTED = ["pushboat", "workers", "tests", "json"]
EACH_COUNTED = 16
"""Of so many inputs, the steps of one are counted: that takes three times as long."""


def main() -> None:
    """Fuzz until the time is over, or until a promise is broken: then exit with an error and the traceback."""
    name, bug, *options = sys.argv[1:]
    atheris.enabled_hooks.add("str")
    with atheris.instrument_imports(include=INSTRUMENTED, enable_loader_override=False):
        target = load(name)
    check = target.bugs[bug] if bug else _sampled(target)

    def mutate(data: bytes, largest: int, seed: int) -> bytes:
        chance = Random(seed)
        if chance.random() < 0.5:
            return bytes(atheris.Mutate(data, largest))
        return mutated(data, chance, target.shape, target.words, largest)

    atheris.Setup([sys.argv[0], *options], check, custom_mutator=mutate)
    atheris.Fuzz()


def _sampled(target: Target) -> Check:
    def check(data: bytes) -> None:
        if crc32(data) % EACH_COUNTED:
            target.check(data)
        else:
            checked(target, data)

    return check


if __name__ == "__main__":
    main()
