"""A commit's bytes and the operator's signers in, a verdict out."""

from collections.abc import Callable, Mapping

from workers.source.signatures import openpgp, ssh
from workers.source.signatures.commit import Commit, read
from workers.source.signatures.words import Outcome, Signers, Verdict, bad

_JUDGES: Mapping[bytes, Callable[[bytes, Commit, Signers], Verdict]] = {
    b"-----BEGIN SSH SIGNATURE-----": ssh.judge,
    b"-----BEGIN PGP SIGNATURE-----": openpgp.judge,
}
_OTHERS: Mapping[bytes, str] = {
    b"-----BEGIN SIGNED MESSAGE-----": "X.509 (gpgsm, or sigstore's gitsign)",
    b"-----BEGIN PGP MESSAGE-----": "an OpenPGP message instead of a signature",
}


def judge(raw: bytes, sha: str, signers: Signers) -> Verdict:
    """Say what the signature of a commit is worth; what several signatures are worth nobody can say."""
    commit = read(raw, sha)
    if not commit.signatures:
        merge = Outcome.UNSIGNED_MERGE if commit.by_the_forge else Outcome.UNSIGNED
        return Verdict(outcome=merge, by_the_forge=commit.by_the_forge)
    if len(commit.signatures) > 1:
        return bad("the commit has two of them")
    if commit.made is None:
        return bad("the commit does not say when it was made")
    armour = commit.signatures[0]
    first = armour.strip().partition(b"\n")[0].strip()
    known = _JUDGES.get(first)
    if known is None:
        return Verdict(outcome=Outcome.UNKNOWN_KIND, why=_OTHERS.get(first, ""))
    return known(armour, commit, signers)
