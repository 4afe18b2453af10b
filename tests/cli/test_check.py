"""`pushboat check`: on my laptop I read what my commit would be told, and nothing of my repository is touched."""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from cli.checking import sarif
from tests.cli.conftest import ROOT, Pushboat
from tests.fakes.base_host import BaseHost
from tests.written import config_map, deployment
from workers.review.rules import RULES
from workers.review.words import Finding

FILE = "environments:\n  staging: {branch: main, path: deploy/staging}\n  live: {branch: main, path: deploy/live}\n"


def git(root: Path, *words: str) -> str:
    """Ask git."""
    return subprocess.run(["git", "-C", str(root), *words], check=True, capture_output=True, text=True).stdout


def write(root: Path, name: str, text: str) -> None:
    """Write one file of the work tree."""
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


@pytest.fixture(params=["sha1", "sha256"])
def shop(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A work tree with two environments, committed in part: in a folder whose name needs care."""
    root = tmp_path / "my shop:ü"
    root.mkdir()
    git(root, "init", "-q", f"--object-format={request.param}")
    write(root, ".pushboat.yaml", FILE)
    write(root, "deploy/staging/web.yaml", config_map("web"))
    git(root, "add", ".pushboat.yaml")
    write(root, "deploy/live/web.yaml", config_map("web"))
    return root


def everything(root: Path) -> dict[str, bytes]:
    """All files, git's own among them."""
    return {str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()}


def test_what_is_not_staged_is_checked_and_nothing_is_touched(shop: Path, pushboat: Pushboat) -> None:
    """It looks at what I wrote a second ago: from any folder of the tree, and git is as it was."""
    before = everything(shop)
    checked = pushboat("check", shop / "deploy" / "live")
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.splitlines() == [
        "✔ live: 1 object from deploy/live (plain)",
        "✔ staging: 1 object from deploy/staging (plain)",
    ]
    assert "2 environments, no mistake found" in checked.stderr
    assert "held against Kubernetes 1.36 (" in checked.stderr
    assert "not looked at: admission" in checked.stderr
    assert everything(shop) == before


def test_a_hook_may_call_it(shop: Path, pushboat: Pushboat) -> None:
    """git tells its hooks which repository and index they are about: ours are made elsewhere all the same."""
    before = everything(shop)
    told = {"GIT_DIR": str(shop / ".git"), "GIT_INDEX_FILE": ".git/index", "GIT_PREFIX": "deploy/"}
    checked = pushboat("check", shop / "deploy", **told)
    assert checked.returncode == 0, checked.stderr
    assert everything(shop) == before


def test_what_git_ignores_is_no_part_of_it(shop: Path, pushboat: Pushboat) -> None:
    """My editor's copies would not be pushed: they are not deployed here either, and a deleted file is gone."""
    write(shop, ".gitignore", "*.swp.yaml\n")
    write(shop, "deploy/staging/web.swp.yaml", "{")
    git(shop, "add", "--all")
    (shop / "deploy" / "live" / "web.yaml").unlink()
    found = {each["environment"]: each for each in json.loads(pushboat("check", shop, "--json").stdout)["items"]}
    assert found["staging"]["verdict"] == "renders"
    assert found["live"]["verdict"] == "refused"
    assert found["live"]["reason"].startswith("deploy/live ")


def test_one_mistake_hides_no_other(shop: Path, pushboat: Pushboat) -> None:
    """Each environment is told by itself, with the place of what is wrong in it; one that is fine is said to be."""
    write(shop, "deploy/staging/web.yaml", config_map("web") + "data: {a: 1}\n")
    checked = pushboat("check", shop)
    assert checked.returncode == 1
    lines = checked.stdout.splitlines()
    assert lines[0] == "✔ live: 1 object from deploy/live (plain)"
    assert lines[1].startswith("✗ staging: deploy/staging/web.yaml:")
    assert "1 of 2 environments would be refused" in checked.stderr
    assert pushboat("check", shop, "-e", "live").returncode == 0


def test_every_mistake_of_the_file_is_told(shop: Path, pushboat: Pushboat) -> None:
    """As on a commit: all of them, with line and column; and where there is no file, what writes one."""
    write(shop, ".pushboat.yaml", "environments:\n  staging: {brunch: main, path: /deploy}\n  Live: {path: b}\n")
    checked = pushboat("check", shop)
    assert checked.returncode == 1
    assert len(checked.stdout.splitlines()) == 3
    assert all("✗ .pushboat.yaml:" in line for line in checked.stdout.splitlines())
    assert len(json.loads(pushboat("check", shop, "--json").stdout)["mistakes"]) == 3
    (shop / ".pushboat.yaml").unlink()
    assert "has no .pushboat.yaml: `pushboat init` writes one" in pushboat("check", shop).stdout


def test_links_and_pointers_are_judged_as_in_a_commit(shop: Path, pushboat: Pushboat, tmp_path: Path) -> None:
    """What lies beside my work tree is not read, though it could be here: the push would be refused for that link."""
    (tmp_path / "secret.yaml").write_text(config_map("secret"))
    (shop / "deploy" / "staging" / "more.yaml").symlink_to(tmp_path / "secret.yaml")
    write(
        shop,
        "deploy/live/big.yaml",
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n",
    )
    said = {
        each["environment"]: f"{each['reason']} {each['details']}"
        for each in json.loads(pushboat("check", shop, "--json").stdout)["items"]
    }
    assert "deploy/staging/more.yaml" in said["staging"]
    assert "LFS" in said["live"]


def test_what_is_outside_is_not_fetched_unasked(shop: Path, pushboat: Pushboat) -> None:
    """A chart from elsewhere: this look is offline, and says that it does not know instead of no or yes."""
    write(
        shop,
        "deploy/live/Chart.yaml",
        "apiVersion: v2\nname: live\nversion: 1.0.0\n"
        "dependencies: [{name: redis, version: 1.0.0, repository: 'https://127.0.0.1:9/charts'}]\n",
    )
    write(shop, "deploy/live/templates/web.yaml", config_map("web"))
    (shop / "deploy" / "live" / "web.yaml").unlink()
    checked = pushboat("check", shop)
    assert checked.returncode == 3, checked.stdout
    (line,) = [line for line in checked.stdout.splitlines() if line.startswith("? live: ")]
    assert "nothing was fetched: look with --fetch" in line
    noted = pushboat("check", shop, "--sarif")
    (invocation,) = json.loads(noted.stdout)["runs"][0]["invocations"]
    assert (noted.returncode, invocation["executionSuccessful"]) == (3, False), "nothing found is not nothing wrong"
    (notification,) = invocation["toolExecutionNotifications"]
    assert (notification["level"], notification["message"]["text"]) == ("error", line.removeprefix("? "))
    assert "run `pushboat sources lock`" in pushboat("check", shop, "--fetch").stdout


def test_a_cluster_that_does_not_answer_is_no_verdict(shop: Path, pushboat: Pushboat, tmp_path: Path) -> None:
    """Whoever reads the SARIF of a look without an answer is not told that all is well."""
    write(
        tmp_path,
        "kubeconfig",
        "current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\n"
        "clusters: [{name: a, cluster: {server: 'http://127.0.0.1:1'}}]\nusers: [{name: a, user: {token: hush}}]\n",
    )
    silent = pushboat("check", shop, "--context", "a", "--sarif", KUBECONFIG=str(tmp_path / "kubeconfig"))
    (run,) = json.loads(silent.stdout)["runs"]
    (invocation,) = run["invocations"]
    assert (silent.returncode, invocation["executionSuccessful"], run["results"]) == (3, False, [])
    (notification,) = invocation["toolExecutionNotifications"]
    assert "cluster a" in notification["message"]["text"]
    assert notification["message"]["text"] in silent.stderr
    assert "hush" not in silent.stdout + silent.stderr


def test_bases_are_fetched_where_that_is_asked_for(shop: Path, pushboat: Pushboat, tmp_path: Path) -> None:
    """An overlay of another repository: not known offline, and with --fetch as its deployment would be."""
    (tmp_path / "hosted").mkdir()
    host = BaseHost(tmp_path / "hosted")
    try:
        kit = {"kit/kustomization.yaml": "resources: [web.yaml]", "kit/web.yaml": config_map("theirs")}
        host.repository("team/base").commit("main", kit, "Begin")
        write(
            shop, "deploy/live/kustomization.yaml", f"resources: [web.yaml, '{host.url}/team/base.git//kit?ref=main']"
        )
        assert pushboat("check", shop, "-e", "live").returncode == 3
        assert pushboat("sources", "lock", shop).returncode == 0
        assert "✔ live: 2 objects" in pushboat("check", shop, "-e", "live", "--fetch").stdout
    finally:
        host.close()


def test_a_folder_without_git_stands_for_itself(tmp_path: Path, pushboat: Pushboat) -> None:
    """Files that somebody sent me in an archive are checked as well."""
    root = tmp_path / "sent"
    write(root, ".pushboat.yaml", "environments:\n  staging: {branch: main, path: deploy}\n")
    write(root, "deploy/web.yaml", config_map("web"))
    checked = pushboat("check", root, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert "✔ staging: 1 object from deploy (plain)" in checked.stdout
    assert sorted(each.name for each in root.iterdir()) == [".pushboat.yaml", "deploy"]


def test_with_the_operators_file_its_limits_count(shop: Path, home: Path, pushboat: Pushboat) -> None:
    """I keep the operator's file at hand: a name or a namespace that it does not allow is a mistake here, too."""
    checked = pushboat("check", shop, "--repository", "github/acme/shop")
    assert checked.returncode == 1
    assert "the operator has no environment 'live'" in checked.stdout
    assert pushboat("check", shop, "--repository", "github/acme/shot").returncode == 2
    assert pushboat("check", shop, "-e", "lave").returncode == 2


def test_with_the_operators_file_a_tag_is_a_mistake_where_digests_are_wanted(
    shop: Path, home: Path, pushboat: Pushboat
) -> None:
    """Before I push, and with no registry asked, I read at which line an image can be moved under me."""
    allowed = yaml.safe_load((home / "pushboat.yaml").read_text())
    allowed["projects"][0]["environments"]["staging"]["images"] = {"mutable_tags": "deny"}
    (home / "pushboat.yaml").write_text(yaml.safe_dump(allowed))
    write(shop, ".pushboat.yaml", "environments:\n  staging: {branch: main, path: deploy/staging}\n")
    write(shop, "deploy/staging/web.yaml", deployment(image="ghcr.io/acme/shop:1"))
    assert pushboat("check", shop).returncode == 0
    checked = pushboat("check", shop, "--repository", "github/acme/shop")
    assert checked.returncode == 1
    assert "image ghcr.io/acme/shop:1 names a tag, which can be moved to other content" in checked.stdout


def test_the_folders_that_a_pattern_fits_are_checked(shop: Path, pushboat: Pushboat) -> None:
    """A folder that would become an environment is looked at like one, also before it is staged."""
    write(shop, ".pushboat.yaml", "environments: {each: {branch: main, path: 'deploy/{name}'}}\n")
    checked = pushboat("check", shop)
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.splitlines() == [
        "✔ live: 1 object from deploy/live (plain)",
        "✔ staging: 1 object from deploy/staging (plain)",
    ]


BROKEN = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
data: {DEBUG: true}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replcas: 2
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: app, image: x}]}}
"""


def test_all_mistakes_are_told_file_by_file(shop: Path, pushboat: Pushboat) -> None:
    """Three files are wrong, each in its own way: I read all of it at once, in the order of files and lines."""
    write(shop, "deploy/staging/web.yaml", BROKEN)
    write(shop, "deploy/staging/also.yaml", "apiVersion: v1\nkind: [\n")
    write(shop, "deploy/staging/old.yaml", "apiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: a}\n")
    checked = pushboat("check", shop, "-e", "staging")
    assert checked.returncode == 1
    head, *lines = checked.stdout.splitlines()
    assert head == "✗ staging: 4 mistakes in 3 files"
    assert [line.split(": ")[0] for line in lines if "✗" in line] == [
        "    ✗ deploy/staging/also.yaml:3:1",
        "    ✗ deploy/staging/old.yaml:1:13",
        "    ✗ deploy/staging/web.yaml:4:15",
        "    ✗ deploy/staging/web.yaml:10:3",
    ]
    (item,) = json.loads(pushboat("check", shop, "-e", "staging", "--json").stdout)["items"]
    assert item["verdict"] == "refused"
    assert item["findings"][3] == {
        "rule": "unknown-field",
        "weight": "error",
        "file": "deploy/staging/web.yaml",
        "line": 10,
        "column": 3,
        "object": "Deployment/web",
        "sentence": "Deployment/web: unknown field spec.replcas: did you mean replicas?",
    }


def test_the_version_of_my_cluster_counts(shop: Path, pushboat: Pushboat) -> None:
    """What goes with the next Kubernetes is a warning today and a mistake then; a version that is not there is told."""
    cidr = (
        "apiVersion: networking.k8s.io/v1beta1\nkind: ServiceCIDR\nmetadata: {name: a}\nspec: {cidrs: [10.9.0.0/16]}\n"
    )
    write(shop, "deploy/staging/cidr.yaml", cidr)
    today = pushboat("check", shop, "-e", "staging")
    assert today.returncode == 0, today.stdout
    assert "⚠ deploy/staging/cidr.yaml:1:13: ServiceCIDR/a: networking.k8s.io/v1beta1 is deprecated" in today.stdout
    assert "no mistake found; 1 warning" in today.stderr
    assert pushboat("check", shop, "-e", "staging", "--kubernetes-version", "v1.37.1").returncode == 1
    unknown = pushboat("check", shop, "--kubernetes-version", "1.19")
    assert unknown.returncode == 2
    assert "1.32, 1.33, 1.34, 1.35, 1.36 and 1.37 are: ask a cluster" in unknown.stderr
    assert pushboat("check", shop, "--kubernetes-version", "1.36", "--context", "a").returncode == 2


def test_findings_are_written_as_scanners_exchange_them(shop: Path, pushboat: Pushboat) -> None:
    """My forge shows each finding beside its line: the log keeps to the format, and a shared file is told once."""
    write(shop, "deploy/staging/ä b.yaml", BROKEN)
    write(shop, ".pushboat.yaml", f"{FILE}  also: {{branch: main, path: deploy/staging}}\n")
    checked = pushboat("check", shop, "--sarif")
    assert checked.returncode == 1
    log = json.loads(checked.stdout)
    assert (log["version"], log["$schema"][-31:]) == ("2.1.0", "schemas/sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert run["tool"]["driver"]["name"]
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    assert len(set(rules)) == len(rules)
    levels = [result["level"] for result in run["results"]]
    assert levels.count("error") == 3  # two mistakes, and one object of that name too many
    assert levels.count("warning") == 4  # what policy would like of its container
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"]["uri"] in ("deploy/staging/%C3%A4%20b.yaml", "deploy/staging/web.yaml")
        assert place["region"]["startLine"] >= 1
        assert place["region"]["startColumn"] >= 1
    write(shop, ".pushboat.yaml", "environments: {staging: {brunch: main}}\n")
    (run,) = json.loads(pushboat("check", shop, "--sarif").stdout)["runs"]
    assert {result["ruleId"] for result in run["results"]} == {"pushboat-file"}


ELSEWHERE = {
    "a base": "github.com/acme/base@1a2b3c4d//web.yaml:3:4",
    "a single file": "example.com/crds/a.yaml:7",
    "a chart": "web 1.2.3 of oci://charts.example.com/web/templates/a.yaml:3:4",
    "a name that no file can have": f"{'a' * 5000}.yaml:3:4",
}


@pytest.mark.parametrize("place", ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_stands_in_no_file_of_the_repository_is_shown_all_the_same(place: str, tmp_path: Path) -> None:
    """My forge shows nothing at an address of others: it is told at my own file, and says where it stands."""
    finding = Finding(rule="unknown-field", place=place, sentence="Deployment/a: unknown field x")
    (result,) = sarif.log([finding], tmp_path)["runs"][0]["results"]
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == ".pushboat.yaml"
    assert location["region"] == {"startLine": 1, "startColumn": 1}
    assert result["message"]["text"] == f"{place}: Deployment/a: unknown field x"


def test_the_hook_for_pre_commit_runs_the_command() -> None:
    """Who names this repository in their hooks gets this command, about the whole tree, whatever the commit changes.

    A file that a generator reads may have any name, and one that goes is no changed file to pre-commit.
    """
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert (hook["id"], hook["entry"], hook["pass_filenames"]) == ("pushboat-check", "pushboat check", False)
    assert {"id", "name", "entry", "language"} <= hook.keys()
    assert hook["always_run"] is True
    assert not hook.keys() & {"files", "exclude", "types", "types_or", "exclude_types", "args", "stages"}


@pytest.mark.parametrize("gone", ["deploy/staging/app.env", "deploy/staging/web.yaml"])
def test_a_commit_that_only_takes_a_file_away_is_looked_at(gone: str, shop: Path, pushboat: Pushboat) -> None:
    """The hook has no file to look at, and yet the kustomization names one that is gone: I am told before I commit."""
    kustomization = "resources: [web.yaml]\nconfigMapGenerator: [{name: app, envs: [app.env]}]\n"
    write(shop, "deploy/staging/kustomization.yaml", kustomization)
    write(shop, "deploy/staging/app.env", "A=1\n")
    (shop / gone).unlink()
    checked = pushboat("check", shop, "-e", "staging")
    assert checked.returncode == 1
    assert gone.rpartition("/")[2] in checked.stdout


def test_every_rule_is_explained_where_people_look_it_up() -> None:
    """A rule's name in a log leads to its sentence in the documentation."""
    page = (ROOT / "docs/configuration/check-plan-simulate.md").read_text()
    assert [name for name, what in RULES.items() if f"| `{name}` | {what} |" not in page] == []
