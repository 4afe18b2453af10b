"""What somebody does while a push is being deployed: it is done, or the case says why not."""

from pathlib import Path

import pytest

from tests.corpus.kubectl import Administrator
from tests.corpus.meantime import Meantime
from tests.until import until


def test_it_waits_until_something_is_there() -> None:
    """The command runs once the object that it is about has appeared, and not before."""
    looks, happened = iter((False, False, True)), list[str]()

    def is_there() -> bool:
        happened.append("looked")
        return next(looks)

    meantime = Meantime(is_there, 0.0, lambda: happened.append("patched"), "Widget/one")
    until(lambda: "patched" in happened, what="the command to run")
    meantime.finish()
    assert happened == ["looked", "looked", "looked", "patched"]


def test_what_never_appears_is_named() -> None:
    """The push has ended without the object: the case says so instead of passing over it."""
    meantime = Meantime(lambda: False, 0.0, lambda: None, "Widget/one")
    with pytest.raises(AssertionError, match="meanwhile: Widget/one never was there"):
        meantime.finish()


def test_a_failure_in_the_meantime_fails_the_case() -> None:
    """A command that fails in another thread is not lost."""

    def fail() -> None:
        raise AssertionError("`kubectl patch` failed: no")

    with pytest.raises(AssertionError, match="`kubectl patch` failed: no"):
        Meantime(None, 0.0, fail, "").finish()


def test_without_kubectl_the_case_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """My machine has no kubectl: I read which command needs it, and what to do."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AssertionError, match="`kubectl get pods` has to run, and there is no kubectl on PATH: install"):
        Administrator(tmp_path / "kubeconfig", tmp_path, "shop").kubectl("get pods")
