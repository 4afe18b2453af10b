"""What a machine must bring, and the command that installs what it lacks: one line for whoever has just begun."""

import re
import shutil
import subprocess
from dataclasses import dataclass

OLDEST_GIT = (2, 31)
"""The first whose configuration can come by environment (GIT_CONFIG_COUNT), which keeps tokens out of argv."""

NEEDED = ("git",)
"""Programs that commands of ours start by name, without which nothing goes on."""

INSTALLERS = (
    ("apt-get", "sudo apt-get install"),
    ("dnf", "sudo dnf install"),
    ("apk", "sudo apk add"),
    ("pacman", "sudo pacman -S"),
    ("zypper", "sudo zypper install"),
    ("brew", "brew install"),
)
"""By the program that tells which system this is; `.ci/prerequisites` has the same for who has no Python yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """What is missing or too old, in a sentence, and the command that mends it; `unsure` where nobody can tell."""

    sentence: str
    fix: str
    unsure: bool = False

    def __str__(self) -> str:
        """Say both in one line."""
        return f"{self.sentence}; install it: {self.fix}"


def installing(package: str) -> str:
    """Give the command that installs a package here."""
    for program, command in INSTALLERS:
        if shutil.which(program):
            return f"{command} {package}"
    return f"your system's package {package}"


def git_version() -> str | Lack:
    """Say which git is here, or what is wrong with it."""
    fix = installing("git")
    if shutil.which("git") is None:
        return Lack(sentence="there is no git command on PATH", fix=fix)
    said = subprocess.run(["git", "--version"], capture_output=True, text=True, timeout=10, check=False).stdout.strip()
    numbers = re.search(r"(\d+)\.(\d+)", said)
    if numbers is None:
        return Lack(sentence=f"cannot read git's version from: {said}", fix=fix, unsure=True)
    if (int(numbers[1]), int(numbers[2])) < OLDEST_GIT:
        return Lack(sentence=f"{said} is too old, {OLDEST_GIT[0]}.{OLDEST_GIT[1]} is needed", fix=fix)
    return said
