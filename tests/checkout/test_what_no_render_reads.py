"""What a commit has beside what is rendered is read from git, within bounds, and what is left out is named."""

import os
import shutil
from pathlib import Path

import pytest

from pushboat.config.environment import Environment
from pushboat.model.remote import Remote
from tests.checkout.upstream import Content, Link, SmartHttp, Submodule, Upstream
from workers.render.referring import referring
from workers.source import checkout, unrendered
from workers.source.closure import Closure
from workers.source.unrendered import Unrendered

MANIFEST = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
FILES: dict[str, Content] = {
    "deploy/a.yaml": MANIFEST,
    "deploy/app.env": "A=1\n",
    "deploy/sub/notes.txt": "notes\n",
    "README.md": "readme\n",
    "src/main.py": "main\n",
}


def found_at(caches: Path, remote: Remote, sha: str, path: str = "deploy") -> Closure:
    environment = Environment(
        name="staging", branch="main", cluster="here", path=path, namespace="a", namespaces=("a",)
    )
    return checkout.gathered(caches, remote, "acme/shop", sha, path, referring(environment))


def read(
    caches: Path, remote: Remote, sha: str, before: str = "", path: str = "deploy", *, folder: bool = False
) -> Unrendered:
    found = found_at(caches, remote, sha, path)
    return unrendered.unrendered(caches, remote, sha, before, found, all_of_folder=folder)


@pytest.fixture(params=["by its path", "over HTTP, blobless"])
def forge(request: pytest.FixtureRequest, remote: Remote, over_http: SmartHttp) -> Remote:
    """Where the commits come from; the cache of the second has no contents before they are asked for."""
    return remote if request.param == "by its path" else Remote(url=over_http.url)


def test_without_an_earlier_commit_it_is_the_folders_own(upstream: Upstream, forge: Remote, caches: Path) -> None:
    """At first everything would be new: only what stands beside the manifests is looked at."""
    sha = upstream.commit(FILES)
    looked = read(caches, forge, sha)
    assert looked.files == {"deploy/app.env": b"A=1\n", "deploy/sub/notes.txt": b"notes\n"}
    assert looked.left_out == ""


def test_since_an_earlier_commit_it_is_what_changed_anywhere(upstream: Upstream, forge: Remote, caches: Path) -> None:
    """New or changed, plain files alone, and nothing that a render reads."""
    before = upstream.commit({**FILES, "gone.txt": "gone", "link": Link("README.md")})
    changed: dict[str, Content] = {
        **FILES, "deploy/a.yaml": MANIFEST + "data: {}\n", "src/main.py": "changed\n",
        ".npmrc": "npm\n", "deep/er/key": "key\n",
        "link": Link("src"), "module": Submodule(),
    }  # fmt: skip
    sha = upstream.commit(changed)
    looked = read(caches, forge, sha, before)
    assert looked.files == {"src/main.py": b"changed\n", ".npmrc": b"npm\n", "deep/er/key": b"key\n"}
    assert not any(map(looked.is_own, looked.files))
    both = read(caches, forge, sha, before, folder=True)
    assert set(both.files) == {*looked.files, "deploy/app.env", "deploy/sub/notes.txt"}


def test_an_earlier_commit_that_is_gone_counts_as_none(upstream: Upstream, forge: Remote, caches: Path) -> None:
    sha = upstream.commit(FILES)
    assert set(read(caches, forge, sha, "1" * 40).files) == {"deploy/app.env", "deploy/sub/notes.txt"}


def test_what_is_too_large_or_too_much_is_named_and_what_nobody_writes_is_passed_over(
    upstream: Upstream, forge: Remote, caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture is no text. Of the rest, the folder's own comes first."""
    before = upstream.commit(FILES)
    large = b"x" * (unrendered.LARGEST_FILE + 1)
    more: dict[str, Content] = {f"many/{number:04}.txt": f"{number}" for number in range(unrendered.MOST_FILES)}
    sha = upstream.commit({**FILES, **more, "deploy/large.txt": large, "logo.png": "png", "deploy/z.env": "Z=1\n"})
    looked = read(caches, forge, sha, before)
    assert "deploy/z.env" in looked.files
    assert "logo.png" not in looked.files
    assert len(looked.files) == unrendered.MOST_FILES - 1
    assert (looked.large, looked.more) == (("deploy/large.txt",), 2)
    assert looked.left_out == (
        "not looked through for credentials: 3 files (deploy/large.txt), which no render reads: too large, or too many"
    )


def test_beside_one_file_it_is_what_lies_beside_it(upstream: Upstream, forge: Remote, caches: Path) -> None:
    """An environment of a single file at the top has not the whole repository for its folder."""
    sha = upstream.commit({**FILES, "app.yaml": MANIFEST})
    assert set(read(caches, forge, sha, path="app.yaml").files) == {"README.md"}
    assert set(read(caches, forge, sha, path="deploy/a.yaml").files) == {"deploy/app.env"}


def test_a_folder_that_is_rendered_whole_has_nothing_beside_it(upstream: Upstream, forge: Remote, caches: Path) -> None:
    sha = upstream.commit({**FILES, "deploy/kustomization.yaml": "resources: [a.yaml]\n"})
    assert read(caches, forge, sha).files == {}


def test_many_environments_of_one_commit_ask_git_for_it_once(
    upstream: Upstream, forge: Remote, caches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies elsewhere is nearly the same for all of them, and git has said already how large it is."""
    there: dict[str, Content] = {f"envs/{number}/app.yaml": MANIFEST + f"# {number}\n" for number in range(20)}
    before = upstream.commit(there)
    changed: dict[str, Content] = {path: f"{content}# new\n" for path, content in there.items()}
    sha = upstream.commit(changed)
    closures = [found_at(caches, forge, sha, f"envs/{number}") for number in range(20)]
    first, *others = closures
    assert len(unrendered.unrendered(caches, forge, sha, before, first).files) == 19
    started = tmp_path / "started"
    shim = tmp_path / "first-on-path" / "git"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\necho "$@" >>{started}\nexec {shutil.which("git")} "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(shim.parent), prepend=os.pathsep)
    for closure in others:
        assert len(unrendered.unrendered(caches, forge, sha, before, closure).files) == 19
    of_one_file = (
        3  # the one that the first one rendered: its size, and where the cache lacks it, a fetch between two looks
    )
    assert 1 <= started.read_text().count("\n") <= of_one_file
