"""`pushboat doctor` says for whom to encrypt, and which key is none, before a file is refused for it."""

from pathlib import Path

from cli.doctor.decryption import check_decryption
from pushboat.config import operator
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP
from tests.sops.vectors import key, key_file


def lines(folder: Path, keys: str) -> list[str]:
    (folder / "keys").write_text(keys)
    text = FORGES + CLUSTERS + SHOP + "      qa: {cluster: dev, namespaces: [a], decryption: {age: [{file: keys}]}}\n"
    found = check_decryption(operator.parse(text, folder / "pushboat.yaml", ENVIRON))
    return [f"{each.check}: {each.sentence}" for each in found]


def test_keys_are_named_by_their_public_half(tmp_path: Path) -> None:
    public = [key_file(name).read_text().partition("public key: ")[2].split()[0] for name in ("staging", "next")]
    assert lines(tmp_path, f"{key('staging')}\n{key('next')}\n") == [
        f"github/acme/shop qa: decryption: opens what is encrypted for {public[0]} and {public[1]}"
    ]


def test_a_key_with_a_letter_too_many_wrong_is_told(tmp_path: Path) -> None:
    wrong = key("staging")[:-1] + ("Q" if key("staging")[-1] != "Q" else "P")
    (line,) = lines(tmp_path, wrong)
    assert "a key under `decryption` of qa is no key: its operator must replace it" in line
    assert wrong not in line
