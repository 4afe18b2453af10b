"""Whoever may push cannot keep a worker busy: what opening files costs is counted before it is done, and bounded."""

import base64
import os
import re
import zlib
from pathlib import Path
from time import process_time

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from pushboat.errors import DecryptionFailed
from tests.sops.vectors import DATA, encrypted, keys
from workers.render.concealing import Opening, conceal
from workers.sops import openpgp, reading
from workers.sops.age import BEGIN, END
from workers.sops.effort import MOST
from workers.sops.keys import Keys
from workers.sops.proving import decrypted, opened_with

FOR_AGE = re.compile(r"(?m)^    age:\n(?:        .*\n)+")
SOON = 2.0
"""Seconds of the processor; what is refused here took ten minutes."""


def words(count: int) -> str:
    return base64.b64encode(os.urandom(count)).decode().rstrip("=")


def message(stanzas: int, sort: str = "X25519") -> str:
    """Write what looks like a message to somebody, and opens to nobody."""
    text = "".join(f"-> {sort} {words(32)}\n{words(32)}\n" for _ in range(stanzas))
    raw = f"age-encryption.org/v1\n{text}--- {words(32)}\n".encode() + os.urandom(64)
    return f"{BEGIN}\n{base64.b64encode(raw).decode()}\n{END}"


def for_these(messages: list[str], recipient: str = "") -> bytes:
    """Encrypt a file for others, and leave who it was for at the end."""
    said = f"recipient: {recipient}, " if recipient else ""
    added = "".join(f"        - {{{said}enc: {each!r}}}\n".replace("\\n", " ") for each in messages)
    text = encrypted("secret.yaml").decode()
    return FOR_AGE.sub(lambda found: found[0].replace("    age:\n", f"    age:\n{added}", 1), text).encode()


def refusal(raw: bytes, ours: Keys) -> str:
    found = reading.read(raw, "secret.yaml")
    assert found
    begin = process_time()
    with pytest.raises(DecryptionFailed) as refused:
        decrypted(found, ours)
    assert process_time() - begin < SOON
    return refused.value.summary


def test_recipients_are_counted_where_they_stand_also_within_one_message() -> None:
    """A hundred entries of 115 recipients each were a quarter of a million attempts with twenty keys."""
    said = refusal(for_these([message(115)] * 30), keys("staging", "next", "production"))
    assert re.fullmatch(
        r"secret\.yaml:\d+: this is encrypted for 3,451 recipients, and at most 100 of a file are read: remove some",
        said,
    )


def test_a_file_of_a_hundred_recipients_is_read() -> None:
    found = reading.read(for_these([message(33)] * 3), "secret.yaml")
    assert found
    assert decrypted(found, keys("staging"))


def test_all_files_of_a_deployment_are_counted_together(tmp_path: Path) -> None:
    """Many files of few recipients are no way around it, and the sentence names the file at which it was too much."""
    ours = keys("staging", "next", "production")
    ours.effort.spend("before.yaml:1", MOST - 50)
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_bytes(for_these([message(10)]))
    with pytest.raises(DecryptionFailed) as refused:
        conceal(tmp_path, ["a.yaml", "b.yaml"], Opening(opened_with(ours)))
    assert re.match(
        r"b\.yaml:\d+: to try the keys of staging on its encrypted files costs too much up to here: ",
        refused.value.summary,
    )


def test_who_names_its_recipient_costs_one_attempt_a_file() -> None:
    """A team with thousands of files and twenty keys in rotation notices nothing of all this."""
    ours = keys("next", "production", "staging")
    for _ in range(3):
        found = reading.read(encrypted("secret.yaml"), "secret.yaml")
        assert found
        ours.data_key(found)
    assert ours.effort.spent == 3


@pytest.mark.parametrize("sort", ["scrypt", "ssh-rsa", "ssh-ed25519", "a-grease"])
def test_a_key_is_tried_on_what_its_own_sort_has_written(sort: str) -> None:
    """A password's stanza is made to be slow, and none of our keys is a password."""
    ours = keys("staging")
    found = reading.read(for_these([message(50, sort)]), "secret.yaml")
    assert found
    assert ours.data_key(found)
    assert ours.effort.spent == 1


def test_a_message_within_a_message_is_none() -> None:
    """Armour in armour would have its recipients counted by nobody."""
    inner = message(90)
    found = reading.read(for_these([f"{BEGIN} {base64.b64encode(inner.encode()).decode()} {END}"]), "secret.yaml")
    assert found
    ours = keys("staging")
    assert ours.data_key(found)
    assert ours.effort.spent == 1


def of_openssh() -> tuple[str, str]:
    """Make a key of RSA as `ssh-keygen` writes it, and its public half as files name it."""
    key = rsa.generate_private_key(65537, 2048)
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode().strip(), public


def test_a_key_of_openssh_is_tried_where_it_is_named() -> None:
    """RSA costs twenty times as much, and a file says for whom each copy is."""
    private, public = of_openssh()
    ours = Keys("staging", (private,))
    (identity,) = ours.identities
    assert identity.public == public
    found = reading.read(for_these([message(1, "ssh-rsa")], of_openssh()[1]), "secret.yaml")
    assert found
    with pytest.raises(DecryptionFailed, match="this is encrypted for"):
        ours.data_key(found)
    assert ours.effort.spent == 0
    found = reading.read(for_these([message(2, "ssh-rsa")], f"{public} me@laptop"), "secret.yaml")
    assert found
    with pytest.raises(DecryptionFailed, match="this is encrypted for"):
        ours.data_key(found)
    assert ours.effort.spent == 40


PRIVATE = (DATA / "openpgp" / "curve.asc").read_text()


def sealed(recipients: int) -> bytes:
    from pysequoia import Cert, encrypt

    ours = Cert.from_bytes((DATA / "openpgp" / "public.asc").read_bytes())
    return bytes(encrypt(bytes(32), recipients=[ours] * recipients, armor=False))


def armoured(raw: bytes) -> str:
    text = base64.encodebytes(raw).decode()
    return f"-----BEGIN PGP MESSAGE-----\n\n{text}-----END PGP MESSAGE-----"


def for_openpgp(messages: list[str]) -> bytes:
    added = "".join(f"        - enc: {each!r}\n".replace("'", '"') for each in messages)
    return FOR_AGE.sub(lambda _: f"    pgp:\n{added}", encrypted("secret.yaml").decode()).encode()


def test_recipients_of_openpgp_are_counted_in_their_messages() -> None:
    ours = Keys("staging", pgp=(PRIVATE,))
    said = refusal(for_openpgp([armoured(sealed(60))] * 2), ours)
    assert "this is encrypted for 120 recipients, and at most 100 of a file are read" in said
    assert ours.effort.spent == 0


def test_a_message_of_openpgp_that_hides_its_recipients_opens_nothing() -> None:
    """Packed once more around, or behind a text: no count would see them."""
    whole = sealed(1)
    assert openpgp.opened([armoured(whole)], [PRIVATE]) == bytes(32)
    packing = zlib.compressobj(wbits=-15)
    packed = b"\x01" + packing.compress(whole) + packing.flush()
    hidden = b"\xc8\xff" + len(packed).to_bytes(4) + packed
    assert openpgp.opened([armoured(hidden), armoured(b"\xcb\x03b\x00" + whole), "x"], [PRIVATE]) is None


def test_opening_by_openpgp_is_counted_too() -> None:
    """Each file takes a process of its own."""
    ours = Keys("staging", pgp=(PRIVATE,))
    ours.effort.spend("before.yaml:1", MOST - 10)
    assert "costs too much up to here" in refusal(for_openpgp([armoured(sealed(1))]), ours)
