"""Who reads a refusal knows what is wrong with the commit, who must act, and how."""

import pytest

from pushboat.config.kinds import KINDS
from pushboat.config.signers import Signer, Sort
from tests.signatures.recorded import SHA, commit, openpgp, ssh
from workers.source.signatures.judging import judge
from workers.source.signatures.saying import refusal, who
from workers.source.signatures.words import Signers

ALICE, FORGE = ssh("alice"), Signer(name="the forge", sort=Sort.FORGE)
GITEA = KINDS["gitea"].signs_own
AT_GITHUB = commit("ssh-stranger").replace(b"committer Alice <alice@example.com>", b"committer G <noreply@github.com>")
X509 = commit("unsigned").replace(b"\n\n", b"\ngpgsig -----BEGIN SIGNED MESSAGE-----\n MII\n\n", 1)
SIGN = "sign it (git commit --amend -S), or put a signed commit on top, and push"
CASES = {
    "altered": (
        commit("ssh-ed25519").replace(b"Deploy", b"Depl0y"),
        (ALICE,),
        (
            "this commit is not what alice signed: it was altered since, or the signature is another commit's; "
            f"look at it, then {SIGN}"
        ),
    ),
    "for a file": (
        commit("ssh-file-namespace"),
        (ALICE,),
        f"the signature of this commit does not count, for it was made for file, not for git: {SIGN}",
    ),
    "expired": (
        commit("openpgp-erin"),
        (openpgp("erin", "erin-ended"),),
        (
            "erin's key ended on 2025-07-01, which is not when this commit was made: with a key that counts, "
            f"{SIGN}; or the operator puts the renewed key among the signers"
        ),
    ),
    "revoked": (commit("openpgp-rita"), (openpgp("rita", "rita-revoked"),), "rita has revoked the key that signed"),
    "unknown": (
        commit("ssh-stranger"),
        (ALICE, FORGE),
        "nobody who may sign for production has the key of this commit (SHA256:",
    ),
    "the forge's own, which is not among them": (
        AT_GITHUB,
        (ALICE,),
        "this commit bears the forge's own signature (SHA256:",
    ),
    "somebody else's": (
        commit("openpgp-bob"),
        (ALICE,),
        (
            f"bob signed this commit, who may not sign for production: alice must {SIGN}; "
            "or the operator adds them to signers"
        ),
    ),
    "unsigned": (
        commit("unsigned"),
        (ALICE, openpgp("carol")),
        f"this commit is not signed, as production wants it: alice or carol must {SIGN}",
    ),
    "a merge of the forge": (
        commit("unsigned-merge"),
        (ALICE,),
        (
            "the forge made this merge without a signature, and production wants one: either Gitea and Forgejo sign "
            "merges where [repository.signing] MERGES says so and the operator adds `forge: true` to signers, or "
            "somebody who may sign merges it by hand (git merge -S) and pushes"
        ),
    ),
    "X.509": (
        X509,
        (ALICE,),
        (
            "this commit is signed with X.509 (gpgsm, or sigstore's gitsign), which cannot be checked here: sign it "
            "with a key of SSH or OpenPGP"
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_verdict_has_its_sentence(case: str) -> None:
    """What is so, whose turn it is, and what to type."""
    raw, here, sentence = CASES[case]
    signers = Signers(here=here, elsewhere=(openpgp("bob"),))
    assert refusal(judge(raw, SHA, signers), "production", signers, GITEA).startswith(sentence)


def test_a_good_signature_has_its_sentence() -> None:
    """Whoever reads what was deployed reads who answers for it."""
    signers = Signers(here=(ALICE,))
    assert who(judge(commit("ssh-ed25519"), SHA, signers)) == "signed by alice"


def test_hostile_names_stay_names() -> None:
    """A namespace with line breaks and mentions says nothing but itself."""
    signers = Signers(here=(Signer(name="a\nb", sort=Sort.SSH, keys=ALICE.keys),))
    altered = commit("ssh-ed25519").replace(b"Deploy", b"Depl0y")
    assert "\n" not in refusal(judge(altered, SHA, signers), "production", signers)
