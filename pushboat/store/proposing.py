"""What a decision asks about the commits of pull requests, and what it tells them, in its own transaction."""

from pushboat.model.plan_summary import CONTEXT
from pushboat.model.state import Kind, State
from pushboat.model.status import Status
from pushboat.routing import Decision, Deploy, Mend, Post, Withdraw
from pushboat.store import clearing, proposals
from pushboat.store.announcing import announce_status, answer, show
from pushboat.store.database.transaction import Transaction
from pushboat.store.deployments import was_deployed
from pushboat.store.sticky_marks import mark

_RED = (State.FAILED, State.ERRORED)


def propose(tx: Transaction, repository: str, decision: Decision, *, begun: bool = False) -> None:
    """Let pull requests ask what this decision is about; before anything is told.

    `begun`: some of it has, and what they ask since then they go on asking.
    """
    told = [act for act in decision.acts if isinstance(act, Post) and act.number]
    plans = [act for act in decision.acts if isinstance(act, Deploy) and act.kind is Kind.PLAN]
    about = [*((act.number, act.sha) for act in told), *((act.number, act.sha) for act in plans)]
    for number, sha in dict.fromkeys(about):
        posts = {act.context for act in told if act.number == number}
        mine = [act for act in plans if act.number == number]
        contexts = {CONTEXT, *posts, *(f"{CONTEXT}/{act.environment}" for act in mine if not act.once)}
        bases = [*(act.base for act in mine), *(act.base for act in told if act.number == number)]
        base = next(filter(None, bases), "")
        more = begun or CONTEXT not in posts
        show(tx, repository, proposals.ask(tx, repository, number, sha, sorted(contexts), base, more=more))


def post(tx: Transaction, repository: str, act: Post, shown: Status) -> None:
    """Tell a pull request, or show beside a pushed commit; what is wrong there is remembered until it is mended."""
    if act.first and was_deployed(tx, repository, act.context.partition("/")[2], act.sha):
        return
    if act.number:
        answer(tx, repository, act.number, act.sha, shown)
    elif act.state in _RED:
        show(tx, repository, ((act.sha, proposals.note(tx, repository, act.sha, shown)),))
    else:
        announce_status(tx, repository, act.sha, shown)


def take_back(tx: Transaction, repository: str, decision: Decision) -> None:
    """Take back what an earlier look found wrong with a commit, except where its deployments speak now, and what is
    proposed no more; after the locks of the environments' lanes, as where a deployment ends."""
    spoken_for = {f"pushboat/{act.environment}" for act in decision.acts if isinstance(act, Deploy)}
    for act in decision.acts:
        if isinstance(act, Withdraw):
            mark(tx, repository, act.number)
            gone = proposals.withdraw(tx, repository, act.number, merged=act.merged, only=act.sha)
            show(tx, repository, gone)
        elif isinstance(act, Mend):
            show(tx, repository, clearing.mended(tx, repository, act, spoken_for))
