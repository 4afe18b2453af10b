"""`doctor` and `hook doctor`: exactly the wrong thing is named, and its fix, pasted, turns it green."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cli.doctor.machine import filesystem
from cli.doctor.report import report
from tests.cli.conftest import OPERATOR, Finished, Pushboat
from workers.checks.words import passed, warned

GIT_FORGE = """\
public_url: http://127.0.0.1:8799
listen: 127.0.0.1:8799
state: ./var
forges:
  local: {kind: git, root: ./srv, webhook_secrets: [{env: HOOK_SECRET}]}
clusters:
  dev: {kubeconfig: ./kubeconfig}
projects:
  - repository: local/shop
    environments:
      staging: {cluster: dev, namespaces: [shop-staging]}
"""
MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/root rw
40 22 0:35 / /srv/team\\040share rw,relatime shared:1 - nfs4 files:/team rw
"""


def lines(finished: Finished) -> dict[str, dict[str, str]]:
    """Give a doctor's JSON lines by what they checked."""
    return {line["check"]: line for line in json.loads(finished.stdout)}


def test_a_machine_that_never_ran_says_what_to_do_first(pushboat: Pushboat, home: Path) -> None:
    """The configuration is fine, nothing runs: the store's line fails with the command that helps."""
    finished = pushboat("doctor", "--json")
    assert finished.returncode == 1, finished.stderr
    found = lines(finished)
    assert found["configuration"]["result"] == "PASS"
    assert found["git"]["result"] == "PASS"
    assert found["store"] == {
        "check": "store",
        "result": "FAIL",
        "sentence": f"nothing has run in {home}/var yet: start `pushboat serve` first",
        "fix": "pushboat serve",
        "code": "doctor-running",
    }


def test_a_store_without_processes_is_told_apart(pushboat: Pushboat, home: Path) -> None:
    """The store is there, nobody works: broker and processes fail, the store passes."""
    pushboat("db", "upgrade")
    found = lines(pushboat("doctor", "--json"))
    assert [found[name]["result"] for name in ("store", "broker", "processes")] == ["PASS", "FAIL", "FAIL"]
    assert found["processes"]["fix"] == "pushboat serve"


def test_an_unreachable_cluster_is_unknown_not_wrong(pushboat: Pushboat, home: Path) -> None:
    """What does not answer is said to be so, with a command that shows the same; what depends on it is skipped."""
    found = lines(pushboat("doctor", "--json"))
    assert found["cluster dev"]["result"] == "UNKNOWN"
    assert found["cluster dev"]["fix"].startswith(f"kubectl --kubeconfig {home}/kubeconfig")
    assert found["github/acme/shop staging"]["result"] == "skip"


def test_a_short_secret_is_warned_about(pushboat: Pushboat, home: Path) -> None:
    """A secret that can be guessed is named, never shown."""
    finished = pushboat("doctor", "--json", HOOK_SECRET="swordfish")
    assert lines(finished)["forge github: webhook secrets"]["result"] == "WARN"
    assert "swordfish" not in finished.stdout + finished.stderr


def test_an_address_that_the_forge_cannot_reach_fails(pushboat: Pushboat, home: Path) -> None:
    """A public URL on this machine is no use to a forge elsewhere, and is fine for one beside us."""
    assert lines(pushboat("doctor", "--json"))["public_url"]["result"] == "PASS"
    far = OPERATOR.replace("url: http://127.0.0.1:9,", "url: https://forge.example, api_url: http://127.0.0.1:9,")
    (home / "pushboat.yaml").write_text(far)
    assert lines(pushboat("doctor", "--json"))["public_url"]["result"] == "FAIL"


def test_mistakes_of_the_configuration_are_lines_too(pushboat: Pushboat, home: Path) -> None:
    """Each mistake fails with its place; the machine is still checked, the rest is skipped."""
    (home / "pushboat.yaml").write_text(OPERATOR + "colour: blue\n")
    finished = pushboat("doctor")
    assert finished.returncode == 1
    assert f"FAIL    configuration: {home}/pushboat.yaml:12:" in finished.stdout
    assert "PASS    git:" in finished.stdout
    assert "skip    everything else" in finished.stdout


def test_without_git_the_fix_is_a_command(pushboat: Pushboat, home: Path, tmp_path: Path) -> None:
    """An empty PATH: git's line fails, kustomize's warns."""
    found = lines(pushboat("doctor", "--json", PATH=str(tmp_path), PUSHBOAT_RENDERERS=str(tmp_path / "none")))
    assert found["kustomize"]["fix"] == "pushboat renderers install"
    assert (found["git"]["result"], found["kustomize"]["result"]) == ("FAIL", "WARN")
    assert found["git"]["fix"] == "your system's package git", "which system it is, nobody can tell there either"


def test_helm_is_asked_for_where_there_is_a_chart(pushboat: Pushboat, home: Path) -> None:
    """Who deploys no chart reads nothing of Helm; who fixes one for an environment reads the line that brings it."""
    (home / "pushboat.yaml").write_text(OPERATOR)
    assert "helm" not in lines(pushboat("doctor", "--json", PUSHBOAT_HELM="/nowhere/helm"))
    (home / "pushboat.yaml").write_text(OPERATOR.replace("[shop-staging]", "[shop-staging], render: helm"))
    found = lines(pushboat("doctor", "--json", PUSHBOAT_HELM="/nowhere/helm"))
    assert (found["helm"]["result"], "renderers install" in found["helm"]["fix"]) == ("WARN", True)


@pytest.mark.parametrize(("folder", "kind"), [("/srv/team share/var", "nfs4"), ("/srv/other", "ext4"), ("/", "ext4")])
def test_a_network_filesystem_is_recognised(tmp_path: Path, folder: str, kind: str) -> None:
    """SQLite must not lie on NFS; the mount that holds the folder is the one that counts."""
    (tmp_path / "mountinfo").write_text(MOUNTS)
    assert filesystem(Path(folder), tmp_path / "mountinfo") == kind


def test_the_fix_of_a_missing_hook_turns_it_green(
    pushboat: Pushboat, home: Path, environ: dict[str, str], tmp_path: Path
) -> None:
    """`hook doctor` prints `pushboat hook install …`; pasted as it is, the next `hook doctor` exits with 0."""
    (home / "pushboat.yaml").write_text(GIT_FORGE)
    subprocess.run(["git", "init", "-q", "--bare", str(home / "srv" / "shop.git")], check=True)
    sick = pushboat("hook", "doctor", "local/shop", "--json")
    assert sick.returncode == 1, sick.stderr
    fix = lines(sick)["local/shop webhook"]["fix"]

    program = tmp_path / "bin" / "pushboat"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m cli.main "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{environ['PATH']}"
    pasted = subprocess.run(
        shlex.split(fix), cwd=home, env={**environ, "PATH": path}, executable=program, capture_output=True, text=True
    )

    assert pasted.returncode == 0, pasted.stderr
    assert pasted.stdout == f"{home}/srv/shop.git/hooks/post-receive\n"
    assert "next: git push" in pasted.stderr
    assert environ["HOOK_SECRET"] not in pasted.stdout + pasted.stderr
    healthy = pushboat("hook", "doctor")
    assert healthy.returncode == 0, healthy.stdout
    assert "all is well" in healthy.stderr


def test_a_hook_outside_every_root_is_refused(pushboat: Pushboat, home: Path) -> None:
    """The forge is found by the repository's place; elsewhere there is no secret to sign with."""
    (home / "pushboat.yaml").write_text(GIT_FORGE)
    elsewhere = home / "elsewhere.git"
    subprocess.run(["git", "init", "-q", "--bare", str(elsewhere)], check=True)
    finished = pushboat("hook", "install", elsewhere)
    assert finished.returncode == 2
    assert f"roots: {home}/srv" in finished.stderr


def test_an_unknown_repository_is_usage(pushboat: Pushboat, home: Path) -> None:
    """`hook doctor` of something that pushboat.yaml does not have says how repositories are written."""
    finished = pushboat("hook", "doctor", "acme/shop")
    assert finished.returncode == 2
    assert "<forge>/<path>" in finished.stderr


def test_where_something_is_warned_about_all_is_not_well(capsys: pytest.CaptureFixture[str]) -> None:
    """The last line counts the warnings, so that I look up; the exit code stays that nothing is wrong."""
    assert report([passed("git", "2.39"), warned("disk", "is nearly full", "make room")], as_json=False) == 0
    assert "1 check passed, 1 warning" in capsys.readouterr().err


def test_a_store_that_nobody_may_use_hides_nothing_else(pushboat: Pushboat, home: Path) -> None:
    """It was moved elsewhere, or is damaged: one line says so and what to do, and clusters and forges are looked at."""
    assert pushboat("db", "upgrade").returncode == 0
    (home / "new").write_text(f"sqlite:///{home}/elsewhere.sqlite3")
    assert pushboat("db", "copy", "pushboat.yaml", "file:new").returncode == 0
    moved = pushboat("doctor", "--json")
    assert moved.returncode == 1
    assert [each["check"] for each in json.loads(moved.stdout)].count("store") == 1
    found = lines(moved)
    assert ("has moved" in found["store"]["sentence"], found["store"]["result"]) == (True, "FAIL")
    assert found["store"]["fix"].startswith("pushboat db reopen")
    assert any(check.startswith("cluster ") for check in found)

    store = home / "var" / "pushboat.sqlite3"
    for each in home.glob("var/pushboat.sqlite3-*"):
        each.unlink()
    store.write_bytes(b"no store at all" * 1000)
    found = lines(pushboat("doctor", "--json"))
    assert (found["store"]["result"], found["store"]["fix"]) == ("FAIL", "pushboat explain store-damaged")
    assert any(check.startswith("cluster ") for check in found)
