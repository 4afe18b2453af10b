"""Each verdict's sentence: what is so, who must act, and how."""

from collections.abc import Callable, Mapping

from pushboat.config.signers import Sort
from pushboat.model.wording import listed, printable, quoted
from workers.source.signatures.words import Outcome, Signers, Verdict

MOST_NAMED = 5
SIGN = "sign it (git commit --amend -S), or put a signed commit on top, and push"
"""On a protected branch nobody amends; a commit stands for all that it holds, so one on top is as good."""


def who(verdict: Verdict) -> str:
    """Say who signed."""
    return f"signed by {printable(verdict.signer)}"


def refusal(verdict: Verdict, environment: str, signers: Signers, signs_own: str = "") -> str:
    """Say why a commit may not come to an environment; `signs_own` is how the forge is made to sign its merges."""
    return _SENTENCES[verdict.outcome](_Case(verdict, environment, signers, signs_own))


class _Case:
    """What sentences are made of."""

    def __init__(self, verdict: Verdict, environment: str, signers: Signers, signs_own: str) -> None:
        self.verdict, self.environment, self.signs_own = verdict, environment, signs_own
        self.signer, self.key, self.why = printable(verdict.signer), verdict.key, verdict.why
        named = [printable(each.name) for each in signers.here]
        more = [f"{len(named) - MOST_NAMED} others"] if len(named) > MOST_NAMED else []
        self.who = listed([*named[:MOST_NAMED], *more], "or")
        self.takes_the_forge = any(each.sort is Sort.FORGE for each in signers.here)

    @property
    def merge(self) -> str:
        """Say what to do about a merge of the forge's own."""
        own = "" if self.takes_the_forge else " and the operator adds `forge: true` to signers"
        how = f"either {self.signs_own}{own}, or" if self.signs_own else "so"
        return f"{how} somebody who may sign merges it by hand (git merge -S) and pushes"


def _bad(case: _Case) -> str:
    if case.why:
        return f"the signature of this commit does not count, for {case.why}: {SIGN}"
    return (
        f"this commit is not what {case.signer} signed: it was altered since, or the signature is another commit's; "
        f"look at it, then {SIGN}"
    )


def _expired(case: _Case) -> str:
    return (
        f"{case.signer}'s key {case.why}, which is not when this commit was made: with a key that counts, {SIGN}; "
        "or the operator puts the renewed key among the signers"
    )


def _revoked(case: _Case) -> str:
    return f"{case.signer} has revoked the key that signed this commit ({case.key}): with another one, {SIGN}"


def _unknown_key(case: _Case) -> str:
    if case.verdict.by_the_forge and not case.takes_the_forge:
        return (
            f"this commit bears the forge's own signature ({case.key}), and {case.environment} takes those of "
            f"{case.who}: the operator may add `forge: true` to its signers, or one of those merges by hand"
        )
    return (
        f"nobody who may sign for {case.environment} has the key of this commit ({case.key}): {case.who} must "
        f"{SIGN}; or the operator adds the key to signers"
    )


def _not_a_signer(case: _Case) -> str:
    return (
        f"{case.signer} signed this commit, who may not sign for {case.environment}: {case.who} must "
        f"{SIGN}; or the operator adds them to signers"
    )


def _unsigned(case: _Case) -> str:
    return f"this commit is not signed, as {case.environment} wants it: {case.who} must {SIGN}"


def _unsigned_merge(case: _Case) -> str:
    return f"the forge made this merge without a signature, and {case.environment} wants one: {case.merge}"


def _unknown_kind(case: _Case) -> str:
    kind = case.why or "a kind that is not known"
    return f"this commit is signed with {kind}, which cannot be checked here: sign it with a key of SSH or OpenPGP"


_SENTENCES: Mapping[Outcome, Callable[[_Case], str]] = {
    Outcome.BAD: _bad,
    Outcome.EXPIRED: _expired,
    Outcome.REVOKED: _revoked,
    Outcome.UNKNOWN_KEY: _unknown_key,
    Outcome.NOT_A_SIGNER: _not_a_signer,
    Outcome.UNSIGNED: _unsigned,
    Outcome.UNSIGNED_MERGE: _unsigned_merge,
    Outcome.UNKNOWN_KIND: _unknown_kind,
}


def nobody(environment: str) -> str:
    """Say that nobody may sign, where the repository's own file wants signatures."""
    return (
        f"the repository's file wants signed commits in {quoted(environment)}, and the operator's file names nobody "
        "who may sign: the operator lists `signers` there"
    )
