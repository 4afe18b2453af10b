"""What the real sops encrypts is opened here as it opens it, in every form that it writes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.errors import DecryptionFailed
from tests.sops.vectors import EVERY, decrypted, encrypted, keys
from workers.render.concealing import BEGINNING, KEYLESS, Opening, conceal
from workers.render.revealing import filled
from workers.sops import reading
from workers.sops.proving import decrypted as opened_by
from workers.sops.proving import opened_with

OPENS = {"next-only.yaml": "next", "production.yaml": "production"}
NOT_READ = {"commented.yaml"}
SAME_BYTES = ("app.env", "keystore.bin", "tls.key")


def through(folder: Path, name: str, opening: Opening) -> bytes:
    """Conceal a file and fill its words in again, as a generator's file goes its way."""
    (folder / name).write_bytes(encrypted(name))
    words = conceal(folder, [name], opening)
    concealed = (folder / name).read_bytes()
    assert b"ENC[" not in concealed
    return filled(concealed, words.get(name, {}))


def of_yaml(raw: bytes) -> Any:
    return list(yaml.load_all(raw, yaml.BaseLoader))


def of_lines(raw: bytes) -> list[str]:
    lines = (line.strip() for line in raw.decode().splitlines())
    return [line for line in lines if line and line[0] not in "#;"]


def reads(name: str) -> Callable[[bytes], Any]:
    if name in SAME_BYTES:
        return lambda raw: of_lines(raw) if name.endswith(".env") else raw
    return {"json": json.loads, "ini": of_lines}.get(name.rpartition(".")[2], of_yaml)


@pytest.mark.parametrize("name", [name for name in EVERY if name not in NOT_READ | {"kinds-of-values.yaml"}])
def test_each_file_opens_to_what_the_tool_makes_of_it(name: str, tmp_path: Path) -> None:
    read = reads(name)
    assert read(through(tmp_path, name, Opening(opened_with(keys(OPENS.get(name, "staging")))))) == read(
        decrypted(name)
    )


def test_every_kind_of_value_is_proven_and_opened(tmp_path: Path) -> None:
    """Numbers, times and nothing count in the proof as Go writes them, and come out as what they were."""
    ours = yaml.safe_load(through(tmp_path, "kinds-of-values.yaml", Opening(opened_with(keys("staging")))))
    theirs = yaml.safe_load(decrypted("kinds-of-values.yaml"))
    assert {**ours, "large": float(ours["large"]), "small": float(ours["small"])} == {
        **theirs,
        "large": 1e21,
        "small": 1e-07,
    }


@pytest.mark.parametrize("name", EVERY)
def test_without_keys_words_stand_in_place_of_values(name: str, tmp_path: Path) -> None:
    text = through(tmp_path, name, KEYLESS).decode()
    assert text.count(BEGINNING) >= 1
    assert not reading.read(text.encode(), name)


def test_a_key_among_several_opens_it() -> None:
    """Whoever rotates keys has both for a while, in the file and at the operator's."""
    for ours in (keys("next"), keys("staging", "next"), keys("next", "production")):
        found = reading.read(encrypted("rotated.yaml"), "rotated.yaml")
        assert found
        assert next(each.value.text for each in opened_by(found, ours)) == "stage-0nly-Pa55word!"


def test_comments_that_say_what_is_encrypted_are_not_read() -> None:
    found = reading.read(encrypted("commented.yaml"), "commented.yaml")
    assert found
    with pytest.raises(DecryptionFailed, match=r"commented.yaml:\d+: `encrypted_comment_regex` is not read here"):
        opened_by(found, keys("staging"))
