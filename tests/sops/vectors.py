"""Files that the real sops has encrypted, what it decrypts them to, and the keys (tests/data/sops/make.sh)."""

from pathlib import Path

from workers.sops.keys import Keys

DATA = Path(__file__).resolve().parents[1] / "data" / "sops"
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
