"""Which row a person means: by its number, or the newest by the word `latest`."""

import re

import click

from cli import output
from cli.elsewhere import Elsewhere
from pushboat.errors import PushboatError
from pushboat.model.deployment import Deployment
from pushboat.store import deployments
from pushboat.store.database.engine import Store

LATEST = 0
"""No row has this number."""
NOTHING_YET = "nothing was deployed yet: push to a ref that an environment follows"
_MOST_DIGITS = 18
"""Of the largest number that a store can hold."""
_SHA = re.compile(r"[0-9a-f]{7,64}")


class NoSuchDeployment(PushboatError):
    """The store has no deployment with this number."""


class Number(click.ParamType[int]):
    """The number of a row, or LATEST; anything else is told where numbers stand."""

    def __init__(self, what: str, lists: str) -> None:
        """Say what is numbered, and which command lists those there are."""
        self.name = "number"
        self._what = what
        self._lists = lists

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read what was written; a commit's id is no number, but leads to some."""
        text = str(value).strip().removeprefix("#")
        if text == "latest":
            return LATEST
        if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS and int(text) > 0:
            return int(text)
        of_it = f" --sha {text}" if _SHA.fullmatch(text) else ""
        said = f"{output.one_line(text) or 'nothing'} is not the number of a {self._what}"
        wanted = f"{said}: `{self._lists}{of_it}` lists them, and `latest` is the newest"
        raise click.BadParameter(wanted, ctx, param)


def number_there(there: Elsewhere, number: int) -> int:
    """Give the number itself, or that of the newest deployment of a Pushboat elsewhere.

    Raises:
        NoSuchDeployment: there is none yet.
    """
    if number != LATEST:
        return number
    newest = there.get("deployments", limit=1).form["items"]
    if not newest:
        raise NoSuchDeployment(NOTHING_YET)
    return int(newest[0]["id"])


def deployment_of(store: Store, number: int) -> Deployment:
    """Find a deployment or plan by its number, or the newest deployment.

    Raises:
        NoSuchDeployment: there is none.
    """
    if number == LATEST:
        found = next(iter(deployments.listed(store, limit=1)), None)
    else:
        found = deployments.find(store, number)
    if found is None and number == LATEST:
        raise NoSuchDeployment(NOTHING_YET)
    if found is None:
        raise NoSuchDeployment(f"there is no deployment {number}; `pushboat history` lists those there are")
    return found
