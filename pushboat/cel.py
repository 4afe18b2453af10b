"""Questions about an object in the Common Expression Language, as Kubernetes and Flux ask them.

The one door to the library. An expression is compiled once, where its mistakes can still be shown to whoever wrote it;
asking it costs microseconds, ends after a bounded number of steps, and reaches nothing but what it is given.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_optional, ext_strings

from pushboat.quantities import ANYTHING, FUNCTIONS, LIST, NUMBER, TEXT, TRUTH, WHOLE

LONGEST_EXPRESSION = 4096
"""Characters; the compiler's own limit is far above what anybody can read."""
_TYPES = {
    TEXT: cel.Type.STRING,
    NUMBER: cel.Type.DOUBLE,
    WHOLE: cel.Type.INT,
    TRUTH: cel.Type.BOOL,
    LIST: cel.Type.LIST,
    ANYTHING: cel.Type.DYN,
}
_LACK = "Key not found in map"
_PLACED = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled question; two that are written alike are equal."""

    text: str
    _compiled: cel.Expression = field(repr=False, compare=False)

    def answer(self, values: Mapping[str, Any]) -> "Answer":
        """Ask it of some values; what cannot be answered says why."""
        try:
            value = self._compiled.eval(data=values)
            if value.type() == cel.Type.ERROR:
                return Answer(trouble=_plain(str(value.value())))
            return Answer(value=value.plain_value())
        except RuntimeError as error:  # text that is no Unicode, or too many steps
            return Answer(trouble=_plain(str(error)))
        except MemoryError:
            return Answer(trouble="it takes too much memory")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out: a value, or the trouble that kept it from coming."""

    value: Any = None
    trouble: str = ""


def is_lack(trouble: str) -> bool:
    """Say whether a trouble is that something asked for is not there, which a server may fill in. Whoever writes an
    object can bring about any other: by numbers that are too large, by lists that take too many steps."""
    return trouble.startswith(_LACK)


def question(text: str, names: tuple[str, ...]) -> Expression:
    """Compile what has to come out true or false, over these names.

    Raises:
        ValueError: with a sentence that says what is wrong, and at which character.
    """
    return _compiled(text, names, cel.Type.BOOL, "true or false")


def anything(text: str, names: tuple[str, ...]) -> Expression:
    """Compile what may come out as anything, over these names.

    Raises:
        ValueError: with a sentence that says what is wrong, and at which character.
    """
    return _compiled(text, names, cel.Type.DYN, "anything")


def phrase(text: str, names: tuple[str, ...]) -> Expression:
    """Compile what has to come out as text, over these names.

    Raises:
        ValueError: with a sentence that says what is wrong, and at which character.
    """
    return _compiled(text, names, cel.Type.STRING, "text")


def _compiled(text: str, names: tuple[str, ...], wanted: cel.Type, says: str) -> Expression:
    if len(text) > LONGEST_EXPRESSION:
        raise ValueError(f"is longer than {LONGEST_EXPRESSION} characters")
    if not text.strip():
        raise ValueError("is empty: write an expression, or leave the key out")
    try:
        compiled = _environment(names).compile(text)
    except RuntimeError as error:
        raise ValueError(f"is no CEL expression: {_mistake(str(error), text)}") from error
    given = compiled.return_type()
    if wanted != cel.Type.DYN and given not in (wanted, cel.Type.DYN):
        raise ValueError(f"must come out as {says}, not as {given.name().lower()}")
    return Expression(text, compiled)


@cache
def _environment(names: tuple[str, ...]) -> cel.Env:
    extensions = [ext_optional.ExtOptional(), ext_strings.ExtStrings()]
    variables = dict.fromkeys(names, cel.Type.DYN)
    return cel.NewEnv(variables=variables, extensions=extensions, functions=_functions())


def _functions() -> list[cel.FunctionDecl]:
    """Declare the functions that Kubernetes adds to the language, as far as we have them."""
    return [
        cel.FunctionDecl(name, [_overload(name, takes, gives, is_member, does)])
        for name, takes, gives, is_member, does in FUNCTIONS
    ]


def _overload(name: str, takes: tuple[str, ...], gives: str, is_member: bool, does: Callable[..., Any]) -> cel.Overload:  # noqa: FBT001 - a row of the table
    return cel.Overload(
        id=f"kubernetes_{name}",
        return_type=_TYPES[gives],
        parameters=[_TYPES[each] for each in takes],
        is_member=is_member,
        impl=does,
    )


def _mistake(message: str, text: str) -> str:
    found = _PLACED.search(message)
    if found is None:
        return _plain(message)
    line, column, said = int(found[1]), int(found[2]), found[3]
    where = f"at its character {column}" if "\n" not in text.strip() else f"in its line {line}, at character {column}"
    said = said.removesuffix("(in container '')").strip().partition(" expecting {")[0]
    return f"{said[:200]} ({where})"


def _plain(message: str) -> str:
    """Leave out the library's codes around a sentence, and the object that it shows."""
    said = re.sub(r"^[A-Z_]+: | \[[A-Z_]+\]$", "", message.partition("\n")[0])
    shown = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in said.partition(" for '")[0])
    return "".join(shown)[:200]
