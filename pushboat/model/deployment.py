"""A deployment: bringing one environment to one revision. A plan is the same thing without the writing."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import StrEnum

from pushboat.model.caption import Caption
from pushboat.model.container_log import ContainerLog
from pushboat.model.state import Kind, State, Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many objects a change set created, configured, recreated, left unchanged and deleted; and were refused."""

    created: int = 0
    configured: int = 0
    unchanged: int = 0
    deleted: int = 0
    recreated: int = 0
    refused: int = 0

    @property
    def total(self) -> int:
        """Count the objects that the revision has, deleted ones apart."""
        return self.created + self.configured + self.recreated + self.unchanged + self.refused

    @property
    def changes_something(self) -> bool:
        """Say whether any object is not left as it was."""
        return bool(self.created or self.configured or self.recreated or self.deleted)


def total(every: Iterable[Counts]) -> Counts:
    """Add up what several change sets do."""
    found = list(every)
    names = [each.name for each in fields(Counts)]
    return Counts(**{name: sum(getattr(each, name) for each in found) for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Where deployments queue up, one at a time, newest first.

    `repository` is the forge's name and the full path (`github/acme/shop`). `number` is 0 for the environment
    itself; a pull request's plans queue in lanes of their own and hold nobody up.
    """

    repository: str
    environment: str
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """Which environment's release a promotion brings on; `release` is 0 where it has no number."""

    environment: str
    release: int = 0

    @property
    def sentence(self) -> str:
        """Name it."""
        return f"{self.environment} release {self.release}" if self.release else self.environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One thing that is waited for: its kind and sentence, who can end it in words, and the command that does.

    `since` when it stands and `until` when, in seconds since the epoch; `id` is the hold's number.
    """

    sentence: str
    who: str = ""
    ends_by: str = ""
    kind: str = ""
    since: float = 0.0
    until: float | None = None
    id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One row of the ledger, as it stood when it was read. Times are seconds since the epoch, by the store's clock.

    `waits` is the sentence that says why a queued one does not run yet; it belongs to the moment of reading, as do
    `held` (until a person or the clock lets it go), `ends_by`, the command that does, and `holds`: each thing that it
    waits for, in the order in which they will end.
    `begun` says that it has set out to write in the cluster; `glass` why its asker broke the glass (empty: did not),
    `promoted` what it was promoted from, where it is a promotion.
    `logs` are its containers' last words, which may be shown in fewer places than its `details`.
    `again` is the stored release that a rollback brings back, or that drift is put back to (0: it is neither),
    `release` the one that it became by getting through (0: none).
    `mends` is the failed deployment that a rollback answers by itself (0: it does not); `aftermath` is the end of a
    failure's `reason`, which says what became of that. `rolls_back` says that its environment wants what it leaves
    halfway answered by a rollback; it is known once it has set out to write.
    `same_as` is the deployment whose outcome it repeats, since its commit changes nothing that one read: nobody carried
    it out (0: it is none of those). `caption` is what its commit says of itself.
    `base` is the branch that a plan's commit would be merged into (empty: the commit is planned as it is), `base_sha`
    where that branch stood when it was planned. `pull_request` is whose commit a deployment brings before the merge
    (0: nobody's), `follows` the ref, or the pattern of tags, that the environment followed when one did that last.
    `prune_many` says that somebody who may consented to a large prune, for this one; `skip_hooks` that a removal is to
    run none. `trouble_step` names the step that
    an outage of the world keeps from being done, where there is one.
    """

    id: int
    kind: Kind
    lane: Lane
    ref: str
    sha: str
    state: State
    reason: str = ""
    details: str = ""
    logs: tuple[ContainerLog, ...] = field(default=(), repr=False)
    attempts: int = 0
    author: str = ""
    trigger: Trigger = Trigger.PUSH
    delivery: int | None = None
    created_at: float = 0.0
    started_at: float | None = None
    finished_at: float | None = None
    counts: Counts = field(default_factory=Counts)
    successor: int | None = None
    successor_sha: str = ""
    successor_contains: bool = False
    cancelled_by: str = ""
    prune_many: bool = False
    again: int = 0
    skip_hooks: bool = False
    base: str = ""
    base_sha: str = ""
    pull_request: int = 0
    follows: str = ""
    release: int = 0
    mends: int = 0
    aftermath: str = ""
    rolls_back: bool = False
    trouble_step: str = ""
    waits: str = ""
    held: bool = False
    ends_by: str = ""
    holds: tuple[Held, ...] = ()
    begun: bool = False
    glass: str = ""
    promoted: Promoted | None = None
    same_as: int = 0
    caption: Caption = field(default=Caption())

    @property
    def heals(self) -> bool:
        """Say whether it only puts drift back: it brings the release that runs already, and makes none."""
        return self.trigger is Trigger.SELF_HEAL

    @property
    def kind_word(self) -> str:
        """Call it what people call it."""
        return "deployment" if self.kind is Kind.DEPLOY else str(self.kind)

    @property
    def path(self) -> str:
        """Name its page below the public URL."""
        return f"/{'plans' if self.kind is Kind.PLAN else 'deployments'}/{self.id}"


def is_only_found(deployment: Deployment) -> bool:
    """Say whether it was found in a cluster, or in git, after the store was lost: nobody here has seen it healthy."""
    return deployment.trigger is Trigger.RECOVERY and not deployment.again


def goes_back(deployment: Deployment) -> bool:
    """Say whether somebody wants an earlier release by it, and not once more what runs there anyway."""
    return bool(deployment.again) and deployment.trigger not in (Trigger.SELF_HEAL, Trigger.RECOVERY)


class Subject(StrEnum):
    """What is decided about in turns."""

    LANE = "lane"
    REPOSITORY = "repository"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a claim is known by while its lease is prolonged: `key` is the deployment that runs, or a repository."""

    subject: Subject
    key: int | str
    fence: int
    owner: str

    def __str__(self) -> str:
        """Name what was claimed."""
        return f"deployment {self.key}" if self.subject is Subject.LANE else str(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A worker's right to write one lane until `lease_until` (store clock), as long as no higher fence exists.

    `took_over` says that an earlier worker's lease expired without an end: its last writes may still be in flight.
    """

    deployment: Deployment
    fence: int
    owner: str
    lease_until: float
    took_over: bool = False

    @property
    def turn(self) -> Turn:
        """Give what the lease is renewed by."""
        return Turn(subject=Subject.LANE, key=self.deployment.id, fence=self.fence, owner=self.owner)


@dataclass(frozen=True, slots=True)
class Late:
    """Which deployment is newer than one that comes after it, and whether its commit contains the late one."""

    newer: int
    contains: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One line of a deployment's story: `phase` is a word (queued, checkout, render, …), `text` a sentence."""

    id: int
    deployment: int
    at: float
    phase: str
    text: str


def ids_of(deployment: Deployment) -> dict[str, str | int | None]:
    """Name a deployment as lines of the log do: by its own id, its delivery's, its repository and its environment."""
    return {
        "deployment": deployment.id,
        "delivery": deployment.delivery,
        "repository": deployment.lane.repository,
        "environment": deployment.lane.environment,
    }


def short(sha: str) -> str:
    """Shorten a sha for people."""
    return sha[:7]
