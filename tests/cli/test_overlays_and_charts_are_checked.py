"""What kustomize and Helm make is held against the schemas too, and each mistake is placed in the file that has it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pushboat.config.policy import OF_SECRETS
from pushboat.policy import table
from tests.cli.conftest import Pushboat
from tests.review.golden import Case, cases, written

GOLDEN = Path(__file__).with_name("rendered") / "overlays-and-charts.txt"
OF_POLICY = {*table.RULES, *OF_SECRETS}


@pytest.mark.proves("offline")
def test_mistakes_of_overlays_and_charts_are_told_where_they_stand(pushboat: Pushboat, tmp_path: Path) -> None:
    """In one look I read of each overlay and chart what is wrong, and in which of my own files."""
    every = [*cases(GOLDEN)]
    found = looked_at(pushboat, tmp_path / "repository", every)
    assert [replace(case, said=found[case.name]) for case in every] == every
    assert all(case.said for case in every)


def looked_at(pushboat: Pushboat, root: Path, every: list[Case]) -> dict[str, tuple[str, ...]]:
    """Let one command look at all of them, each an environment of one repository; policy is not what this is about."""
    for case in every:
        for name, text in case.files:
            file = root / case.name / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    environments = {case.name: {"branch": "main", "path": f"{case.name}/overlay"} for case in every}
    (root / ".pushboat.yaml").write_text(yaml.safe_dump({"environments": environments}))
    checked = pushboat("check", root, "--json", GIT_CEILING_DIRECTORIES=str(root.parent))
    assert checked.returncode == 1, checked.stderr
    items = json.loads(checked.stdout)["items"]
    return {
        item["environment"]: tuple(line(each) for each in item["findings"] if each["rule"] not in OF_POLICY)
        for item in items
    }


def line(finding: dict[str, str]) -> str:
    """Write a finding as the file has it."""
    place = ":".join(str(finding[each]) for each in ("file", "line", "column") if finding[each])
    return f"{finding['rule']} {finding['weight']} {place}: {finding['sentence']}"


def rewritten(every: list[Case], found: dict[str, tuple[str, ...]]) -> str:
    """Write the file anew, for whoever changes a sentence and reads what became of all of them."""
    return "\n".join(written(replace(case, said=found[case.name])) for case in every)
