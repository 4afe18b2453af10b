"""A repository as its forge knows it: by an id that stays while names come and go."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which repository a name of the operator's file stands for, since that name's first delivery.

    `name` is the forge's name and the path as the forge compares it (`github/acme/shop`), `id` the forge's own id,
    `path` what the forge calls it now. `rival` is the id of another repository that came under this name and was
    refused, or empty.
    """

    name: str
    forge: str
    id: str
    path: str
    rival: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Whose delivery it is: `repository` as the operator's file spells it, or empty where the file lacks it.

    `renamed` is today's path where the operator's file has an earlier one. `refusal` says why nothing may follow.
    `identity` is what to remember.
    """

    repository: str = ""
    renamed: str = ""
    refusal: str = ""
    identity: Identity | None = None
