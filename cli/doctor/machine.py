"""What this machine must bring: git, kustomize, a way to cut the network, and a folder that is really here."""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cli.prerequisites import git_version
from pushboat.config.operator import Operator
from workers.checks.words import Line, failed, passed, unknown, warned
from workers.render.renderers import INSTALL, KUSTOMIZE, Renderer, find, missing
from workers.running.spawning import network_can_be_cut

NETWORK_FILESYSTEMS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "ceph", "glusterfs", "afs", "lustre")
"""Their locks cannot be trusted with SQLite's write-ahead log. 9p is also how some virtual machines share folders."""


def check_machine() -> Iterator[Line]:
    """Check what does not depend on any file of ours."""
    yield _check_git()
    yield check_renderer(KUSTOMIZE, "folders with a kustomization.yaml")
    yield _check_sandbox()


def check_state(operator: Operator) -> Iterator[Line]:
    """Check that the state folder takes a file, and that it is on a disk of this machine."""
    state = operator.state
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=state) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        owner = f"sudo install -d -o {os.getuid()} {state}"
        yield failed("state folder", f"{state} cannot be written: {error.strerror}", owner)
        return
    kind = filesystem(state, Path("/proc/self/mountinfo"))
    if operator.store == "" and kind in NETWORK_FILESYSTEMS:
        sentence = f"{state} is on a network filesystem ({kind}); SQLite would lose data there"
        yield failed("state folder", sentence, "set `state` to a local folder, or `store` to a Postgres URL")
    else:
        yield passed("state folder", f"{state} can be written")


def filesystem(folder: Path, mounts: Path) -> str:
    """Name the type of the filesystem that a folder is on; nothing where the machine does not tell."""
    try:
        lines = mounts.read_text().splitlines()
    except OSError:
        return ""
    found: tuple[int, str] = (-1, "")
    for line in lines:  # … 4: the mount point, octal for odd characters; after a lone "-": the type
        before, _, after = line.partition(" - ")
        point = Path(re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), before.split()[4]))
        if folder.resolve().is_relative_to(point):  # of two mounts on one point the later one counts
            found = max(found, (len(point.parts), after.split()[0]), key=lambda pair: pair[0])
    return found[1]


def _check_git() -> Line:
    found = git_version()
    if isinstance(found, str):
        return passed("git", found)
    return (unknown if found.unsure else failed)("git", found.sentence, found.fix)


def check_renderer(renderer: Renderer, needed_for: str) -> Line:
    """Say which version renders here; with another one than everybody's the same commit may become other objects."""
    found = find(renderer, os.environ)
    chosen = os.environ.get(renderer.variable, "")
    fix = f"unset {renderer.variable} and run `{INSTALL}`" if chosen else INSTALL
    if found is None:
        sentence = f"{missing(renderer, os.environ)}; until then {needed_for} cannot be deployed"
        return warned(renderer.name, sentence, fix)
    here = f"{found} ({found.argv[0]})"
    if found.version == renderer.version:
        return passed(renderer.name, here)
    sentence = f"{here} is not the {renderer.version} that everybody uses: folders may render otherwise elsewhere"
    return warned(renderer.name, sentence, fix)


def _check_sandbox() -> Line:
    if network_can_be_cut():
        return passed("sandbox", "renderers run without network")
    sentence = "the network cannot be cut off for renderers here, so kustomize folders are refused"
    return failed("sandbox", sentence, "allow seccomp filters for this process (containers: the default profile does)")
