"""Arrival order is not commit order: ask which older deployments a new one contains, and whether it is late itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from pushboat.errors import ForgeRefused, StoreUnavailable, Unavailable
from pushboat.events import Event
from pushboat.forges.protocol import Client
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Deployment, Lane, Late, short
from pushboat.model.footprint import Stand
from pushboat.model.refs import TAGS
from pushboat.model.state import BY_NAME, BY_THEMSELVES, Kind, Trigger
from pushboat.model.status import clip
from pushboat.model.wording import printable
from pushboat.routing import Decision, Deploy, Leave
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.versions import is_older
from pushboat.store import repetitions, routing_jobs
from pushboat.store.repetitions import Repetition
from workers.tools import Tools, split

DoWithout = Callable[[Unavailable | ForgeRefused], None]
"""Raises while a question that met this trouble shall be asked again; returns when it is to be done without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`contained`: ids of unfinished deployments whose commit the new one contains. `outdated`: environment → a newer
    deployment, for which the new one then only steps back. `ahead`: environments where the new one is newer whatever
    was accepted after it. `doubts`: what the forge could not say, a sentence each, and what we took it for."""

    contained: frozenset[int] = frozenset()
    outdated: dict[str, Late] = field(default_factory=dict)
    ahead: frozenset[str] = frozenset()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Questions:
    """Asks the forge about one repository's commits, each thing once for all environments, and does without the answers
    that do not come in time."""

    client: Client
    forge: str
    path: str
    do_without: DoWithout
    doubts: list[str] = field(default_factory=list)
    answers: dict[tuple[str, str], bool] = field(default_factory=dict)

    def contains(self, ancestor: str, descendant: str) -> bool:
        doubt = f"whether {short(descendant)} contains {short(ancestor)}; taken as not contained"
        question = partial(self.client.contains, self.path, ancestor, descendant)
        return self._once((ancestor, descendant), question, doubt)

    def moved_on(self, ref: str, sha: str) -> bool:
        doubt = f"where {printable(ref, 80)} stands; taken as not late"
        return self._once((ref, sha), lambda: self.client.head(self.path, ref) != sha, doubt)

    def _once(self, about: tuple[str, str], question: Callable[[], bool], doubt: str) -> bool:
        if about not in self.answers:
            self.answers[about] = self._answered(question, doubt)
        return self.answers[about]

    def _answered(self, question: Callable[[], bool], doubt: str) -> bool:
        """Give the forge's answer; no where it gives none."""
        try:
            return question()
        except StoreUnavailable:
            raise
        except (Unavailable, ForgeRefused) as trouble:
            self.do_without(trouble)
        self.doubts.append(f"{self.forge} could not say {doubt}")
        return False


def order(tools: Tools, repository: str, row: DeliveryRow, decision: Decision, do_without: DoWithout) -> Order:
    """Ask the forge how the commits of a decision stand to what is already queued or running.

    Raises:
        ForgeUnavailable: it did not say, and there is time to ask again.
    """
    forge, path = split(repository)
    questions = _Questions(client=tools.client(forge), forge=forge, path=path, do_without=do_without)
    contained: set[int] = set()
    outdated: dict[str, Late] = {}
    ahead: set[str] = set()
    seen: set[str] = set()
    changed = [act for act in decision.acts if isinstance(act, Deploy) and not (act.same or _goes_anyway(act))]
    stands = routing_jobs.stands(tools.store, repository, [_lane(repository, act) for act in changed])
    known = repetitions.listed(tools.store, repository)
    passed = {environment: each for each in known for environment in each.environments}
    for act in decision.acts:
        if isinstance(act, Leave) and _left_before(tools, questions, repository, row, act):
            outdated[act.environment] = Late(0)
        at = _stands_at(act.same, passed) if isinstance(act, Deploy) and act.same else ""
        if not isinstance(act, Deploy) or (at and at in (row.event.before, *seen)) or _goes_anyway(act):
            continue
        lane = _lane(repository, act)
        found = stands.get(lane) or routing_jobs.stands(tools.store, repository, [lane])[lane]
        newest = found.newest
        if newest is None or act.kind is Kind.PLAN:
            # A plan is of the head as it stands, whoever wants it: an older one has nothing more to say.
            contained |= {older.id for older in found.unfinished}
            continue
        tags = _are_tags(act, newest)
        late = _steps_back(questions, row, act, newest, tags=tags) or _asked_since(tools, questions, row, act, newest)
        if late:
            outdated[act.environment] = late
            continue
        seen |= {at} if at else set()
        if tags and newest.trigger in (*BY_THEMSELVES, Trigger.ON_FAILURE):  # what a person asked for goes by its time
            ahead.add(act.environment)
        elif _came_later(newest, row):
            continue  # the store lets this one step back
        for older in found.unfinished:
            if older.sha == act.sha or questions.contains(older.sha, act.sha):
                contained.add(older.id)
    return Order(
        contained=frozenset(contained),
        outdated=outdated,
        ahead=frozenset(ahead),
        doubts=tuple(questions.doubts),
    )


def _lane(repository: str, act: Deploy) -> Lane:
    return Lane(repository=repository, environment=act.environment, number=act.number)


def _stands_at(same: Stand, passed: Mapping[str, Repetition]) -> str:
    """Say at which commit an environment stands: nothing waits where all stays as it is, so that one may be known to
    have come before."""
    by = passed.get(same.environment)
    return by.sha if by and by.leaves(same.environment, same.last) else same.last_sha


def _goes_anyway(act: Deploy) -> bool:
    """Say whether no forge is asked: a rollback brings back what is older by intent, a removal nothing at all, a merge
    group waits for all that is before it.
    """
    return bool(act.release) or act.kind is Kind.REMOVAL or act.trigger is Trigger.MERGE_QUEUE


def _steps_back(questions: _Questions, row: DeliveryRow, act: Deploy, newest: Deployment, *, tags: bool) -> Late | None:
    if tags:
        return _by_version(questions, act, newest)
    if _came_later(newest, row):  # and was routed before
        contained = act.sha == newest.sha or questions.contains(act.sha, newest.sha)
        return Late(newest.id) if contained else None
    return Late(newest.id) if _is_late(questions, row.event, act, newest) else None


def _asked_since(tools: Tools, questions: _Questions, row: DeliveryRow, act: Deploy, newest: Deployment) -> Late | None:
    """Say what is newer of what is followed where somebody named a commit since: a late push does not undo that."""
    if act.trigger not in BY_THEMSELVES or newest.trigger in BY_THEMSELVES or newest.kind is Kind.REMOVAL:
        return None
    lane, tags = newest.lane, act.ref.startswith(TAGS)
    if tags and newest.trigger not in BY_NAME:
        return None  # what a rollback went back from says nothing about a mend of the older line
    last = routing_jobs.newest_by_itself(tools.store, lane, TAGS if tags else act.ref)
    if last is None or last.sha == act.sha:
        return None
    if tags:
        return _by_version(questions, act, last)
    return Late(last.id) if _is_late(questions, row.event, act, last) else None


def _came_later(newest: Deployment, row: DeliveryRow) -> bool:
    return (newest.delivery or 0) > row.id


def _are_tags(act: Deploy, newest: Deployment) -> bool:
    """Say whether two different tags were pushed, one after the other or together."""
    tags = act.ref.startswith(TAGS) and newest.ref.startswith(TAGS) and act.ref != newest.ref
    brought = newest.kind is not Kind.REMOVAL  # after which everything begins anew
    return tags and brought and act.trigger in BY_THEMSELVES and act.sha != newest.sha


def _by_version(questions: _Questions, act: Deploy, newest: Deployment) -> Late | None:
    """Say for what a pushed tag steps back, whenever it arrived: a commit that contains its own, or a newer version."""
    if questions.contains(act.sha, newest.sha):
        return Late(newest.id)
    if questions.contains(newest.sha, act.sha):
        return None
    older = is_older(act.ref.removeprefix(TAGS), newest.ref.removeprefix(TAGS))
    return Late(newest.id, contains=False) if older else None


def _left_before(tools: Tools, questions: _Questions, repository: str, row: DeliveryRow, act: Leave) -> bool:
    """Say whether a commit without an environment is older than what is there: it came into the file since."""
    newest = routing_jobs.newest(tools.store, Lane(repository=repository, environment=act.environment))
    if newest is None or newest.sha == row.event.before:
        return False
    if newest.sha == act.sha or questions.contains(act.sha, newest.sha):
        return True
    tags = act.ref.startswith(TAGS) and newest.ref.startswith(TAGS) and not questions.contains(newest.sha, act.sha)
    return tags and is_older(act.ref.removeprefix(TAGS), newest.ref.removeprefix(TAGS))


def _is_late(questions: _Questions, event: Event, act: Deploy, newest: Deployment) -> bool:
    """Say whether a push arrived after a newer one of the same ref: only then is the ref's head another commit."""
    if act.trigger not in BY_THEMSELVES or newest.ref != act.ref:
        return False
    if newest.sha in (act.sha, event.before) or not questions.contains(act.sha, newest.sha):
        return False
    return questions.moved_on(act.ref, act.sha)


def told(decision: Decision, doubts: tuple[str, ...]) -> Decision:
    """Let a decision say what it had to be taken without."""
    if not doubts:
        return decision
    sentence = clip("; ".join((decision.sentence, *doubts)), LONGEST_SENTENCE)
    return replace(decision, sentence=sentence, details="\n".join((decision.details, *doubts)).strip())
