"""What people may in which repository, asked of the forge with Pushboat's own token, and believed for some minutes.

A forge that does not answer leaves its last word standing for a while, then nobody sees anything. All of it stands in
memory: a restart asks again.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

from pushboat.config.login import Login
from pushboat.config.operator import Operator
from pushboat.config.values import LEVELS, is_team
from pushboat.errors import ForgeRefused, ForgeUnavailable
from pushboat.forges.protocol import Client
from pushboat.forges.punctual import within
from pushboat.model.person import Person
from pushboat.model.rights import ADMIN, NONE, Rights
from pushboat.routing.permission import is_among

FRESH = 300.0
"""Seconds for which an answer counts; whoever loses a permission loses what it shows within that time."""
SECONDS_PER_REPOSITORY = 1.0
"""Of many repositories an answer counts for longer, so that a person costs the forge a question a second at most."""
LAST_WORD = 1800.0
"""Seconds for which the last answer counts of a forge that gives none."""
RETRY = 15.0
"""Seconds after which a forge that did not answer is asked again."""
MOST_PEOPLE = 2000
AT_ONCE = 8
ANSWERS_WITHIN = 8.0
WRITE, READ = "write", "read"


class Answers:
    """What one person was said to may, and when."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.levels: Mapping[str, tuple[str, float]] = {}
        self.tried_at = float("-inf")
        self.silent = False


class Permissions:
    """Everybody's, as their forge said last."""

    def __init__(
        self,
        operator: Operator,
        login: Login,
        client: Callable[[], Client],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._login, self._client, self._clock = login, client, clock
        self._projects = operator.projects
        self._mine = [name for name in operator.projects if login.forge and name.startswith(f"{login.forge}/")]
        self._fresh = max(FRESH, SECONDS_PER_REPOSITORY * len(self._mine))
        self._people: OrderedDict[str, Answers] = OrderedDict()
        self._lock = threading.Lock()
        self._asking = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="permissions")

    def of(self, person: Person) -> Rights:
        """Say what somebody may, asking where what is known is too old."""
        everywhere = self._everywhere(person)
        if everywhere in (ADMIN, WRITE) or not person.at_forge:
            return Rights(person=person, everywhere=everywhere)
        answers = self._answers(person)
        with answers.lock:
            due = self._due(answers)
            if due and self._clock() - answers.tried_at > RETRY:
                self._ask(person, answers, due)
            known = {
                name: level
                for name, (level, at) in answers.levels.items()
                if level != NONE and self._clock() - at <= self._fresh + LAST_WORD
            }
            silent = self._login.called if answers.silent else ""
        return Rights(person=person, levels=known, everywhere=everywhere, silent=silent)

    def may(self, person: Person, repository: str, wanted: Collection[str]) -> bool:
        """Ask, at this very moment, whether somebody is among those who may.

        Raises:
            ForgeUnavailable, ForgeRefused: the forge did not say.
        """
        everywhere = self._everywhere(person)
        if everywhere != NONE and is_among("", everywhere, tuple(wanted)):
            return True
        if not person.at_forge or repository not in self._mine:
            return False
        path = repository.partition("/")[2]
        with within(ANSWERS_WITHIN):
            level = self._client().permission(path, person.name)
            if is_among(person.name, level, tuple(wanted)):
                return level != NONE
            teams = (each for each in wanted if is_team(each))
            return level != NONE and any(self._client().is_member(path, team, person.name) for team in teams)

    def _everywhere(self, person: Person) -> str:
        """Give the level that the operator's own lists give in every repository."""
        login = self._login
        if person.at_forge:
            return login.level_of(person.name)
        for groups, level in ((login.admins, ADMIN), (login.deployers, WRITE), (login.viewers, READ)):
            if person.groups & groups:
                return level
        return NONE

    def _answers(self, person: Person) -> Answers:
        with self._lock:
            found = self._people.pop(person.name, None) or Answers()
            self._people[person.name] = found
            while len(self._people) > MOST_PEOPLE:
                self._people.popitem(last=False)
            return found

    def _due(self, answers: Answers) -> list[str]:
        """Name the repositories about which what is known is too old."""
        before = self._clock() - self._fresh
        return [name for name in self._mine if answers.levels.get(name, (NONE, float("-inf")))[1] < before]

    def _ask(self, person: Person, answers: Answers, due: list[str]) -> None:
        """Ask about these repositories at once; what is not answered keeps its last answer."""
        end = time.monotonic() + ANSWERS_WITHIN

        def one(repository: str) -> tuple[str, str | None]:
            left = end - time.monotonic()
            if left <= 0:
                return repository, None
            try:
                with within(left):
                    level = self._client().permission(repository.partition("/")[2], person.name)
            except (ForgeUnavailable, ForgeRefused, TimeoutError):
                return repository, None
            return repository, level if level in LEVELS else NONE

        now, said = self._clock(), dict(self._asking.map(one, due))
        answers.levels = {
            **answers.levels,
            **{repository: (level, now) for repository, level in said.items() if level is not None},
        }
        answers.silent = None in said.values()
        answers.tried_at = self._clock()
