"""What holds for whoever names a commit for an environment: what it goes by, sets aside, goes back from."""

from pushboat.config.environment import Environment
from pushboat.errors import CommandRefused, UnknownEnvironment
from pushboat.model.ask import Ask, Source
from pushboat.model.deployment import short
from pushboat.model.hold import Hold, Scope
from pushboat.model.wording import code, counted, near_miss
from pushboat.routing.decision import Facts
from pushboat.routing.followed import Commit
from pushboat.routing.holds import pins
from pushboat.routing.holds import sentence as sentence_of
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.saying import mistaken


def back_from(facts: Facts, *, stays: bool) -> str:
    """Say that an older commit than what runs is wanted, and how long that lasts; empty where it is none."""
    if facts.back is None or facts.commit is None:
        return ""
    number = facts.back.commits
    by = f", {counted(number, 'commit')} behind" if number else ""
    until = "" if stays else "; the next push that is followed goes forward again"
    return f"goes back from {short(facts.back.sha)} to {short(facts.commit.sha)}{by}{until}"


def scope_of(ask: Ask) -> Scope:
    """Give what holds of the ask's environment are put on."""
    return Scope(repository=ask.repository, environment=ask.environment)


def unpinned(ask: Ask, facts: Facts) -> list[Hold]:
    """Give what pins the environment and is let go: whoever names a commit wants that one.

    On the forge nothing pushes a pull request aside, and its own pin only moves.

    Raises:
        CommandRefused: a pull request has the environment.
    """
    pinned = [hold for hold in pins(facts.holds, scope_of(ask)) if not _is_its_own(facts, hold)]
    for hold in pinned:
        if hold.pull_request and ask.source is not Source.COMMAND:
            raise CommandRefused(
                f"{ask.environment} is {code(sentence_of(hold), LONGEST_SENTENCE)}. Whoever may deploy there ends that "
                f"with {code(f'/deploy unlock {ask.environment}')}; then comment this again."
            )
    return pinned


def _is_its_own(facts: Facts, hold: Hold) -> bool:
    """Say whether a pull request asks for the environment that it has."""
    return facts.pull_request is not None and hold.pull_request == facts.pull_request.number


def _meant(ask: Ask, facts: Facts) -> str:
    """Ask whether another environment of the commit is meant, where nothing is known of the one that was named."""
    if any(each.runs or each.latest for each in facts.standings if each.environment == ask.environment):
        return ""
    hint = near_miss(ask.environment, facts.environments)
    return f" {hint[0].upper()}{hint[1:]}" if hint.endswith("?") else ""


def active(ask: Ask, facts: Facts, commit: Commit) -> Environment:
    """Give the environment as the commit defines it.

    Raises:
        CommandRefused: the commit's file has mistakes.
        UnknownEnvironment: it does not say where the environment lies.
    """
    if facts.mistakes:
        raise mistaken(facts.mistakes, commit)
    environment = facts.environments.get(ask.environment)
    if environment is None:
        at = short(commit.sha)
        raise UnknownEnvironment(
            f"{at} does not say where {ask.environment} lies: its {code('.pushboat.yaml')} must give it a path."
            f"{_meant(ask, facts)}"
            if facts.has_file
            else f"{at} has no {code('.pushboat.yaml')}: add one that gives {ask.environment} a path."
        )
    return environment
