"""The steps of `deploy/Dockerfile`, read, and run in a folder that stands for the image's root.

There is no container engine here. The programs of the base image are this machine's, mounted read-only: its Python, git
and certificates. So what apt installs is not tried, nor the base images, the renderers, or another version of Python;
what our own steps make of the files that they copy is.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from tests.serving import ROOT

SHARED = ("usr", "bin", "sbin", "lib", "lib64")
TRUSTED = "etc/trusted.pem"
STANDARD_LIBRARY = Path(sys.base_prefix)


@dataclass(frozen=True)
class Step:
    """One instruction, such as RUN, with its words."""

    word: str
    rest: str


def steps() -> list[Step]:
    """Read the instructions of the last stage: that is the image."""
    text = re.sub(r"(?m)^#.*\n", "", (ROOT / "deploy/Dockerfile").read_text()).replace("\\\n", " ")
    last = "FROM " + text.rpartition("\nFROM ")[2]
    return [Step(*line.split(None, 1)) for line in last.splitlines() if line.strip()]


def first(word: str) -> str:
    """Give what an instruction says that stands once."""
    (rest,) = [step.rest for step in steps() if step.word == word]
    return rest


def variables() -> dict[str, str]:
    """Give what the image's processes find in their environment."""
    found = dict(re.findall(r"(\w+)=(\S+)", first("ENV")))
    return {**found, "PATH": found["PATH"].replace("$PATH", "/usr/local/bin:/usr/bin:/bin"), "LANG": "C.UTF-8"}


def copy(root: Path) -> None:
    """Do what COPY says, of this tree as git has it; what comes of another stage is left out."""
    workdir = root / first("WORKDIR").lstrip("/")
    workdir.mkdir(parents=True)
    for words in (step.rest.split() for step in steps() if step.word == "COPY"):
        if words[0].startswith("--from="):
            continue
        assert not (left_out := excluded(words[:-1])), f".dockerignore leaves out {left_out}: the build would stop"
        listed = subprocess.run(["git", "ls-files", *words[:-1]], cwd=ROOT, capture_output=True, text=True, check=True)
        for name in listed.stdout.split("\n"):
            if name:
                (workdir / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, workdir / name)


def copied() -> list[str]:
    """List what the image takes from this tree."""
    taken = [step.rest.split()[:-1] for step in steps() if step.word == "COPY" and "--from=" not in step.rest]
    return [name for names in taken for name in names]


def excluded(names: list[str]) -> list[str]:
    """Give those of them that .dockerignore hides from the build, whole."""
    hidden = (ROOT / ".dockerignore").read_text().split()
    return [name for name in names if any(fnmatch(name, line.removeprefix("**/")) for line in hidden)]


def prepare(root: Path) -> None:
    """Make the folders that a base image has, and one program of ours: pip, which has nothing to do here."""
    for name in (
        *SHARED,
        "proc",
        "dev",
        "tmp",
        "var/lib",
        "uv",
        str(STANDARD_LIBRARY).lstrip("/"),
        "cache",
        "etc/pushboat",
    ):
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in ("passwd", "group", "shadow", "nsswitch.conf", "resolv.conf", "hosts", "ld.so.cache", "localtime"):
        if Path("/etc", name).exists():
            shutil.copyfile(Path("/etc", name), root / "etc" / name)
    for name in ("ssl", "pam.d", "security", "alternatives", "ld.so.conf.d", "default"):
        if Path("/etc", name).exists():
            shutil.copytree(Path("/etc", name), root / "etc" / name, symlinks=True, ignore_dangling_symlinks=True)
    if trusted := os.environ.get("SSL_CERT_FILE"):
        shutil.copyfile(trusted, root / TRUSTED)
    (root / "uv" / "pip").write_text("#!/bin/sh\nexit 0\n")
    (root / "uv" / "pip").chmod(0o755)
    shutil.copy(ROOT / ".venv/bin/uv", root / "uv" / "uv")
    (root / "uv" / "python").symlink_to(STANDARD_LIBRARY / "bin" / f"python3.{sys.version_info.minor}")


def inside(root: Path, script: str, *, writable: bool) -> list[str]:
    """Write a command that runs a shell's script with that root; what is mounted for it goes with it."""
    mounts = [f"mount --rbind /{name} {root}/{name}" for name in ("proc", "dev")]
    mounts += [f"mount --bind /{name} {root}/{name} && mount -o remount,bind,ro {root}/{name}" for name in SHARED]
    library = f"{root}{STANDARD_LIBRARY}"
    mounts += [f"mount --bind {STANDARD_LIBRARY} {library} && mount -o remount,bind,ro {library}"]
    if writable:
        mounts += [f"mount --bind {cache()} {root}/cache"]
    else:
        state = f"{root}/var/lib/pushboat"
        mounts += [f"mount --bind {root} {root} && mount -o remount,bind,ro {root}"]
        mounts = [mounts[-1], *mounts[:-1], f"mount -t tmpfs none {root}/tmp"]
        mounts += [f"mount -t tmpfs -o uid=65532,gid=65532,mode=700 none {state}"]
    user = "0:0" if writable else first("USER")
    workdir = first("WORKDIR")
    enter = f"exec {shutil.which('chroot')} --userspec={user} {root} /bin/sh -c 'cd {workdir} && {script}'"
    return [str(shutil.which("unshare")), "--mount", "sh", "-ec", "\n".join([*mounts, enter])]


def cache() -> Path:
    """Give uv's cache: what is there need not come once more."""
    told = subprocess.run([ROOT / ".venv/bin/uv", "cache", "dir"], capture_output=True, text=True, check=True)
    return Path(told.stdout.strip())


def environ(*, root_user: bool) -> dict[str, str]:
    """Give the environment of a step, or of the image's process."""
    if not root_user:
        return variables()
    given = {name: value for name, value in os.environ.items() if name.startswith(("UV_", "PIP_"))}
    if "SSL_CERT_FILE" in os.environ:
        given["SSL_CERT_FILE"] = f"/{TRUSTED}"
    return {
        **given,
        "PATH": "/uv:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/tmp",
        "UV_CACHE_DIR": "/cache",
        "UV_LINK_MODE": "copy",
    }
