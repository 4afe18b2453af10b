"""What merging a branch would make is known before anybody merges it."""

import shutil
from pathlib import Path

import pytest

from pushboat.errors import CheckoutFailed
from pushboat.model.remote import Remote
from tests.checkout.upstream import SmartHttp, Upstream
from workers.render.referring import REFERENCES
from workers.source import checkout
from workers.source.git import ancestry
from workers.source.git.merging import at_merge, merged


def branched(upstream: Upstream, branch: str, at: str) -> None:
    """Begin a branch at a commit."""
    upstream.git("update-ref", f"refs/heads/{branch}", at)


def checked_out(caches: Path, remote: Remote, sha: str, target: Path) -> dict[str, str]:
    """Check a commit out and read its files."""
    out = checkout.check_out(caches, remote, "acme/shop", sha, "", target, REFERENCES)
    return {file: (target / file).read_text() for file in out.files}


def test_a_branch_behind_its_base_keeps_what_came_there_since(
    upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path, tmp_path: Path
) -> None:
    """My branch is old and changes one file: the merge has my change, and all that others did meanwhile."""
    first = upstream.commit({"a": "1\n", "b": "1\n"})
    branched(upstream, "mine", first)
    base = upstream.commit({"a": "1\n", "b": "2\n", "c": "1\n"})
    head = upstream.commit({"a": "2\n", "b": "1\n"}, "mine")

    sha = merged(caches, tmp_path, Remote(url=over_http.url), base, head, "main")

    assert checked_out(caches, Remote(url=over_http.url), sha, target) == {"a": "2\n", "b": "2\n", "c": "1\n"}
    assert merged(caches, tmp_path, Remote(url=over_http.url), base, head, "main") == sha


def test_a_file_that_both_change_is_merged_line_by_line(
    upstream: Upstream, remote: Remote, caches: Path, target: Path, tmp_path: Path
) -> None:
    """Two changes in one file that do not touch each other are one result, as on the forge."""
    lines = [f"{number}\n" for number in range(20)]
    first = upstream.commit({"a": "".join(lines)})
    branched(upstream, "mine", first)
    base = upstream.commit({"a": "".join(["zero\n", *lines[1:]])})
    head = upstream.commit({"a": "".join([*lines[:-1], "last\n"])}, "mine")

    sha = merged(caches, tmp_path, remote, base, head, "main")

    assert checked_out(caches, remote, sha, target)["a"] == "".join(["zero\n", *lines[1:-1], "last\n"])


def test_a_conflict_names_its_files_and_what_to_do(
    upstream: Upstream, remote: Remote, caches: Path, tmp_path: Path
) -> None:
    """Both changed the same line: no plan, and the sentence says where and how to go on."""
    first = upstream.commit({"deploy/a.yaml": "1\n", "b": "1\n"})
    branched(upstream, "mine", first)
    base = upstream.commit({"deploy/a.yaml": "2\n", "b": "1\n"})
    head = upstream.commit({"deploy/a.yaml": "3\n", "b": "1\n"}, "mine")

    with pytest.raises(CheckoutFailed) as refusal:
        merged(caches, tmp_path, remote, base, head, "main")
    assert refusal.value.summary == "conflicts with main in deploy/a.yaml: merge main into this branch"


def test_where_one_contains_the_other_nothing_is_made(
    upstream: Upstream, remote: Remote, caches: Path, tmp_path: Path
) -> None:
    """A branch that has all of its base is its own merge; one that is merged already is its base."""
    first = upstream.commit({"a": "1"})
    second = upstream.commit({"a": "2"})

    assert merged(caches, tmp_path, remote, first, second, "main") == second
    assert merged(caches, tmp_path, remote, second, first, "main") == second
    assert merged(caches, tmp_path, remote, second, second, "main") == second


def test_a_branch_of_another_history_is_refused(
    upstream: Upstream, remote: Remote, caches: Path, tmp_path: Path
) -> None:
    """Nothing in common: git would refuse the merge, and so do we."""
    base, stranger = upstream.commit({"a": "1"}), upstream.commit({"a": "1", "b": "1"}, "stranger")

    with pytest.raises(CheckoutFailed, match="no history in common with main"):
        merged(caches, tmp_path, remote, base, stranger, "main")


def test_a_long_history_is_fetched_only_as_far_as_needed(
    upstream: Upstream, over_http: SmartHttp, tmp_path: Path
) -> None:
    """Two branches that parted long ago are looked for step by step, and found."""
    first = upstream.commit({"a": "1"})
    branched(upstream, "mine", first)
    for number in range(ancestry.DEPTHS[0] + 10):
        base = upstream.commit({"a": str(number)})
    head = upstream.commit({"a": "mine"}, "mine")

    assert ancestry.parted_at(tmp_path, Remote(url=over_http.url), base, head) == first


def test_no_attribute_of_a_commit_runs_anything(
    upstream: Upstream, remote: Remote, caches: Path, target: Path, tmp_path: Path
) -> None:
    """A merge driver, filter or hook that the pushed tree names is not there, so text is merged as text."""
    marker = tmp_path / "ran"
    attributes = "* merge=evil filter=evil diff=evil\n"
    first = upstream.commit({".gitattributes": attributes, "a": "1\n2\n3\n4\n5\n6\n7\n"})
    branched(upstream, "mine", first)
    driver = f'[merge "evil"]\n\tdriver = touch {marker}\n'
    base = upstream.commit({".gitattributes": attributes, ".gitconfig": driver, "a": "0\n2\n3\n4\n5\n6\n7\n"})
    head = upstream.commit({".gitattributes": attributes, "a": "1\n2\n3\n4\n5\n6\n8\n"}, "mine")

    sha = merged(caches, tmp_path, remote, base, head, "main")

    assert checked_out(caches, remote, sha, target)["a"] == "0\n2\n3\n4\n5\n6\n8\n"
    assert not marker.exists()


def test_a_merge_that_the_cache_has_lost_is_made_again(
    upstream: Upstream, over_http: SmartHttp, caches: Path, target: Path, tmp_path: Path
) -> None:
    """The cache breaks between the merge and its check-out: my plan is made all the same, with the same commit."""
    first = upstream.commit({"a": "1\n"})
    branched(upstream, "mine", first)
    base = upstream.commit({"a": "1\n", "b": "1\n"})
    head = upstream.commit({"a": "2\n"}, "mine")
    remote, seen = Remote(url=over_http.url), list[str]()

    def read(sha: str) -> dict[str, str]:
        seen.append(sha)
        if len(seen) == 1:
            for cache in caches.glob("*.git"):
                shutil.rmtree(cache)
        return checked_out(caches, remote, sha, target)

    files = at_merge(lambda: merged(caches, tmp_path, remote, base, head, "main"), read)

    assert files == {"a": "2\n", "b": "1\n"}
    assert len(seen) == 2
    assert seen[0] == seen[1]


def test_a_branch_that_left_the_forge_is_not_merged_for_ever(remote: Remote, caches: Path, tmp_path: Path) -> None:
    """My branch was deleted while its plan was made: I read that, and to push again."""
    asked = list[str]()

    def gone(sha: str) -> None:
        asked.append(sha)
        checkout.read_file(caches, remote, "acme/shop", sha, "a")

    with pytest.raises(CheckoutFailed, match="is no longer on the forge: push again"):
        at_merge(lambda: "b" * 40, gone)
    assert len(asked) == 2


@pytest.mark.parametrize(("commits", "counted"), [(3, 3), (60, 60), (510, 0)])
def test_how_far_one_is_behind_is_counted_or_left_open(
    upstream: Upstream, over_http: SmartHttp, tmp_path: Path, commits: int, counted: int
) -> None:
    """Going back by three commits says three, by sixty sixty; nobody waits for a history of thousands."""
    older = upstream.commit({"a": "0"})
    one = "commit refs/heads/main\ncommitter Ada <ada@example.com> 1700000000 +0000\ndata 1\nx\n"
    begins = one + f"from {older}\n\n"
    upstream.git("fast-import", "--quiet", stdin=(begins + f"{one}\n" * (commits - 1)).encode())
    newer = upstream.git("rev-parse", "refs/heads/main")
    assert ancestry.between(tmp_path, Remote(url=over_http.url), older, newer) == counted
