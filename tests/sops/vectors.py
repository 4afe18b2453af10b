"""Files that the real sops has encrypted, what it decrypts them to, and the keys (tests/data/sops/make.sh)."""

import re
from pathlib import Path
from typing import Any

import yaml

from workers.sops import reading
from workers.sops.keys import Keys

DATA = Path(__file__).resolve().parents[1] / "data" / "sops"
Copies = dict[str, list[dict[str, Any]]]
EVERY = sorted(path.name for path in (DATA / "encrypted").iterdir())


def encrypted(name: str) -> bytes:
    """Read a file as it is pushed."""
    return (DATA / "encrypted" / name).read_bytes()


def decrypted(name: str) -> bytes:
    """Read what the tool itself makes of it."""
    return (DATA / "decrypted" / name).read_bytes()


def key_file(name: str) -> Path:
    """Give the file of a key, as `age-keygen` writes it."""
    return DATA / f"{name}.agekey"


def key(name: str) -> str:
    """Read a key itself."""
    return key_file(name).read_text().splitlines()[-1]


def keys(*names: str) -> Keys:
    """Give staging the keys of these names."""
    return Keys("staging", tuple(key(name) for name in names))


def data_key(name: str = "secret.yaml") -> bytes:
    """Open a file's data key."""
    found = reading.read(encrypted(name), name)
    assert found
    return keys("staging").data_key(found)


def made_for(copies: Copies, name: str = "secret.yaml") -> bytes:
    """Encrypt a file of the real tool for others: the copies of its data key are no part of its proof."""
    text = encrypted(name).decode()
    if name.endswith(".env"):
        lines = [line for line in text.splitlines() if not line.startswith("sops_age")]
        for sort, each in copies.items():
            lines += [f"sops_{sort}__list_0__map_{word}={value}" for word, value in each[0].items()]
        return "\n".join(lines).encode()
    return re.sub(
        r"(?m)^    age:\n(?:        .*\n)+", "".join(f"    {line}\n" for line in yaml.dump(copies).splitlines()), text
    ).encode()
