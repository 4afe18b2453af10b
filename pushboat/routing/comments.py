"""What a command in a comment leads to: a deployment of the head of that moment, and always one reply."""

from pushboat import commands
from pushboat.commands import WORD
from pushboat.config.environment import Environment
from pushboat.config.values import LEVELS
from pushboat.errors import BadCommand, CommandRefused, NotPermitted, UnknownEnvironment
from pushboat.events import Event
from pushboat.model.command_words import COMMAND_WORDS
from pushboat.model.deployment import short
from pushboat.model.state import Kind, Trigger
from pushboat.model.status import clip
from pushboat.model.wording import code, listed, near_miss, printable
from pushboat.routing.decision import Decision, Deploy, Facts, PullRequest, Reply
from pushboat.routing.following import described
from pushboat.routing.ignoring import LONGEST_SENTENCE


def answer(event: Event, facts: Facts) -> Decision:
    """Carry out a comment's command, or reply why not."""
    try:
        command = commands.parse(event.comment)
        assert command is not None, "a comment that is not for us was ignored before"
        if command.verb == "deploy":
            return _deploy(event, facts, command.environment)
        body = _help(event, facts) if command.verb == "help" else _status(event, facts)
        return _reply(event, body, f"answered {WORD} {command.verb}")
    except CommandRefused as refusal:
        body = refusal.summary if not isinstance(refusal, BadCommand) else f"{refusal.summary}\n\n{_help(event, facts)}"
        return _reply(event, body, f"refused {printable(event.author)}'s command: {refusal.summary}")


def _deploy(event: Event, facts: Facts, name: str) -> Decision:
    pull_request = facts.pull_request
    assert pull_request is not None, "the worker asks the forge before a command is routed"
    _refuse_by_pull_request(pull_request)
    if facts.mistakes:
        raise CommandRefused(_mistaken(facts, pull_request))
    environment = facts.environments.get(name)
    if environment is None:
        raise UnknownEnvironment(_unknown(event, facts, name))
    if not _may_deploy(event.author, facts.permission, environment):
        raise NotPermitted(_not_permitted(event, facts, environment))
    sha = pull_request.head_sha
    act = Deploy(
        kind=Kind.DEPLOY,
        environment=name,
        ref=f"refs/heads/{pull_request.head_ref}",
        sha=sha,
        author=event.author,
        trigger=Trigger.COMMENT,
    )
    body = (
        f"Deploying {code(short(sha))} to {name}. How it goes stands beside the commit, as {code(f'pushboat/{name}')}."
    )
    reply = Reply(number=pull_request.number, body=body)
    sentence = f"deploying {short(sha)} of #{pull_request.number} to {name}, as {printable(event.author)} said"
    return Decision(acts=(act, reply), sentence=sentence)


def _refuse_by_pull_request(pull_request: PullRequest) -> None:
    number = pull_request.number
    if pull_request.merged:
        raise CommandRefused(f"#{number} is merged already: the environments that follow its base branch have it.")
    if not pull_request.open:
        raise CommandRefused(f"#{number} is closed: reopen it to deploy it.")
    if pull_request.fork:
        raise CommandRefused(
            f"#{number} comes from a fork, and deploying a fork's commits is not yet supported: "
            "push them as a branch of this repository."
        )


def _may_deploy(author: str, permission: str, environment: Environment) -> bool:
    if author in environment.deployers and author not in LEVELS:
        return True
    enough = [LEVELS.index(one) for one in environment.deployers if one in LEVELS]
    has = LEVELS.index(permission) if permission in LEVELS else 0
    return bool(enough) and has >= min(enough)


def _not_permitted(event: Event, facts: Facts, environment: Environment) -> str:
    levels = sorted((one for one in environment.deployers if one in LEVELS), key=LEVELS.index)
    users = [one for one in environment.deployers if one not in LEVELS]
    ways = [f"{levels[0]} permission on {event.repository}"] if levels else []
    ways += [f"to be {listed(users, 'or')}"] if users else []
    needs = listed(ways, "or") or "an entry under deployers in the operator's file"
    author, has = printable(event.author), printable(facts.permission) or "none"
    ask = "someone who may" if ways else "the operator"
    return (
        f"{author} may not deploy {environment.name}: that needs {needs}, and {author} has {has}. "
        f"Ask {ask} to comment {code(f'{WORD} {environment.name}')}."
    )


def _unknown(event: Event, facts: Facts, name: str) -> str:
    hint = near_miss(name, {*facts.environments, *COMMAND_WORDS} if facts.environments else ())
    if not facts.environments:
        return f"{event.repository} has no environment to deploy to: its {code('.pushboat.yaml')} must name one."
    suggestion = f" {hint[0].upper()}{hint[1:]}" if hint.endswith("?") else ""
    return (
        f"{event.repository} has no environment {code(name)}.{suggestion} "
        f"It has {listed(code(one) for one in sorted(facts.environments))}."
    )


def _mistaken(facts: Facts, pull_request: PullRequest) -> str:
    lines = "\n".join(f"    {mistake}" for mistake in facts.mistakes[:20])
    return f"The {code('.pushboat.yaml')} of {short(pull_request.head_sha)} has mistakes:\n\n{lines}"


def _help(event: Event, facts: Facts) -> str:
    names = sorted(facts.environments)
    example = names[0] if names else "<environment>"
    lines = [
        f"- {code(f'{WORD} {example}')} deploys the newest commit of this pull request",
        f"- {code(f'{WORD} status')} says what runs where",
        f"- {code(f'{WORD} help')} says this",
    ]
    if names:
        known = "; ".join(described(facts.environments[name]) for name in names)
        lines += ["", f"Environments of {event.repository}: {known}."]
    return "\n".join(lines)


def _status(event: Event, facts: Facts) -> str:
    if not facts.running:
        return f"Nothing of {event.repository} has been deployed yet."
    # In code, because a line ends with words of pods and tools: no mention, link or image of theirs is ours to post.
    return "\n".join(f"- {code(clip(line, LONGEST_SENTENCE), LONGEST_SENTENCE)}" for line in facts.running)


def _reply(event: Event, body: str, sentence: str) -> Decision:
    number = event.number or 0
    return Decision(acts=(Reply(number=number, body=body),), sentence=clip(sentence, LONGEST_SENTENCE))
