"""How an ask is answered: the command decides, a refusal says why, and a comment always gets one reply."""

from pushboat.errors import CommandRefused
from pushboat.model.ask import Answer, Ask, AskVerdict
from pushboat.model.command_words import SLASH
from pushboat.model.status import clip
from pushboat.model.wording import code, printable
from pushboat.routing.buttons import refuse_what_moved
from pushboat.routing.command import named
from pushboat.routing.commands import help as help_command
from pushboat.routing.decision import Act, Decision, Facts
from pushboat.routing.forge_deployments import answers
from pushboat.routing.ignoring import LONGEST_SENTENCE
from pushboat.routing.nearest import DID_YOU_MEAN
from pushboat.routing.saying import in_answer

OWN_ACCOUNT = "own-account"


def answer(ask: Ask, facts: Facts) -> Decision:
    """Carry an ask out, or say why not."""
    if facts.own_account:
        return _of_own_account(ask, facts)
    if ask.refusal:
        return refuse(ask, CommandRefused(ask.refusal), facts)
    try:
        command = named(ask.word)
        command.may(ask, facts)
        refuse_what_moved(ask, facts)
        return command.lead(ask, facts)
    except CommandRefused as refusal:
        return refuse(ask, refusal, facts)


def refuse(ask: Ask, refusal: CommandRefused, facts: Facts) -> Decision:
    """Answer an ask with the reason why nothing follows."""
    listed = help_command.text(ask, facts)
    if DID_YOU_MEAN in refusal.summary:  # the nearest command is answer enough
        listed = f"{code(f'{SLASH} help')} lists all commands."
    body = f"{refusal.summary}\n\n{listed}" if ask.puzzled else refusal.summary
    acts: tuple[Act, ...] = in_answer(ask, body) or answers(ask, refusal.summary)
    sentence = clip(f"refused {_command_of(ask.who)}: {refusal.summary}", LONGEST_SENTENCE)
    return Decision(acts=acts, sentence=sentence, answer=Answer(verdict=AskVerdict.REFUSED, reason=refusal.summary))


def _command_of(who: str) -> str:
    """Name somebody's command: of an account, or of a person and where they were."""
    return f"the command of {printable(who)}" if " " in who else f"{printable(who)}'s command"


def _of_own_account(ask: Ask, facts: Facts) -> Decision:
    """Let a comment of the account that we act as do nothing, and say so once: we might be obeying our own words."""
    forge, who = ask.repository.partition("/")[0], printable(ask.who)
    reason = f"{who} is the account that Pushboat itself acts as, and its comments command nothing"
    setting = f"{code('commands_from_own_account: true')} under {code(f'forges.{forge}')} in pushboat.yaml"
    body = (
        f"Pushboat acts here with the token of {code(ask.who)}, so comments of that account command nothing: what it "
        "obeys could be its own words. Others may command. The operator's ways on: "
        f"{facts.own_account}; or set {setting}. This is said once here."
    )
    acts: tuple[Act, ...] = in_answer(ask, body, once=OWN_ACCOUNT) or answers(ask, reason)
    sentence = clip(f"ignored {_command_of(ask.who)}: {reason}", LONGEST_SENTENCE)
    return Decision(acts=acts, sentence=sentence, answer=Answer(verdict=AskVerdict.REFUSED, reason=reason))
