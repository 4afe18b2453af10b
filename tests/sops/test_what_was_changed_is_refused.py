"""A file that is not as sops left it opens nothing: not for whom it changed, moved or was made up."""

import re
import traceback
from collections.abc import Callable
from contextlib import suppress

import pyrage
import pytest

from pushboat.errors import DecryptionFailed, DeploymentFailed
from tests.sops.vectors import encrypted, keys
from workers.sops import reading
from workers.sops.keys import Keys
from workers.sops.proving import decrypted

Change = Callable[[str], str]
SEALED = re.compile(r"ENC\[AES256_GCM,[^\]]*\]")
PASSWORD = re.compile(r"password: (ENC\[[^\]]*\])")


def opened(text: str, name: str, ours: Keys) -> None:
    """Open a file, to its end."""
    found = reading.read(text.encode(), name)
    assert found
    decrypted(found, ours)


def refusal(text: str, name: str = "secret.yaml", ours: Keys | None = None) -> str:
    """Say how a file is refused."""
    with pytest.raises(DecryptionFailed) as refused:
        opened(text, name, ours or keys("staging"))
    assert "Pa55word" not in refused.value.summary + refused.value.details
    return refused.value.summary


def pushed(name: str) -> str:
    return encrypted(name).decode()


def moved(text: str) -> str:
    """Copy the password's value to another key of the same Secret."""
    found = PASSWORD.search(text)
    assert found
    return re.sub(r"looks-like-yes: .*", f"looks-like-yes: {found[1]}", text)


def swapped(text: str) -> str:
    first, second = re.search(r"first: (.*)", text), re.search(r"second: (.*)", text)
    assert first
    assert second
    return text.replace(first[1], "#").replace(second[1], first[1]).replace("#", second[1])


WHOLE = {
    "the name of the Secret": lambda text: text.replace("name: db", "name: other"),
    "its kind": lambda text: text.replace("kind: Secret", "kind: ConfigMap"),
    "one more value in plain text": lambda text: text.replace("stringData:", "stringData:\n    more: open"),
    "one value less": lambda text: PASSWORD.sub("other: ''", text),
    "an empty one filled": lambda text: text.replace('empty: ""', "empty: open"),
    "an encrypted one in plain text": lambda text: PASSWORD.sub("password: guessed", text),
    "only_encrypted said afterwards": lambda text: text.replace(
        "    version:", "    mac_only_encrypted: true\n    version:"
    ),
}


@pytest.mark.parametrize("change", WHOLE.values(), ids=WHOLE)
def test_what_the_proof_covers_cannot_be_changed(change: Change) -> None:
    assert re.fullmatch(
        r"secret\.yaml:\d+: this was changed after it was encrypted, so nothing of it is used: edit it with `sops`",
        refusal(change(pushed("secret.yaml"))),
    )


def test_a_value_opens_at_its_own_place_only() -> None:
    """Copied to another key, into another document, or with a letter changed, it is refused where it stands."""
    sentence = r"[a-z.]+:\d+:\d+: this value was changed, or encrypted for another place: edit the file with `sops`"
    assert re.fullmatch(sentence, refusal(moved(pushed("secret.yaml"))))
    assert re.fullmatch(sentence, refusal(swapped(pushed("two.yaml")), "two.yaml"))
    cut = pushed("secret.yaml").replace("password: ENC[AES256_GCM,data:", "password: ENC[AES256_GCM,data:AAAA", 1)
    assert re.fullmatch(sentence, refusal(cut))


def test_a_value_of_another_file_is_refused() -> None:
    """The same key, the same place, another file: each file has a data key of its own."""
    other = PASSWORD.search(pushed("mac-only.yaml"))
    assert other
    assert "encrypted for another place" in refusal(PASSWORD.sub(f"password: {other[1]}", pushed("secret.yaml")))


def test_what_only_covers_encrypted_values_still_covers_them() -> None:
    text = pushed("mac-only.yaml")
    renamed = reading.read(text.replace("name: db", "name: other").encode(), "a.yaml")
    assert renamed
    assert decrypted(renamed, keys("staging"))
    assert "was changed after" in refusal(PASSWORD.sub("password: guessed", text))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda text: re.sub(r'lastmodified: ".*"', 'lastmodified: "2020-01-01T00:00:00Z"', text),
            "its `mac` is of",
        ),
        (lambda text: re.sub(r"lastmodified: .*", "", text), "lacks `mac` or `lastmodified`"),
        (lambda text: re.sub(r"mac: ENC.*", "mac: forged", text), "its `mac` is of another file"),
        (lambda text: text.replace("stringData:", "stringData: &all\n    <<: {a: b}"), "each key of an encrypted file"),
        (lambda text: text.replace('empty: ""', "empty: &e ''\n    other: *e"), "has no aliases: write it out"),
        (lambda text: text.replace('empty: ""', "empty: !!binary YQ=="), "has no tags of YAML"),
        (lambda text: text.replace("data:\n", "data:\n    <<: {}\n"), "each key of an encrypted file is text"),
        (lambda text: text.replace('empty: ""', "password: twice"), "stands there once"),
        (lambda text: text + "---\n- a list\n", "an encrypted document must be an object"),
        (lambda text: text.replace('empty: ""', "empty: " + "[" * 120 + "]" * 120), "nested more than 100 levels deep"),
    ],
)
def test_what_sops_never_writes_is_refused(change: Change, sentence: str) -> None:
    assert sentence in refusal(change(pushed("secret.yaml")))


def test_a_file_for_others_says_for_whom_it_is_and_what_to_do() -> None:
    said = refusal(pushed("production.yaml"), "production.yaml")
    assert re.fullmatch(
        r"production\.yaml:\d+: this is encrypted for age1\w{8}…, and staging has age1\w{8}…: add that one to "
        r"\.sops\.yaml and run `sops updatekeys`, or ask the operator to add yours",
        said,
    )


def test_of_many_keys_a_few_are_named() -> None:
    others = Keys("staging", tuple(str(pyrage.x25519.Identity.generate()) for _ in range(20)))
    said = refusal(pushed("production.yaml"), "production.yaml", others)
    assert re.search(r"and staging has (?:age1\w{8}…, ){2}age1\w{8}… and 17 more: add that one", said)


def test_no_key_at_all_is_the_operators_to_mend() -> None:
    assert refusal(pushed("secret.yaml"), ours=Keys("staging")).endswith(
        "this is encrypted with SOPS, and staging has no key: its operator must name one under `decryption` of "
        "staging, or remove the file"
    )


def test_keys_of_others_are_named_plainly() -> None:
    for about, whom in (
        ("hckms:\n        - key_id: ABC", "HuaweiCloud KMS, whom Pushboat does not ask: add another key"),
        ("kms:\n        - arn: ABC", "AWS KMS ABC, and staging has age175ht8gm3…: add that one to .sops.yaml"),
    ):
        text = re.sub(r"    age:\n(?:        .*\n)+", f"    {about}\n          enc: x\n", pushed("secret.yaml"))
        assert f"this is encrypted for {whom}" in refusal(text)
    groups = pushed("secret.yaml").replace("    age:\n", "    key_groups: [{age: []}, {age: []}]\n    age:\n")
    assert "this needs keys of several groups at once" in refusal(groups)
    many = "".join("        - {recipient: a, enc: b}\n" for _ in range(101))
    said = refusal(pushed("secret.yaml").replace("    age:\n", f"    age:\n{many}"))
    assert "this is encrypted for 102 recipients, and at most 100 of a file are read: remove some" in said


def test_a_line_that_is_none_is_named() -> None:
    text = pushed("app.env").replace("EMPTY=", "EMPTY")
    assert refusal(text, "app.env") == "app.env:5: a line of a dotenv file is KEY=value"
    odd = pushed("app.ini").replace("[cache]", "nothing here\n[cache]")
    assert re.fullmatch(r"app\.ini:\d+: a line of an INI file is key = value, on one line", refusal(odd, "app.ini"))


@pytest.mark.parametrize("fill", [" ", "9", "\t", "# "])
def test_a_file_that_is_made_to_be_slow_is_read_at_once(fill: str) -> None:
    """So much of one sign, wherever it stands, takes no longer than so much of anything else."""
    long, sealed = fill * (1 << 18), "ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]"
    for text in (
        f"a: '{long}'\nb: {long}1\nsops:\n    mac: {sealed}\n",
        f"A={long}\n{long}=a\nsops_mac={sealed}\n",
        f"[a]\nk = {long}x\n{long}k=x\n[sops]\nmac = {sealed}\n",
    ):
        with suppress(DeploymentFailed):
            reading.read(text.encode(), "a")


def test_other_files_are_none_of_ours() -> None:
    """A document that only speaks of SOPS, and one that quotes an encrypted value, are as they are."""
    for text in (
        "sops: {mac: a}\n",
        "a: 1\n",
        "text: |\n    password: ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]\n",
        "a: [\n",
    ):
        assert reading.read(text.encode(), "a.yaml") is None


def test_a_broken_encrypted_file_is_told_of() -> None:
    with pytest.raises(Exception, match=r"secret\.yaml:\d+:\d+"):
        reading.read(pushed("secret.yaml").replace("stringData:", "stringData: [").encode(), "secret.yaml")


def test_no_error_keeps_a_value_that_was_called_a_number() -> None:
    """The sort of a value is not covered by its seal: whoever changes it must not find the value in a traceback."""
    text = re.sub(r"(password: ENC\[[^\]]*),type:str\]", r"\1,type:int]", pushed("secret.yaml"))
    assert text != pushed("secret.yaml")
    with pytest.raises(DecryptionFailed) as refused:
        opened(text, "secret.yaml", keys("staging"))
    assert "Pa55word" not in "".join(traceback.format_exception(refused.value))


def test_what_is_said_about_sops_is_no_bomb() -> None:
    """Aliases of aliases, and keys that are structures, in the block that is read before any key counts."""
    bomb = "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'x'] * 10)}]\n" for n in range(12))
    assert "no aliases" in refusal(f"# ENC[AES256_GCM,\na: b\nsops:\n{bomb}")
    assert "plain words for keys" in refusal("# ENC[AES256_GCM,\na: b\nsops:\n  ? [x]\n  : y\n")


def test_a_flat_file_of_thousands_of_steps_ends() -> None:
    """Steps of a key are followed as far as sops writes them."""
    deep = "sops_" + "__map_a" * 3000 + "=x\n"
    with suppress(DeploymentFailed):
        reading.read(f"a=ENC[AES256_GCM,x]\nsops_mac=ENC[AES256_GCM,x]\n{deep}".encode(), "a.env")


def test_numbers_of_no_base_are_read() -> None:
    """A postcode in plain text beside what is encrypted."""
    text = pushed("secret.yaml").replace("stringData:", "stringData:\n    zip: 0812\n    other: 0x_\n    more: 08")
    assert "changed after it was encrypted" in refusal(text)
