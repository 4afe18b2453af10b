"""Which environments a pushed commit leaves as they are: by git's trees alone, without a check-out or a render.

Whatever is not sure counts as touched: what is asked at each start (gates, signatures), what other environments of the
repository may have a word in, what follows another ref. Whether an environment stands, the store says, and says it
again in the transaction that goes by it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, partial

from pushboat.config.environment import Environment
from pushboat.config.policy import DENY, ELSEWHERE
from pushboat.errors import CheckoutFailed, ForgeRefused, StoreUnavailable, Unavailable
from pushboat.events import Event, EventKind
from pushboat.model.delivery import DeliveryRow
from pushboat.model.footprint import Stand
from pushboat.routing import ENDED, Facts
from pushboat.store import footprints
from pushboat.store.footprints import Commit
from workers.render.settings import around_of, settings_of
from workers.routing import neighbouring
from workers.routing.recalling import Memory, Recalled
from workers.source import checkout
from workers.source.environments import fetched, merge_of
from workers.tools import Tools, split


def with_untouched(tools: Tools, name: str, row: DeliveryRow, facts: Facts) -> Facts:
    """Add the environments that stand as the commit's deployment would leave them.

    Raises:
        CheckoutFailed, ForgeUnavailable, ForgeRefused: the commit cannot be had.
    """
    commit = _commit(row)
    if commit is None or not facts.environments or facts.closed or facts.head not in ("", row.event.sha):
        return facts
    found = _untouched(tools, name, row, facts, commit)
    if not found:
        return facts
    needed = {need for each in facts.environments.values() for need in each.needs}
    stand = (replace(each, needed=True) if each.environment in needed else each for each in found)
    return replace(facts, untouched={each.environment: each for each in stand})


def _untouched(tools: Tools, name: str, row: DeliveryRow, facts: Facts, commit: Commit) -> list[Stand]:
    """Find them; what was found of the branch's last commit is only held against what differs."""
    around = cache(partial(around_of, tools.operator))
    recalled = _MEMORY.find(tools.operator, name, commit.ref) if neighbouring.nobody_meets(tools, name) else None
    known = recalled.stands if recalled else footprints.NOTHING
    stand = footprints.standing(tools.store, name, commit, tools.operator.drift_every, known)
    proposed = _is_proposed(row.event)
    sha = _merge_of(tools, name, row.event) if stand and proposed else commit.sha
    if not stand or not sha:
        return []
    tree, changed = _changed(tools, name, sha, recalled.tree if recalled else "")
    sure = recalled.sure(facts.environments, around, changed) if recalled and changed is not None else frozenset()
    same = [each for each in stand if each.last in sure]
    same += _same(tools, name, sha, _likely(tools, name, facts, commit, [one for one in stand if one.last not in sure]))
    if not proposed:
        clusters = {each.cluster for each in facts.environments.values()}
        now = Recalled(
            operator=tools.operator,
            around={cluster: around(cluster) for cluster in clusters},
            environments=facts.environments,
            tree=tree,
            stands={each.last: each for each in same},
        )
        _MEMORY.keep(name, commit.ref, now)
    return sorted(same, key=lambda each: each.environment)


def _changed(tools: Tools, name: str, sha: str, before: str) -> tuple[str, frozenset[str] | None]:
    """Name a commit's tree, and all paths at which it differs from the one `before`; None where that is not known."""
    return fetched(tools, name, lambda remote: checkout.changed_since(tools.git_caches, remote, sha, before))


def _likely(tools: Tools, name: str, facts: Facts, commit: Commit, stand: Iterable[Stand]) -> list[Stand]:
    """Pick those for which nothing but the commit's files can make a difference."""
    branch = commit.ref.removeprefix("refs/heads/")
    of_cluster = cache(partial(around_of, tools.operator))
    likely = [
        each
        for each in stand
        if (found := facts.environments.get(each.environment))
        and found.branch == branch
        and not _asks_at_each_start(tools, name, found)
        and each.footprint.settings == settings_of(tools.operator, name, found, of_cluster(found.cluster))
    ]
    alone = neighbouring.alone(tools, name, [each.environment for each in likely]) if likely else ()
    return [each for each in likely if each.environment in alone]


def _same(tools: Tools, name: str, sha: str, likely: Sequence[Stand]) -> list[Stand]:
    """Pick those of which every root is what it was."""
    if not likely:
        return []
    paths = sorted({path for each in likely for path in each.footprint.roots})
    now = fetched(tools, name, lambda remote: checkout.objects_at(tools.git_caches, remote, sha, paths))
    return [each for each in likely if all(now.get(path) == there for path, there in each.footprint.roots.items())]


def _commit(row: DeliveryRow) -> Commit | None:
    """Say which commit a delivery brings to a branch, or would; None where it asks, comes again, is the first look."""
    event = row.event
    if row.ask or row.replayed or event.found == "first":
        return None
    if event.kind is EventKind.PUSH and event.branch:
        return Commit(ref=event.ref, sha=event.sha, delivery=row.id)
    if event.kind is EventKind.PULL_REQUEST and event.action == "merged" and event.merged_sha:
        return Commit(ref=f"refs/heads/{event.base_ref}", sha=event.merged_sha, delivery=row.id)
    if _is_proposed(event):
        return Commit(ref=f"refs/heads/{event.base_ref}", sha=event.sha, delivery=row.id)
    return None


def _is_proposed(event: Event) -> bool:
    """Say whether an event is of a commit that a merge would bring, and that may be looked at."""
    return event.kind is EventKind.PULL_REQUEST and event.fork is False and event.action not in (*ENDED, "merged")


def _merge_of(tools: Tools, name: str, event: Event) -> str:
    """Give the commit that merging would make; empty where that is not known at once: its plans find out."""
    forge, path = split(name)
    try:
        tip = tools.client(forge).head(path, f"refs/heads/{event.base_ref}")
        return merge_of(tools, name, tip, event.sha, event.base_ref) if tip else ""
    except StoreUnavailable:
        raise
    except (CheckoutFailed, ForgeRefused, Unavailable):
        return ""


def _asks_at_each_start(tools: Tools, name: str, environment: Environment) -> bool:
    limits = tools.operator.limits(name, environment.name)
    if limits is None or environment.signed or limits.gates:
        return True
    return limits.policy.verdict(ELSEWHERE) == DENY  # of files that no render reads, too


_MEMORY = Memory()
