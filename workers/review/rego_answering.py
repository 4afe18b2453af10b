"""`python -m workers.review.rego_answering`: policies and objects in, as JSON; out a line for each object."""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

from regopy import Interpreter
from regopy.rego_shared import RegoError

from workers.review.rego import MARK

_SENTENCE = re.compile(r"\(errormsg \d+:([^)]*)\)")
_SETS = re.compile(r"(deny|violation|warn)(?:_.*)?")


def main() -> None:
    """Answer everything in order."""
    asked = json.load(sys.stdin.buffer)
    policies, trouble = Interpreter(), ""
    for name, text in asked["files"]:
        try:
            policies.add_module(name, text)
        except RegoError as error:
            trouble = trouble or f"{name}: {_plain(error)}"
    for body in asked["objects"]:
        said = [("trouble", trouble)] if trouble else list(_said(policies, body))
        print(MARK + json.dumps(said), flush=True)


def _said(policies: Interpreter, body: Any) -> Iterator[tuple[str, str]]:
    try:
        policies.set_input(body)
        found = policies.query("data.main").results[0].expressions[0]
    except (RegoError, IndexError, ValueError) as error:
        yield "trouble", f"the policies in Rego cannot be asked: {_plain(error)}"
        return
    for name, messages in found.items() if isinstance(found, dict) else ():
        if which := _SETS.fullmatch(name):
            for each in messages if isinstance(messages, list) else ():
                said = each.get("msg") if isinstance(each, dict) else each
                yield which[1], said if isinstance(said, str) else json.dumps(each)


def _plain(error: Exception) -> str:
    """Take the library's own sentences out of its tree."""
    return ", ".join(dict.fromkeys(_SENTENCE.findall(str(error)))) or str(error)[:200]


if __name__ == "__main__":
    main()
