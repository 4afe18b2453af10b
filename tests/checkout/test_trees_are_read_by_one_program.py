"""Git's trees and files are read through one program that stays: what it says is what git's own commands say."""

import os
import random
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from pushboat.model.remote import Remote
from tests.checkout.upstream import Link, SmartHttp, Submodule, Upstream
from workers.running.spawning import TooMuchOutput
from workers.source.git import cache, objects, trees, walking
from workers.source.git.command import Repository
from workers.source.git.remotes import access

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
FILES = {
    "a.yaml": "a",
    "b/c.yaml": "c",
    "b/d/e.yaml": "e",
    "b.d/f.yaml": "sorted before b/",
    "b/d.x": "sorted before d/",
    "ü/ö.yaml": "umlauts",
}


def commit(upstream: Upstream) -> str:
    """A commit with all sorts of names and kinds."""
    many = {f"many/{number:03}.yaml": f"{number}" for number in range(250)}
    links = {"link": Link("a.yaml"), "b/link": Link("../nowhere")}
    return upstream.commit({**FILES, **many, **links, "sub": Submodule("1" * 40)})


def git(repository: Repository, *words: str) -> bytes:
    """Ask git itself."""
    at = ["git", "-C", str(repository.path), *words]
    return subprocess.run(at, check=True, capture_output=True).stdout


@pytest.mark.parametrize("path", ["", "b", "b/d", "b/d/e.yaml", "many", "link", "sub", "nothing", "a.yaml/x", "link/x"])
@pytest.mark.parametrize("deep", [False, True])
def test_a_walk_is_what_git_lists(path: str, deep: bool, upstream: Upstream, remote: Remote, caches: Path) -> None:
    """Names, modes, ids and their order are git's, whatever stands at the path."""
    sha = commit(upstream)

    def look(cached: Repository) -> None:
        words = ["ls-tree", "-z", "--full-tree", *(["-r", "-t"] if deep else []), sha, *(["--", path] if path else [])]
        lines = [line.split(b"\t") for line in git(cached, *words).split(b"\0") if line]
        above = {str(each) for each in Path(path).parents}  # git names them too on its way down
        listed = [(mode.split()[0].decode(), mode.split()[2].decode(), name.decode()) for mode, name in lines]
        found = walking.entries(cached, sha, path, deep=deep, most=1 << 20)
        assert [(each.mode, each.oid, each.path) for each in found] == [each for each in listed if each[2] not in above]

    cache.reading(caches, remote, sha, look)


def test_what_stands_at_many_paths_is_named_in_one_look(upstream: Upstream, remote: Remote, caches: Path) -> None:
    """A file and a link of one content are told apart, and what is not there is nothing."""
    sha = upstream.commit({"a": "target", "deep/b": "b", "links/a": Link("target")})

    def look(cached: Repository) -> dict[str, str]:
        return trees.objects_at(
            cached, sha, ["", "a", "deep", "deep/b", "links/a", "no", "no/where", "a/b", "links/a/b"]
        )

    found = cache.reading(caches, remote, sha, look)
    assert found["links/a"] == f"link {found['a']}"
    assert (found["no"], found["no/where"], found["a/b"], found["links/a/b"]) == ("", "", "", "")
    assert len({found[path] for path in ("", "a", "deep", "deep/b")}) == 4


def test_files_are_read_in_order_up_to_a_limit(upstream: Upstream, remote: Remote, caches: Path) -> None:
    """Hundreds of files are one question; what is larger than I accept is not held in memory first."""
    sha = commit(upstream)

    def look(cached: Repository) -> None:
        found = [each for each in walking.entries(cached, sha, "many", deep=True, most=1 << 20) if not each.is_folder]
        oids = [each.oid for each in found]
        assert objects.read(cached, oids, b"blob", 1 << 20) == [f"{number}".encode() for number in range(250)]
        with pytest.raises(TooMuchOutput):
            objects.read(cached, oids, b"blob", 100)
        with pytest.raises(objects.Missing):
            objects.read(cached, [oids[0], "0" * 40, oids[1]], b"blob", 1 << 20)
        with pytest.raises(objects.Missing):
            objects.read(cached, [sha], b"blob", 1 << 20)
        assert objects.read(cached, oids[:1], b"blob", 1 << 20) == [b"0"]

    cache.reading(caches, remote, sha, look)


def programs(at: Path) -> list[int]:
    """The programs that read a cache."""
    found = []
    for each in Path("/proc").iterdir():
        try:
            if each.name.isdigit() and b"cat-file\0--batch" in (each / "cmdline").read_bytes():
                found += [int(each.name)] if (each / "cwd").resolve() == at.resolve() else []
        except OSError:
            continue
    return found


def test_what_kills_the_program_costs_nothing_but_time(upstream: Upstream, remote: Remote, caches: Path) -> None:
    """Somebody kills it, or throws the cache away: the next read is as right as the one before."""
    first, second = upstream.commit({"a.yaml": "1"}), upstream.commit({"a.yaml": "2"})

    def read(sha: str) -> bytes | None:
        found = cache.reading(caches, remote, sha, lambda cached: trees.entries(cached, sha, "a.yaml", deep=False))
        return cache.reading(caches, remote, sha, lambda cached: trees.read_blob(cached, sha, found[0], 10))

    assert read(first) == b"1"
    (at,) = caches.glob("*.git")
    mine = programs(at)
    assert mine
    for each in mine:
        os.kill(each, signal.SIGKILL)
    assert read(second) == b"2", "fetched while it was dead"
    for each in sorted(at.rglob("*"), reverse=True):
        each.rmdir() if each.is_dir() else each.unlink()
    assert read(first) == b"1"


def test_what_the_cache_lacks_is_fetched_the_slow_way(
    upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path
) -> None:
    """A cache without contents gets them, and the program that reads it has no way to the forge."""
    sha, remote = upstream.commit({"deploy/a.yaml": "a: 1\n"}), Remote(url=over_http.url)

    def look(cached: Repository) -> bytes:
        (entry,) = walking.entries(cached, sha, "deploy/a.yaml", deep=False, most=1000)
        with pytest.raises(objects.Missing):
            objects.read(cached, [entry.oid], b"blob", 1000)
        return trees.read_blob(cached, sha, entry, 1000)

    assert cache.reading(caches, remote, sha, look) == b"a: 1\n"


def test_a_folder_that_never_ends_is_refused(upstream: Upstream, remote: Remote, caches: Path) -> None:
    """A walk ends where git's listing would be too long."""
    sha = commit(upstream)

    def look(cached: Repository) -> None:
        with pytest.raises(TooMuchOutput):
            walking.entries(cached, sha, "many", deep=True, most=1000)

    cache.reading(caches, remote, sha, look)


def test_more_repositories_than_programs_leave_nothing_open(tmp_path: Path) -> None:
    """Whose program makes room for another one's in the very moment that it is asked: it is ended all the same."""
    known = []
    for number in range(objects.MOST_PROGRAMS + 2):
        at = tmp_path / f"{number}.git"
        subprocess.run(["git", "init", "--quiet", "--bare", str(at)], check=True)
        repository = Repository(at, access(Remote(url=str(at))))
        known.append((repository, git(repository, "commit-tree", EMPTY_TREE, "-m", "x").decode().strip()))

    def ask(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(15):
            repository, sha = chance.choice(known)
            assert objects.read(repository, [sha], b"commit", 1 << 20)

    def open_files() -> int:
        for repository, sha in known[: objects.MOST_PROGRAMS]:  # then every program that is kept is one of these
            objects.read(repository, [sha], b"commit", 1 << 20)
        return len(list(Path("/proc/self/fd").iterdir()))

    before = open_files()
    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert open_files() <= before, "less, where what an earlier test left was collected meanwhile"
