"""Until when somebody can sign, of keys that real gpg made."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from cli.doctor.signers import SOON, check_signers
from pushboat.config.operator import Limits, Operator, Project
from pushboat.config.project import Allowed
from pushboat.config.signers import Signer, Sort
from tests.signatures.recorded import openpgp, ssh
from workers.checks.words import Result
from workers.source.signatures.lasting import Lasting, lasting

ALICE, CAROL = ssh("alice"), openpgp("carol")
EVER = float("inf")
JULY = 1_751_328_000.0
DAY = 86_400


@pytest.mark.parametrize(
    ("signer", "found"),
    [
        (ALICE, Lasting(ends=EVER)),
        (replace(ALICE, keys=(replace(ALICE.keys[0], ends=9.0), replace(ALICE.keys[0], ends=7.0))), Lasting(ends=9.0)),
        (CAROL, Lasting(ends=EVER)),
        (openpgp("erin", "erin-ended"), Lasting(ends=JULY)),
        (openpgp("sam", "sam-ended"), Lasting(ends=JULY)),
        (openpgp("rita", "rita-revoked"), Lasting(trouble="the OpenPGP key is revoked")),
        (openpgp("wanda"), Lasting(trouble="the OpenPGP key hangs together by SHA-1, which can be forged")),
        (
            replace(CAROL, armoured=CAROL.armoured[:200]),
            Lasting(trouble="the OpenPGP key cannot be read: it is damaged, or no OpenPGP public key"),
        ),
        (Signer(name="the forge", sort=Sort.FORGE), Lasting()),
    ],
)
def test_the_last_key_that_counts_says_until_when(signer: Signer, found: Lasting) -> None:
    """Who has several keys signs until the last of them has ended."""
    assert lasting(signer) == found


def operator(*signers: Signer, signed: bool = True) -> Operator:
    limits = Limits(environment="qa", cluster="dev", namespaces=("a",), signed=signed, signers=signers)
    project = Project(repository="github/acme/shop", environments=Allowed({"qa": limits}))
    return Operator(
        public_url="http://127.0.0.1:8700", host="127.0.0.1", port=8700, state=Path("var"), workers=1, forges={},
        clusters={}, projects={project.repository: project},
    )  # fmt: skip


def ending(seconds: float) -> Signer:
    return replace(ALICE, keys=(replace(ALICE.keys[0], ends=time.time() + seconds),))


@pytest.mark.parametrize(
    ("signers", "signed", "result", "says"),
    [
        ((ALICE, CAROL), True, Result.PASS, "only commits that alice and carol signed come here"),
        ((ALICE,), False, Result.SKIP, "alice may sign, where the repository's file wants that"),
        ((ending(-DAY), CAROL), True, Result.FAIL, "alice's key ended on"),
        ((ending(SOON - DAY),), True, Result.WARN, "alice's key ends on"),
        ((ending(SOON + DAY),), True, Result.PASS, "only commits that alice signed come here"),
        ((openpgp("rita", "rita-revoked"),), True, Result.FAIL, "is revoked; every commit that rita signs is refused"),
        ((replace(CAROL, armoured=""),), True, Result.FAIL, "cannot be read"),
    ],
)
def test_the_doctor_speaks_before_a_commit_is_refused(
    signers: tuple[Signer, ...], signed: bool, result: Result, says: str
) -> None:
    """A key that ends within a month, has ended, is revoked or damaged is a line of the doctor, with who renews it."""
    (line,) = check_signers(operator(*signers, signed=signed))
    assert (line.check, line.result) == ("github/acme/shop qa: signers", result)
    assert says in line.sentence
    assert bool(line.fix) is (result in (Result.FAIL, Result.WARN))
