"""Which keeper is asked for a file's data key: one whose key the operator lists; the others are never spoken to."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pushboat.config.keepers import AwsKey, AzureKey, GoogleKey, Kept, VaultKey
from pushboat.errors import KeeperUnavailable, NotConfigured, PushboatError
from pushboat.model.wording import printable
from workers.sops.keepers import aws, azure, google, vault
from workers.sops.keepers.asking import Away, Closed, Denied, Unfit
from workers.sops.recipients import copies
from workers.sops.words import Encrypted, refused

Copy = Mapping[str, Any]
MOST_OF_A_FILE = 10
"""Questions about one file: for as many of the keys that it is for and that are ours."""
MOST_QUESTIONS = 1_000
"""In one deployment, each of which may take seconds, and costs money at some."""


@dataclass(frozen=True, slots=True)
class _Keeper:
    """What a keeper is called, how a file names its keys, how one logs in, and how it is asked."""

    name: str
    name_of: Callable[[Copy], str]
    log_in: Callable[[Any], Any]
    opened: Callable[[Any, Any, Copy], bytes]
    ends: Callable[[Any], str]
    mend: Callable[[Any], str]
    nonsense: Copy


@dataclass(frozen=True, slots=True)
class Tried:
    """A key that was tried with its login: why it opens nothing, or until when it does, and what mends that."""

    name: str
    trouble: Closed | None
    ends: str
    mend: str


_KEEPERS: Mapping[str, tuple[type[Kept], _Keeper]] = {
    each.SORT: (sort, _Keeper(each.NAME, each.name_of, each.log_in, each.opened, each.ends, each.mend, each.NONSENSE))
    for each, sort in ((aws, AwsKey), (google, GoogleKey), (azure, AzureKey), (vault, VaultKey))
}  # in the order in which SOPS tries them


@dataclass(frozen=True, slots=True)
class Keepers:
    """The keepers' keys of one environment; for as long as this is used, who is logged in and what was answered."""

    environment: str
    kept: Sequence[Kept]
    most: int = MOST_QUESTIONS
    _logins: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _answers: dict[str, bytes | Closed] = field(default_factory=dict, repr=False, compare=False)

    @property
    def names(self) -> list[str]:
        """Name the keys for people, each with its keeper."""
        return [f"{_KEEPERS[sort][1].name} {key.key}" for sort in _KEEPERS for key in self._of(sort)]

    def demand_libraries(self) -> None:
        """Demand what it takes to ask for these keys.

        Raises:
            NotConfigured: a library is not installed.
        """
        if any(self._of(aws.SORT)):
            aws.demand_library()

    def tried(self) -> Iterator[Tried]:
        """Ask each key with its login to open what it never encrypted: where it says just that, it opens the rest."""
        for sort, (_, keeper) in _KEEPERS.items():
            for key in self._of(sort):
                trouble: Closed | None = None
                with suppress(Unfit):
                    try:
                        self._ask(sort, key, keeper.nonsense)
                    except (Away, Denied) as closed:
                        trouble = closed
                ends = keeper.ends(self._logins[key.key]) if key.key in self._logins else ""
                yield Tried(f"{keeper.name} {key.key}", trouble, ends, keeper.mend(key))

    def opened(self, encrypted: Encrypted) -> bytes | None:
        """Ask for a file's data key, each key once, until one opens it; None where the file has none of these keys.

        Raises:
            KeeperUnavailable: none has opened it, and one of them may do so later.
            NotConfigured: none has, and one does not let us.
            DecryptionFailed: none has, and what they were given was not theirs; or it takes too many questions.
        """
        troubles, ways = [], list(self._ways(encrypted))
        if len(ways) > MOST_OF_A_FILE:
            raise refused(
                encrypted.place,
                f"this is encrypted for {len(ways)} keys of keepers, and at most {MOST_OF_A_FILE} are asked for a "
                "file: remove some",
            )
        for sort, key, copy in ways:
            try:
                return self._answer(encrypted, sort, key, copy)
            except Closed as closed:
                troubles.append(self._trouble(encrypted, sort, key, closed))
        order = (KeeperUnavailable, NotConfigured, PushboatError)
        for trouble in sorted(troubles, key=lambda one: next(n for n, cls in enumerate(order) if isinstance(one, cls))):
            raise trouble
        return None

    def _of(self, sort: str) -> Iterator[Kept]:
        return (key for key in self.kept if isinstance(key, _KEEPERS[sort][0]))

    def _ways(self, encrypted: Encrypted) -> Iterator[tuple[str, Kept, Copy]]:
        for sort, (_, keeper) in _KEEPERS.items():
            ours = {key.key: key for key in self._of(sort)}
            for copy in copies(encrypted, sort) if ours else ():
                if key := ours.pop(keeper.name_of(copy), None):
                    yield sort, key, copy

    def _answer(self, encrypted: Encrypted, sort: str, key: Kept, copy: Copy) -> bytes:
        """Ask what nobody has asked yet: the same has the same answer, and who is away is not waited for twice."""
        same = _digest(key.key, copy)
        if key.key not in self._answers and same not in self._answers:
            if len(self._answers) >= self.most:
                raise refused(
                    encrypted.place,
                    f"the encrypted files of {self.environment} take more than {self.most:,} questions to keepers: "
                    "encrypt more values in one file",
                )
            try:
                self._answers[same] = self._ask(sort, key, copy)
            except Away as away:
                self._answers[key.key] = away
            except Closed as closed:
                self._answers[same] = closed
        found = self._answers[key.key if key.key in self._answers else same]
        if isinstance(found, Closed):
            raise type(found)(*found.args)
        return found

    def _ask(self, sort: str, key: Kept, copy: Copy) -> bytes:
        keeper = _KEEPERS[sort][1]
        if key.key not in self._logins:
            self._logins[key.key] = keeper.log_in(key)
        return keeper.opened(key, self._logins[key.key], copy)

    def _trouble(self, encrypted: Encrypted, sort: str, key: Kept, closed: Closed) -> PushboatError:
        name, why = _KEEPERS[sort][1].name, str(closed)
        details = f"The key is `{key.key}`; {name} says: {why}."
        if isinstance(closed, Away):
            return KeeperUnavailable(f"{name} opens no key of {self.environment} at the moment: {why}", details)
        if isinstance(closed, Unfit):
            return refused(encrypted.place, f"{name} does not open its data key ({why}): encrypt the file anew")
        return NotConfigured(
            f"{name} does not open {self.environment}'s key ({why}): its operator must correct it under `decryption`",
            details,
        )


def _digest(key: str, copy: Copy) -> str:
    """Name a question by all that its answer follows from."""
    asked = json.dumps([key, copy["enc"], copy.get("context"), copy.get("role")], sort_keys=True, default=str)
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()


def encrypted_for(encrypted: Encrypted) -> list[str]:
    """Name the keepers' keys that a file is encrypted for, so short that they can be told apart."""
    return [
        f"{keeper.name} {_tail(keeper.name_of(copy))}"
        for sort, (_, keeper) in _KEEPERS.items()
        for copy in copies(encrypted, sort)
    ]


def _tail(name: str) -> str:
    """Keep the end of a key's name, which says more than its beginning."""
    return printable(name if len(name) <= 24 else f"…{name[-20:]}")
