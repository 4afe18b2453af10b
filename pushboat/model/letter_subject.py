"""Which deployment a letter tells of, read off the letter as it is written down: so it is known before it is opened."""

import json
import re

_ITS_PAGE = re.compile(r"/(?:deployments|plans)/([0-9]{1,18})")


def deployment_in(payload: str) -> int | None:
    """Give the deployment that a written letter names, or whose page it leads to; None where there is none."""
    try:
        told = json.loads(payload)
    except ValueError:  # who opens it says so
        return None
    if not isinstance(told, dict):
        return None
    number = told.get("deployment")
    page = _ITS_PAGE.fullmatch(str(told.get("path", "")))
    if type(number) is int and number > 0:
        return number
    return int(page[1]) if page else None
