"""Deploy a commit: the head that a comment's writer saw, or else the head of the branch that is followed.

Whoever is among the environment's `deployers` may. A head that has moved since is refused, with what changed; a replay
of the command still means the commit of then. A fork's commits, and those of a closed pull request, are not
deployed. A pull request's commit pins the environment to that pull request until it is merged, closed or unlocked:
pushes wait, and other pull requests are refused; a button below the commit means the pull request as well. A release
that a rollback pinned is let go. With `--prune` this one deployment may delete more than half of what is there; on a
merged pull request that is said about the environment's newest deployment, which was refused. With
`--break-glass "reason"` it passes freezes, needs and gates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pushboat.config.environment import Environment
from pushboat.config.project import REFUSE
from pushboat.errors import CommandRefused
from pushboat.model.ask import Ask, Source
from pushboat.model.deployment import short
from pushboat.model.hold import Hold
from pushboat.model.refs import followed_ref
from pushboat.model.state import Kind, State, Trigger
from pushboat.model.wording import code, printable
from pushboat.routing.command import PRUNE, PRUNING, Command, Option
from pushboat.routing.decision import Act, Decision, Deploy, Facts, LiftHold, PullRequest, PutHold
from pushboat.routing.forge_deployments import number_of
from pushboat.routing.glass import BREAKING, broken, in_reply
from pushboat.routing.holds import PIN, UNMERGED
from pushboat.routing.holds import sentence as sentence_of
from pushboat.routing.naming import active, back_from, scope_of, unpinned
from pushboat.routing.permission import deployers_only
from pushboat.routing.saying import done, moved_on

TRIGGERS = {
    Source.COMMENT: Trigger.COMMENT,
    Source.COMMAND: Trigger.COMMAND,
    Source.BUTTON: Trigger.BUTTON,
    Source.API: Trigger.API,
    Source.PAGE: Trigger.PAGE,
    Source.DEPLOYMENT: Trigger.DEPLOYMENT,
}


def lead(ask: Ask, facts: Facts) -> Decision:
    """Queue the deployment and say of which commit."""
    consent = PRUNE in ask.arguments
    if facts.pull_request and not (consent and facts.pull_request.merged and facts.commit):
        _refuse_by_pull_request(facts.pull_request)
    commit = facts.commit
    assert commit is not None, "the worker finds the commit before a command about one is routed"
    if facts.pull_request and facts.moved:
        raise moved_on(ask, facts, commit.sha, facts.pull_request.head_sha)
    held = unpinned(ask, facts)
    environment = active(ask, facts, commit)
    proposed = _proposed(facts, environment)
    whose = proposed or commit.pull_request  # at the terminal it pins nothing, and is as unmerged
    act = Deploy(
        kind=Kind.DEPLOY,
        environment=environment.name,
        ref=commit.ref,
        sha=commit.sha,
        author=ask.who,
        trigger=TRIGGERS.get(ask.source, Trigger.COMMAND),
        prune_many=consent,
        pull_request=whose,
        follows=followed_ref(environment.branch, environment.tag) if whose else "",
        glass=broken(ask, facts)[0],
        forge_number=number_of(ask),
    )
    pin = Hold(
        kind=UNMERGED,
        scope=scope_of(ask),
        by=printable(ask.who),
        subject=f"#{proposed}",
        pull_request=proposed,
        sha=commit.sha,
    )
    sentence, text = _words(ask, facts, environment, held, proposed)
    return done(ask, sentence, text, *_set_aside(held, proposed), *((PutHold(hold=pin),) if proposed else ()), act)


def _set_aside(held: Sequence[Hold], proposed: int) -> Iterator[Act]:
    """Let go what pinned the environment; what a rollback pinned lets a pull request pass, and goes once that begins.

    A commit that fails before it has written anything has taken nobody's place.
    """
    for each in held:
        if proposed and each.kind == PIN:
            yield PutHold(hold=replace(each, pull_request=proposed))
        else:
            yield LiftHold(kind=each.kind, scope=each.scope, subject=each.subject)


def _words(ask: Ask, facts: Facts, environment: Environment, held: Sequence[Hold], proposed: int) -> tuple[str, str]:
    """Say what follows: in a sentence, and in the reply's words."""
    commit, behind, passing = facts.commit, _behind(ask, facts), broken(ask, facts)[1]
    assert commit is not None
    unmerged = f" of #{commit.pull_request}, which is not merged," if commit.pull_request else ""
    of = f" of #{facts.pull_request.number}" if facts.pull_request else unmerged
    may = ", and may delete most of what is there" if PRUNE in ask.arguments else ""
    sentence = f"deploying {short(commit.sha)}{of} to {environment.name}{may}, as {printable(ask.who)} said"
    sentence += f"; it is behind {printable(facts.behind, 80)}" if behind else ""
    body = (
        f"Deploying {code(short(commit.sha))}{unmerged} to {environment.name}{may}. How it goes stands beside the "
        f"commit, as {code(f'pushboat/{environment.name}')}; how it ends, here."
    )
    if proposed:
        pins_it = f"{environment.name} is pinned to #{proposed} until that is merged or closed, or somebody says "
        body = f"{body} {pins_it}{code(f'/deploy unlock {environment.name}')}; pushes wait for it."
    sentence += f"; it was {'; '.join(map(sentence_of, held))}" if held else ""
    back = back_from(facts, stays=bool(proposed))
    sentence += "".join(f"; {each}" for each in (back, passing) if each)
    text = "\n\n".join(each for each in (body, commit.doubt, behind, back and f"It {back}.", in_reply(passing)) if each)
    return sentence, text


def _behind(ask: Ask, facts: Facts) -> str:
    """Warn of a commit that lacks something of its pull request's base, or refuse it where the operator wants that."""
    if not facts.behind:
        return ""
    number = facts.pull_request.number if facts.pull_request else ask.number
    of = f"#{number} is behind {code(facts.behind)}"
    if facts.limits[ask.environment].require_up_to_date == REFUSE:
        raise CommandRefused(f"{of}: what came there since would go from {ask.environment}. Update the branch first.")
    return f"{of}: what came there since is not part of this."


def _proposed(facts: Facts, environment: Environment) -> int:
    """Give the pull request whose commit is not yet in the branch that the environment follows; 0: none."""
    asks, branch = facts.pull_request, environment.branch
    return asks.number if asks and asks.open and branch != asks.head_ref else 0


def _refuse_by_pull_request(pull_request: PullRequest) -> None:
    number = pull_request.number
    if pull_request.merged:
        raise CommandRefused(f"#{number} is merged already: the environments that follow its base branch have it.")
    if not pull_request.open:
        raise CommandRefused(f"#{number} is closed: reopen it to deploy it.")
    if pull_request.fork:
        raise CommandRefused(
            f"#{number} comes from a fork, whose commits are planned ({code('/deploy plan')}) and deployed only once "
            "they are merged, or pushed as a branch of this repository."
        )


COMMAND = Command(
    word="deploy",
    grammar="/deploy <environment>",
    about=__doc__,
    may=deployers_only,
    lead=lead,
    about_a_commit=True,
    ends_as=State.SUCCEEDED,
    options=(
        Option(
            name="sha",
            metavar="COMMIT",
            help="Which commit, by its beginning, or which tag.  [default: the ref's head]",
        ),
        PRUNING,
        BREAKING,
    ),
)
