"""The noun of this package, and how an error's code is read off its class: the class says who must act."""

import re
from dataclasses import dataclass

from pushboat import errors
from pushboat.errors import PushboatError


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a code means, why it is so, how it is mended, an example of that, and the page that says more."""

    code: str
    means: str
    why: str
    mend: str
    example: str
    page: str


def row(code: str, means: str, why: str, mend: str, example: str, page: str) -> Explanation:
    """Write one explanation as one row of a table."""
    return Explanation(code=code, means=means, why=why, mend=mend, example=example, page=page)


def code_of(error: PushboatError) -> str:
    """Give the code of the nearest class of `pushboat/errors.py`; nothing for an error that says all by itself."""
    for each in type(error).__mro__:
        if each.__module__ == errors.__name__ and each is not PushboatError:
            return code_of_class(each)
    return ""


def code_of_class(error: type) -> str:
    """Spell a class as people type it: LeaseLost is lease-lost."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", error.__name__).lower()
