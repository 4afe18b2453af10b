"""`pushboat check` tells every mistake where it stands, for people and for what shows findings beside lines."""

import json
from pathlib import Path

import pytest
import yaml

from cli.checking import sarif
from tests.cli.conftest import ROOT, Pushboat
from tests.cli.shop_tree import FILE, shop, write
from tests.written import config_map, deployment
from workers.review.rules import RULES
from workers.review.words import Finding

__all__ = ["shop"]


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


def test_every_rule_is_explained_where_people_look_it_up() -> None:
    """A rule's name in a log leads to its sentence in the documentation."""
    page = (ROOT / "docs/configuration/check-plan-simulate.md").read_text()
    assert [name for name, what in RULES.items() if f"| `{name}` | {what} |" not in page] == []
