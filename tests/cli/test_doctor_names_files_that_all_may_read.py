"""`pushboat doctor` names the files of secrets that every account of the machine may read, and how to close them."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cli.doctor.readers import check_readers
from pushboat.config.operator import Operator, load
from workers.checks.words import Line, Result

FILE = """\
state: ./var
pages: {password: {file: pages-password}}
forges:
  local: {kind: git, root: ./git, webhook_secrets: [{file: webhook-secret}]}
clusters:
  dev: {kubeconfig: ./kubeconfig}
projects: []
"""
SECRETS = ("kubeconfig", "pages-password", "webhook-secret")
NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every account gets to, with an operator's file whose secrets nobody else may read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "pushboat.yaml").write_text(FILE)
        for each in SECRETS:
            (folder / each).write_text("0123456789abcdef" * 2)
            (folder / each).chmod(0o600)
        yield folder


def operator(folder: Path) -> Operator:
    return load(folder / "pushboat.yaml", {})


def looked(folder: Path) -> Line:
    """Give the one line of the check."""
    [line] = check_readers(operator(folder))
    return line


def closed_by(line: Line) -> None:
    """Paste the fix."""
    subprocess.run(["sh", "-ec", line.fix], check=True)


def test_nothing_is_said_of_what_only_pushboat_reads(folder: Path) -> None:
    """Three files that are closed to others, or one that lies in a folder that is: all is well."""
    assert looked(folder).result is Result.PASS
    (folder / "webhook-secret").chmod(0o644)
    folder.chmod(0o700)
    assert looked(folder).result is Result.PASS


@pytest.mark.parametrize("name", SECRETS)
def test_a_file_that_everybody_may_read_is_named(folder: Path, name: str) -> None:
    """I made the secret with `>` in my shell: the doctor names it, and its fix, pasted, turns it green."""
    (folder / name).chmod(0o644)
    line = looked(folder)
    assert line.result is Result.WARN
    assert str(folder / name) in line.sentence
    closed_by(line)
    assert looked(folder).result is Result.PASS
    assert (folder / name).stat().st_mode & 0o777 == 0o640


def test_what_a_link_leads_to_is_looked_at(folder: Path) -> None:
    """The name may be a link: what counts, and is closed, is the file."""
    (folder / "webhook-secret").rename(folder / "real secret")
    (folder / "webhook-secret").symlink_to("real secret")
    (folder / "real secret").chmod(0o604)
    line = looked(folder)
    assert line.result is Result.WARN
    closed_by(line)
    assert looked(folder).result is Result.PASS


def test_all_are_named_at_once(folder: Path) -> None:
    """Three open files are one line and one paste."""
    for name in SECRETS:
        (folder / name).chmod(0o644)
    line = looked(folder)
    assert all(name in line.sentence for name in SECRETS)
    closed_by(line)
    assert looked(folder).result is Result.PASS


def test_closing_a_file_does_not_shut_pushboat_out(folder: Path) -> None:
    """Root made the secret for a Pushboat that runs as somebody else: closed to others, that one still reads it."""
    (folder / "var").mkdir()
    if os.geteuid():
        return  # only root gives files away
    os.chown(folder / "var", NOBODY, NOBODY)
    (folder / "webhook-secret").chmod(0o644)
    closed_by(looked(folder))
    found = (folder / "webhook-secret").stat()
    assert (found.st_uid, found.st_mode & 0o777) == (NOBODY, 0o640)
    assert looked(folder).result is Result.PASS


def test_who_may_not_see_the_state_is_told_all_the_same(folder: Path) -> None:
    """I ask from an account of my own, and the state lies in a folder that is Pushboat's alone."""
    if os.geteuid():
        return  # only root becomes somebody else
    (folder / "closed" / "var").mkdir(parents=True)
    (folder / "closed").chmod(0o700)
    (folder / "webhook-secret").chmod(0o644)
    there = replace(operator(folder), state=folder / "closed" / "var")
    os.seteuid(NOBODY)
    try:
        [line] = check_readers(there)
    finally:
        os.seteuid(0)
    assert line.result is Result.WARN
    assert "chmod o= " in line.fix
