"""What a signature is worth, of commits that real git, gpg and ssh-keygen made."""

import base64
import zlib
from dataclasses import replace

import pytest

from pushboat.config.signers import Signer, Sort
from tests.signatures.recorded import DATA, SHA, SHA256, commit, openpgp, ssh
from workers.source.signatures.judging import judge
from workers.source.signatures.words import Outcome, Signers, Verdict

ALICE = ssh("alice")
BOB, CAROL = openpgp("bob"), openpgp("carol")
FEBRUARY = 1_769_904_000.0
"""When the commits were made: 2026-02-01."""
NOBODY = b"committer Alice <alice@example.com> 1769904000 +0000"


def judged(raw: bytes, *here: Signer, elsewhere: tuple[Signer, ...] = (), sha: str = SHA) -> Verdict:
    return judge(raw, sha, Signers(here=here, elsewhere=elsewhere))


@pytest.mark.parametrize(
    ("name", "signer", "sha"),
    [
        ("ssh-ed25519", ALICE, SHA),
        ("ssh-rsa", ssh("alice", "ssh-rsa"), SHA),
        ("ssh-ecdsa", ssh("alice", "ssh-ecdsa"), SHA),
        ("ssh-sha256-repository", ALICE, SHA256),
        ("openpgp-bob", BOB, SHA),
        ("openpgp-carol", CAROL, SHA),  # by a subkey
        ("openpgp-erin", openpgp("erin"), SHA),
        ("openpgp-sam", openpgp("sam"), SHA),
        ("openpgp-rita", openpgp("rita"), SHA),
    ],
)
def test_a_good_signature_names_who_made_it(name: str, signer: Signer, sha: str) -> None:
    """I sign with the key that the operator has of me: my commit counts, also in the midst of others' keys."""
    others = (openpgp("bob"), ssh("zoe", "ssh-ecdsa"), replace(CAROL, name="c"))
    for here in (
        (signer,),
        (
            *[
                each
                for each in others
                if each.name != signer.name and each.keys != signer.keys and each.armoured != signer.armoured
            ],
            signer,
        ),
    ):
        found = judged(commit(name), *here, sha=sha)
        assert (found.outcome, found.signer) == (Outcome.GOOD, signer.name)


@pytest.mark.parametrize("name", ["ssh-ed25519", "ssh-rsa", "ssh-ecdsa", "openpgp-bob", "openpgp-carol"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Deploy", b"Depl0y"),
        (b"author Alice", b"author Alicf"),
        (b"\ntree 4b825dc6", b"\ntree 5b825dc6"),
        (b"1769904000", b"1769904001"),
        (b"\n\nDeploy", b"\nencoding latin1\n\nDeploy"),
    ],
)
def test_a_commit_that_was_altered_is_bad(name: str, old: bytes, new: bytes) -> None:
    """Whoever changes a byte of a signed commit has no signed commit."""
    raw = b"\n" + commit(name)
    assert old in raw
    found = judged(raw.replace(old, new)[1:], ALICE, ssh("r", "ssh-rsa"), ssh("e", "ssh-ecdsa"), BOB, CAROL)
    assert found.outcome is Outcome.BAD


@pytest.mark.parametrize("name", ["ssh-ed25519", "ssh-ecdsa", "openpgp-bob"])
def test_no_altered_byte_of_a_commit_is_good_or_breaks_anything(name: str) -> None:
    """Whatever byte is flipped, the verdict is one of ours, and good only where the signed bytes are the same."""
    raw = commit(name)
    signers = Signers(here=(ALICE, ssh("e", "ssh-ecdsa"), BOB))
    signed = judge(raw, SHA, signers)
    assert signed.is_good
    begin, end = raw.index(b"gpgsig"), raw.index(b"\n\nDeploy")
    for at in range(len(raw)):
        found = judge(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :], SHA, signers)
        assert not found.is_good or begin <= at < end, at


def test_a_signature_of_another_commit_is_bad() -> None:
    """A good signature that was cut out of one commit is worth nothing in another."""
    signature = commit("ssh-ed25519").split(b"gpgsig ")[1].split(b"\n\n")[0]
    moved = commit("unsigned").replace(b"\n\n", b"\ngpgsig " + signature + b"\n\n", 1)
    assert judged(moved, ALICE).outcome is Outcome.BAD


def test_a_signature_for_files_is_none_for_commits() -> None:
    """Whoever got me to sign a file has no commit of mine."""
    found = judged(commit("ssh-file-namespace"), ALICE)
    assert (found.outcome, found.why) == (Outcome.BAD, "it was made for file, not for git")


def test_two_signatures_are_nobodys() -> None:
    """Of two signers it would be anybody's choice who is named: such a commit is refused, in one armour or in two."""
    assert judged(commit("openpgp-two"), BOB, CAROL).outcome is Outcome.BAD
    raw = commit("ssh-ed25519")
    header = b"gpgsig " + raw.split(b"gpgsig ")[1].split(b"\n\n")[0]
    found = judged(raw.replace(header, header + b"\n" + header), ALICE)
    assert (found.outcome, found.why) == (Outcome.BAD, "the commit has two of them")


def test_a_header_for_another_algorithm_does_not_count() -> None:
    """A repository of SHA-1 has its signature in gpgsig; gpgsig-sha256 is for the same commit elsewhere."""
    assert judged(commit("ssh-sha256-repository"), ALICE, sha=SHA).outcome is Outcome.UNSIGNED


@pytest.mark.parametrize(
    ("name", "file"), [("ssh-stranger", "ssh-ed25519"), ("openpgp-stranger", ""), ("openpgp-bob", "")]
)
def test_a_key_that_nobody_has_is_unknown(name: str, file: str) -> None:
    """A stranger's signature is as good as none, and its key is named."""
    found = judged(commit(name), ALICE, CAROL)
    assert found.outcome is Outcome.UNKNOWN_KEY
    assert found.key.startswith("SHA256:") or len(found.key) == 40


@pytest.mark.parametrize(("name", "signer"), [("ssh-ed25519", ALICE), ("openpgp-carol", CAROL)])
def test_who_signs_elsewhere_is_called_by_name(name: str, signer: Signer) -> None:
    """Alice signs for staging, not for production: the sentence can say alice; altered, it is not hers."""
    found = judged(commit(name), BOB, elsewhere=(signer,))
    assert (found.outcome, found.signer) == (Outcome.NOT_A_SIGNER, signer.name)
    altered = judged(commit(name).replace(b"Deploy", b"Depl0y"), BOB, elsewhere=(signer,))
    assert altered.outcome is Outcome.BAD


@pytest.mark.parametrize(
    ("begins", "ends", "outcome", "why"),
    [
        (0.0, FEBRUARY + 1, Outcome.GOOD, ""),
        (FEBRUARY, FEBRUARY + 1, Outcome.GOOD, ""),
        (0.0, FEBRUARY, Outcome.EXPIRED, "ended on 2026-02-01"),
        (FEBRUARY + 86_400, FEBRUARY + 90_000, Outcome.EXPIRED, "counts from 2026-02-02 only"),
    ],
)
def test_an_ssh_key_counts_within_its_time(begins: float, ends: float, outcome: Outcome, why: str) -> None:
    """`valid-before` and `valid-after` are held against the committer's time, as git does."""
    signer = replace(ALICE, keys=(replace(ALICE.keys[0], begins=begins, ends=ends),))
    found = judged(commit("ssh-ed25519"), signer)
    assert (found.outcome, found.why) == (outcome, why)


@pytest.mark.parametrize("name", ["erin", "sam"])
def test_an_openpgp_key_that_had_ended_is_expired(name: str) -> None:
    """Erin's key had ended by its owner's word when she signed; Sam's subkey for signing had."""
    found = judged(commit(f"openpgp-{name}"), openpgp(name, f"{name}-ended"))
    assert (found.outcome, found.signer, found.why) == (Outcome.EXPIRED, name, "ended on 2025-07-01")


def test_a_key_that_ended_since_has_signed_all_the_same() -> None:
    """Erin's key ends in 2027: what she signed in 2026 stays good for ever, or no rebuild of it would deploy."""
    assert judged(commit("openpgp-erin"), openpgp("erin")).is_good


def test_a_revoked_key_counts_no_more() -> None:
    """Rita's key is in wrong hands: nothing that it ever signed counts, whatever date it bears."""
    found = judged(commit("openpgp-rita"), openpgp("rita", "rita-revoked"))
    assert (found.outcome, found.signer) == (Outcome.REVOKED, "rita")


def test_a_key_that_hangs_together_by_sha1_says_so() -> None:
    """Wanda's key is old, and who could forge what binds it could sign for her: that is no altered commit."""
    found = judged(commit("openpgp-wanda"), openpgp("wanda"))
    assert (found.outcome, found.why) == (
        Outcome.BAD,
        "the key of wanda hangs together by SHA-1, so its owner must renew it",
    )


def test_what_is_not_signed_says_whether_a_forge_made_it() -> None:
    """A person signs; a forge must be made to."""
    assert judged(commit("unsigned"), ALICE).outcome is Outcome.UNSIGNED
    assert judged(commit("unsigned-merge"), ALICE).outcome is Outcome.UNSIGNED_MERGE
    gitlab = commit("unsigned") + b"\nSee merge request acme/shop!12\n"
    assert judged(gitlab, ALICE).outcome is Outcome.UNSIGNED_MERGE
    gitea = commit("unsigned").replace(b"\n\n", b"\n\nMerge pull request 'Topic' (#3) from topic into main\n\n", 1)
    assert judged(gitea, ALICE).outcome is Outcome.UNSIGNED_MERGE


@pytest.mark.parametrize(
    ("begin", "why"),
    [
        (b"-----BEGIN SIGNED MESSAGE-----", "X.509 (gpgsm, or sigstore's gitsign)"),
        (b"-----BEGIN PGP MESSAGE-----", "an OpenPGP message instead of a signature"),
        (b"-----BEGIN MAGIC-----", ""),
        (b"", ""),
    ],
)
def test_other_kinds_of_signatures_are_named(begin: bytes, why: str) -> None:
    """What nobody checked is not good; X.509 is told by its name."""
    raw = commit("unsigned").replace(b"\n\n", b"\ngpgsig " + begin + b"\n MIIB\n -----END-----\n\n", 1)
    found = judged(raw, ALICE)
    assert (found.outcome, found.why) == (Outcome.UNKNOWN_KIND, why)


def test_damaged_keys_of_a_signer_are_nobodys_and_break_nothing() -> None:
    """The operator's file of carol's key is cut off: bob's commits deploy, carol's are a stranger's."""
    damaged = replace(CAROL, armoured=CAROL.armoured.replace(CAROL.armoured[120:400], ""))
    assert judged(commit("openpgp-bob"), damaged, BOB).is_good
    assert judged(commit("openpgp-carol"), damaged, BOB).outcome is Outcome.UNKNOWN_KEY


def test_the_forge_is_no_key() -> None:
    """`forge: true` alone knows no key: whether the forge vouches is asked elsewhere."""
    forge = Signer(name="the forge", sort=Sort.FORGE)
    assert judged(commit("ssh-ed25519"), forge).outcome is Outcome.UNKNOWN_KEY


def test_nothing_private_is_recorded() -> None:
    """The folder of recorded keys holds public ones."""
    assert not [file for file in DATA.iterdir() if file.suffix != ".sh" and "PRIVATE" in file.read_text()]


def armoured(*packets: bytes) -> bytes:
    """Give an unsigned commit an OpenPGP armour with whatever is in it."""
    text = base64.b64encode(b"".join(packets))
    header = b"gpgsig -----BEGIN PGP SIGNATURE-----\n \n " + text + b"\n -----END PGP SIGNATURE-----"
    return commit("unsigned").replace(b"\n\n", b"\n" + header + b"\n\n", 1)


@pytest.mark.parametrize(
    "packets",
    [
        b"",
        b"\x88",
        b"\xa3" + zlib.compress(b"\0" * 10_000_000)[2:-4],  # compressed, of a length that is not said
        b"\xc8\x05hello",  # compressed, in the new form
        b"\xc2\xe1\x04\x00\x00",  # a signature in parts
        b"\x88\x02\x04\x00\x88\x02\x04\x00",  # two
        b"\x88\x02\x04\x00",  # cut off
        b"\xc2\x06\x04\x00\xff\xff\x00\x00",  # of an algorithm that nobody knows
        b"\x88" + b"\0" * 70_000,
    ],
)
def test_nothing_but_one_signature_is_looked_into(packets: bytes) -> None:
    """What unpacks to ever more, or is no signature, is refused by its first bytes."""
    assert judged(armoured(packets), BOB).outcome is Outcome.BAD
