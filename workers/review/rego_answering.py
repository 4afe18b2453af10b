"""`python -m workers.review.rego_answering`: policies and objects in, as JSON; out a line for each object."""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from regopy import Interpreter
from regopy.rego_shared import RegoError

from workers.review.rego import MARK

_SENTENCE = re.compile(r"\(errormsg \d+:([^)]*)\)")
_SETS = re.compile(r"(deny|violation|warn)(?:_.*)?")
_HEADS = re.compile(r"^\s*(?:default\s+)?((?:deny|violation|warn)(?:_\w*)?)\b", re.MULTILINE)


def main() -> None:
    """Answer everything in order."""
    asked = json.load(sys.stdin.buffer)
    policies, trouble = Interpreter(), ""
    names = list(dict.fromkeys(name for _, text in asked["files"] for name in _HEADS.findall(text)))
    for name, text in asked["files"]:
        try:
            policies.add_module(name, text)
        except RegoError as error:
            trouble = trouble or f"{name}: {_plain(error)}"
    for body in asked["objects"]:
        said = [("trouble", trouble)] if trouble else list(_said(policies, body, names))
        print(MARK + json.dumps(said), flush=True)


def _said(policies: Interpreter, body: Any, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    try:
        policies.set_input(body)
        policies.strict_built_in_errors = True
        strictly = policies.query("data.main").results
        if not strictly:
            yield from _left_unsaid(policies, names)
            policies.strict_built_in_errors = False
        found = (strictly or policies.query("data.main").results)[0].expressions[0]
    except (RegoError, IndexError, ValueError) as error:
        yield "trouble", f"the policies in Rego cannot be asked: {_plain(error)}"
        return
    for name, held in found.items() if isinstance(found, dict) else ():
        if which := _SETS.fullmatch(name):
            yield from ((which[1], _message(each)) for each in _messages(name, held))


def _left_unsaid(policies: Interpreter, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Name the rules in which a function fails: Rego goes on as if that condition did not hold, and tells nobody.

    Of a rule that denies this is no yes: whoever writes an object could choose a value on which a function fails.
    """
    for name in names:
        if not policies.query(f"data.main.{name}").ok():
            which = "lack" if name.startswith("warn") else "trouble"
            yield which, f"a function failed in `{name}`, so that it may have left something unsaid"


def _messages(name: str, held: Any) -> Iterator[Any]:
    """Give what a rule says, however it is written: nothing that is no set passes for one without messages."""
    if isinstance(held, list):
        yield from held
    elif isinstance(held, dict):  # `deny[message] { ... }` of before Rego v1: its messages are keys here
        yield from (key for key, value in held.items() if value is not False and value not in ([], {}))
    elif held is not False:
        yield held if isinstance(held, str) else f"`{name}` holds"


def _message(said: Any) -> str:
    """Read a message: text, or an object with `msg`, which comes as JSON where it is a key."""
    with suppress(ValueError):
        said = json.loads(said) if isinstance(said, str) and said.startswith("{") else said
    found = said.get("msg") if isinstance(said, dict) else said
    return found if isinstance(found, str) else json.dumps(said)


def _plain(error: Exception) -> str:
    """Take the library's own sentences out of its tree."""
    return ", ".join(dict.fromkeys(_SENTENCE.findall(str(error)))) or str(error)[:200]


if __name__ == "__main__":
    main()
