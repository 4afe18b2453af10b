"""What was rendered once is kept on this machine, within bounds, and keeping one costs no look at all of the others."""

import os
from pathlib import Path

import pytest

from pushboat.config.environment import Environment
from pushboat.model.footprint import Footprint
from pushboat.sealing import Key
from tests.written import config_map
from workers.deploying import rendered
from workers.manifests.reading import read_manifests
from workers.render.choosing import Rendered

KEY = Key("a key of sixteen or more")
ENVIRONMENT = Environment(
    name="staging", branch="main", cluster="here", path="deploy", namespace="a", namespaces=("a",)
)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Where renders are kept, which nobody has looked at before."""
    return tmp_path / "renders"


def keep(cache: Path, number: int, size: int = 0) -> Footprint:
    """Keep a render of so many bytes that do not compress."""
    footprint = Footprint(settings=str(number))
    text = config_map(f"it-{number}", a=os.urandom(size // 2).hex())
    made = Rendered(manifests=tuple(read_manifests(text, "deploy/all.yaml")), engine="plain", notes=(), roots={})
    rendered.keep(cache, KEY, footprint, ENVIRONMENT, made)
    return footprint


def much(cache: Path, name: str) -> Path:
    """Leave more there than may be, all in one file that nobody has used for long; it takes no room on the disk."""
    cache.mkdir(exist_ok=True)
    old = cache / name
    with old.open("wb") as file:
        file.truncate(rendered.MOST_BYTES + 1)
    os.utime(old, (1, 1))
    return old


def test_what_was_used_longest_ago_makes_room(cache: Path) -> None:
    """The first one that is kept finds what earlier processes have left, and is there itself."""
    old = much(cache, "old")
    kept = keep(cache, 1)
    assert not old.exists()
    assert rendered.find(cache, KEY, kept) is not None


def test_all_are_counted_again_once_more_was_added(cache: Path) -> None:
    """Thousands of small ones need not be looked at for each that is added; a few megabytes more, and they are."""
    keep(cache, 1)
    old = much(cache, "old")
    keep(cache, 2)
    assert old.exists()
    for number in range(3, 3 + 2 + 2 * rendered.ADDED // 1_000_000):
        keep(cache, number, size=1_000_000)
    assert not old.exists()
