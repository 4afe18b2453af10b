"""What routing decides about and what it answers with: frozen data, the same for every kind of event."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pushboat.config.environment import Environment
from pushboat.config.project import Limits
from pushboat.errors import Mistake
from pushboat.model.approval import Approval
from pushboat.model.ask import Answer
from pushboat.model.deployment import Promoted
from pushboat.model.footprint import Stand
from pushboat.model.forge_answer import Answered, Reviewed
from pushboat.model.hold import Hold, Scope
from pushboat.model.merge_group import Queued
from pushboat.model.pin import Compared
from pushboat.model.release import Release
from pushboat.model.standing import Standing
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing.approving import Approve, Carry, Unapprove
from pushboat.routing.followed import Back, Commit, Newest
from pushboat.routing.group_acts import Drop, Enter
from pushboat.routing.pin_acts import RequestPins


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploy:
    """Queue a deployment (or, with `kind` plan, what it would change) in the lane of `environment` and `number`.

    `once` skips it where the lane's newest deployment is of that commit already (a merge arrives twice), or a plan's.
    `release` makes it a rollback, which brings that release back as it is stored; `sha` is then its commit.
    `prune_many` lets this one deployment delete more than the guard would; `skip_hooks` lets a removal run no hooks.
    `base` is the branch that a plan's commit would be merged into: then that merge is planned. `pull_request` is whose
    commit is deployed before its merge into what the environment `follows`. `holds` are what it begins with; `glass` is
    why its asker passes what can be passed so. `forge_number` is the forge's own deployment that asks for it (0: none
    does). `promoted` is what it was promoted from; `same` the environment, where the commit changes nothing.
    """

    kind: Kind
    environment: str
    ref: str
    sha: str
    author: str
    trigger: Trigger
    number: int = 0
    once: bool = False
    prune_many: bool = False
    release: int = 0
    skip_hooks: bool = False
    base: str = ""
    pull_request: int = 0
    follows: str = ""
    holds: tuple[Hold, ...] = ()
    glass: str = ""
    forge_number: int = 0
    promoted: Promoted | None = None
    same: Stand | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Post a commit status that no deployment stands behind.

    `number` is the pull request that is told so (0: none): others may ask about the same commit. `base` is the branch
    that it would be merged into, where it may be planned for what that gains. `first`: not where it was deployed.
    """

    sha: str
    context: str
    state: State
    description: str
    ref: str = ""
    number: int = 0
    base: str = ""
    first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Let a pull request, or a merge queue's head, ask about its commit no more; what was `merged` stays answered.

    `sha` is the one commit that is meant (empty: whichever it is): a queue makes heads one after the other.
    """

    number: int
    merged: bool = False
    sha: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """Take back what an earlier look found wrong with a commit's file: it is as it should be now.

    `only` names the one context that this is known of; `ref` is what was looked at again: of another ref with the same
    commit, nobody knows yet what it deploys.
    """

    sha: str
    only: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Answer in the pull request's conversation, or below the commit `sha` where there is none.

    What has a name in `once` is said there only the first time.
    """

    number: int
    body: str
    once: str = ""
    sha: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Stop what waits or runs in the lane of `environment`, because `by` wants it.

    With a `pull_request` (0: whatever it is) only what is that one's, and has written nothing yet.
    """

    environment: str
    by: str
    pull_request: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PutHold:
    """Let nothing in the hold's scope start; the store sets its number and since when it stands."""

    hold: Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftHold:
    """Take the hold of this kind, scope and subject away; what waited for it may start."""

    kind: str
    scope: Scope
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Note that a commit's file has an environment no more while something of it runs, and say so beside the commit."""

    environment: str
    sha: str
    ref: str
    description: str


OfHolds = PutHold | LiftHold | Approve | Unapprove | Carry
OfGroups = Enter | Drop
Act = Answered | Reviewed | Deploy | Post | Reply | Cancel | OfHolds | Leave | Withdraw | Mend | OfGroups | RequestPins


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Everything that one delivery leads to, and one sentence that says it (or why nothing, and what to do).

    `details` are for who wants all of it: every mistake of the commit's file, a line each. `answer` stands where
    somebody asked for it.
    """

    acts: tuple[Act, ...]
    sentence: str
    details: str = ""
    answer: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """What the forge says of a pull request at the moment of asking."""

    number: int
    head_sha: str
    head_ref: str
    base_ref: str
    fork: bool
    open: bool
    merged: bool = False
    opener: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the worker found out before deciding.

    `environments`: the effective environments at the commit, by name (repository's file under the operator's limits).
    `mistakes`: of the commit's `.pushboat.yaml`; then `environments` is empty and `named` lists the environments that
    could still be read from it. The rest is for asks: `limits` are the operator's, by environment; `permission` is the
    forge's word on the asker, one of admin, maintain, write, triage, read, none; `commit` is set where the command is
    about one, `pull_request` for comments; `standings` say what runs where, `holds` what the repository's environments
    wait for, `releases` what the ask's environment had so far, newest first. For a push, `standings` are of those
    environments alone that the operator's file has and the commit's has not; `followed` is the branch, or for a
    tag the tags, of each, as what runs there has it; `repository` is `github/acme/shop`.
    `behind` is the base branch of the pull request where the commit lacks something of it; `back` says what runs, where
    the commit is an older one.
    `moved` says where people see what changed, where the pull request's head is another one by now than the asker saw.
    `own_account` is set where the asker is the account that we act as, which the operator does not let command: how we
    could get one of our own. `silent`: nobody comments on the forge. `teams` are those of the operator's lists that the
    asker is in. Of an approval: `approvals` are those of the commit here, `behind_it` is who cannot give one, by the
    name as forges compare it, and why. Of a pull request: `closed` says that it is by now; `head` is its newest one,
    where what we were told is in doubt. Of a check that is to run again: `beside` are others of the same head.
    Of one that has ended: `holds` and `standings` are of the environments that are pinned to it, and `newest` is what
    those go back to that its merge does not deploy to. `groups` are the merge queue's that nobody decided about yet.
    `files` are those of other commits that may be deployed now (a group's, the newest of what is followed); `untouched`
    stand as the commit's deployment would leave them; `compared` is set where a pull request is to move pins.
    """

    environments: Mapping[str, Environment]
    mistakes: tuple[Mistake, ...] = ()
    named: tuple[str, ...] = ()
    has_file: bool = True
    limits: Mapping[str, Limits] = field(default_factory=dict)
    pull_request: PullRequest | None = None
    beside: tuple[PullRequest, ...] = ()
    permission: str = ""
    commit: Commit | None = None
    standings: tuple[Standing, ...] = ()
    holds: tuple[Hold, ...] = ()
    files: Mapping[str, Mapping[str, Environment]] = field(default_factory=dict)
    releases: tuple[Release, ...] = ()
    public_url: str = ""
    followed: Mapping[str, str] = field(default_factory=dict)
    repository: str = ""
    behind: str = ""
    moved: str = ""
    own_account: str = ""
    closed: bool = False
    head: str = ""
    newest: tuple[Newest, ...] = ()
    groups: tuple[Queued, ...] = ()
    back: Back | None = None
    silent: bool = False
    teams: frozenset[str] = frozenset()
    approvals: tuple[Approval, ...] = ()
    behind_it: Mapping[str, str] = field(default_factory=dict)
    untouched: Mapping[str, Stand] = field(default_factory=dict)
    compared: Compared | None = None
