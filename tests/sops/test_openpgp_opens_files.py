"""What the real sops has encrypted for OpenPGP keys of a real gpg is opened (tests/data/sops/openpgp/make.sh)."""

import resource

import pytest

from pushboat.errors import DecryptionFailed, NotConfigured
from tests.sops.vectors import DATA, key
from workers.sops import openpgp, reading
from workers.sops.keys import Keys
from workers.sops.proving import decrypted
from workers.sops.recipients import LARGEST_SEALED_KEY, copies

VECTORS = DATA / "openpgp"
VALUE = "openpgp-0nly-Pa55word"


def private(name: str) -> str:
    return (VECTORS / f"{name}.asc").read_text()


def value_of(name: str, keys: Keys) -> str:
    """Open a file, and give its last value."""
    found = reading.read((VECTORS / name).read_bytes(), name)
    assert found
    return [str(each.value.text) for each in decrypted(found, keys)][-1]


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("for-curve.yaml", ("curve",)),
        ("for-rsa.yaml", ("rsa",)),
        ("for-curve.env", ("curve",)),
        ("for-all.yaml", ("curve",)),
        ("for-all.yaml", ("rsa",)),
        ("for-curve.yaml", ("rsa", "curve")),
    ],
)
def test_each_sort_of_key_opens_what_is_for_it(name: str, ours: tuple[str, ...]) -> None:
    """Of curves and of RSA, in every form, one key among several."""
    assert value_of(name, Keys("staging", pgp=tuple(map(private, ours)))) == VALUE


def test_an_age_key_beside_it_opens_the_same_file() -> None:
    """While a team moves from one to the other both count."""
    assert value_of("for-all.yaml", Keys("staging", (key("staging"),), (private("rsa"),))) == VALUE
    assert value_of("for-all.yaml", Keys("staging", (key("staging"),))) == VALUE


def test_for_whom_it_is_and_what_is_here_is_told() -> None:
    """I encrypted for a colleague: I read both fingerprints, and what to do."""
    ours = Keys("staging", pgp=(private("curve"),))
    with pytest.raises(DecryptionFailed) as wrong:
        value_of("for-rsa.yaml", ours)
    assert "for-rsa.yaml:7: this is encrypted for DF8EDE2254F2…, and staging has E7E7FCA1C0D3…" in wrong.value.summary


def test_a_passphrase_is_the_operators_to_take_off() -> None:
    """Nobody is here to type it."""
    with pytest.raises(NotConfigured, match="an OpenPGP key under `decryption` of staging opens nothing: a passphrase"):
        value_of("for-locked.yaml", Keys("staging", pgp=(private("locked"),)))


def test_what_is_no_key_is_named_without_its_text() -> None:
    broken = private("curve").replace("\n\n", "\n\nAAAA", 1)
    with pytest.raises(NotConfigured) as wrong:
        _ = Keys("staging", pgp=(broken,)).fingerprints
    assert broken[100:140] not in str(wrong.value)
    assert wrong.value.__cause__ is None


def test_what_opens_to_nothing_of_ours_is_no_data_key() -> None:
    """Messages that are none, of another length, or that unpack to a thousand times as much, open nothing here."""
    from pysequoia import Cert, encrypt

    ours = Cert.from_bytes((VECTORS / "public.asc").read_bytes())
    sealed = ["nonsense", *(encrypt(bytes(length), recipients=[ours]).decode() for length in (0, 31, 33))]
    packed = (VECTORS / "packed.asc").read_text()
    assert len(packed) < LARGEST_SEALED_KEY
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert openpgp.opened([*sealed, packed], [private("curve")]) is None
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4 << 10, "it was unpacked here"


def test_a_process_that_ends_early_opened_nothing() -> None:
    """Whatever takes all memory of it is told as what it is, and not as a missing key."""
    found = reading.read((VECTORS / "for-curve.yaml").read_bytes(), "for-curve.yaml")
    assert found
    with pytest.raises(openpgp.TooMuch):
        openpgp.opened([copies(found, "pgp")[0]["enc"]], ["no key at all"])
