"""What a push does to a bare repository: each function moves a ref there and gives the update that a forge tells of."""

from tests.fakes.bare import ZERO, Bare, Files
from tests.fakes.nouns import Update


def commit(bare: Bare, branch: str, files: Files, message: str, *, parent: str, replace: bool, author: str) -> Update:
    """Commit on a branch; with a `parent` that is not the tip, the update is a forced one."""
    with bare.lock:
        before = bare.resolve(f"refs/heads/{branch}") or ZERO
        sha = bare.commit(branch, files, message, parent, replace=replace)
        forced = before != ZERO and not bare.contains(before, sha)
    return Update(ref=f"refs/heads/{branch}", before=before, after=sha, sha=sha, author=author, forced=forced)


def tag(bare: Bare, name: str, commit: str, *, annotated: bool, author: str) -> Update:
    """Tag a commit."""
    sha = bare.resolve(commit)
    bare.git("tag", *(["--annotate", "--message", name] if annotated else []), name, sha)
    after = bare.git("rev-parse", f"refs/tags/{name}")
    return Update(ref=f"refs/tags/{name}", before=ZERO, after=after, sha=sha, author=author)


def delete(bare: Bare, ref: str, *, author: str) -> Update:
    """Delete a full ref."""
    before = bare.git("rev-parse", ref)
    bare.git("update-ref", "-d", ref)
    return Update(ref=ref, before=before, after=ZERO, sha="", author=author)


def reset(bare: Bare, branch: str, sha: str, *, author: str) -> Update:
    """Force a branch to an existing commit."""
    before = bare.resolve(f"refs/heads/{branch}")
    bare.git("update-ref", f"refs/heads/{branch}", sha)
    forced = not bare.contains(before, sha)
    return Update(ref=f"refs/heads/{branch}", before=before, after=sha, sha=sha, author=author, forced=forced)


def merge(bare: Bare, base: str, head: str, how: str, *, author: str) -> Update:
    """Merge a head into a branch: `merge`, `squash`, `rebase` or `fast-forward`."""
    before = bare.resolve(f"refs/heads/{base}")
    sha = bare.merge(base, head, how)
    return Update(ref=f"refs/heads/{base}", before=before, after=sha, sha=sha, author=author)
