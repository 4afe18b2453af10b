"""The machine's trouble is told apart from what a commit or a forge only says."""

import errno
import os
import threading

import pytest

from pushboat import machine
from pushboat.errors import MachineUnavailable

FULL = os.strerror(errno.ENOSPC)


@pytest.mark.parametrize(
    "said",
    [
        f"fatal: write error: {FULL}",
        f"error: unable to create file a.yaml: {FULL}\nfatal: unable to checkout working tree",
        f"Error: write /tmp/pushboat-helm-1/home/x: {FULL.lower()}",
        f"Error: accumulating resources: 'mkdir /tmp/x: {FULL.lower()}'",
    ],
)
def test_a_full_disk_is_the_machines(said: str) -> None:
    """git, Helm and kustomize say it in the system's words: nobody's commit is blamed."""
    trouble = machine.ended("git", 128, said)
    assert trouble
    assert "is full: make room" in trouble.summary


@pytest.mark.parametrize(
    "said",
    [
        f"remote: fatal: write error: {FULL}\nfatal: the remote end hung up unexpectedly",
        f"Error: execution error at (shop/templates/a.yaml:1:4): {FULL.lower()}",
        f"Error: execution error at (shop/templates/a.yaml:1:4): sorry\nhelm: {FULL.lower()}\n\nUse --debug flag",
        f"Error: unable to find one of 'kustomization.yaml' in directory '/tmp/x/{FULL.lower()}'",
        f"Error: open deploy/{FULL.lower()}.yaml: no such file or directory",
        "Error: values don't meet the specifications",
    ],
)
def test_what_others_say_is_not(said: str) -> None:
    """A forge's disk, a chart that fails with these words, a file of that name: our operator has nothing to mend."""
    assert machine.ended("helm", 1, said) is None


def test_a_machine_that_starts_no_thread_is_no_bug_of_ours() -> None:
    """It has as many as it may: what was going on waits, and our operator hears which limit to raise."""
    before = threading.stack_size(1 << 46)  # nobody has so much room, so that the system refuses in earnest
    try:
        with (
            pytest.raises(MachineUnavailable, match="programs or threads: raise"),
            machine.troubles(),
        ):
            threading.Thread(target=print).start()
    finally:
        threading.stack_size(before)


def test_other_faults_are_raised_as_they_are() -> None:
    """A bug is not taken for the machine's trouble."""
    with pytest.raises(RuntimeError, match="dictionary changed"), machine.troubles():
        raise RuntimeError("dictionary changed size during iteration")
