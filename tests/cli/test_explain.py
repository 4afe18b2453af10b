"""`pushboat explain`: every code that is said anywhere can be looked up, without a network or a file."""

import ast
import json
import os
import re
from pathlib import Path

import pytest

from cli.doctor.command import CHECKS
from cli.explaining.table import BY_CODE, SUBJECTS
from cli.explaining.words import Explanation, code_of, code_of_class
from cli.webhooks.placing import NotWritten
from pushboat import errors
from pushboat.errors import LeaseLost, PushboatError
from pushboat.policy import table
from pushboat.routing.holds import KINDS
from tests.forked import Finished, pushboat
from workers.cluster.explaining.logs import LogsForbidden
from workers.review.rules import RULES

ROOT = Path(__file__).resolve().parents[2]
ERRORS = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, PushboatError)]
DOCTORS = re.compile(r'"(doctor-[a-z-]+)"')


def explain(tmp_path: Path, *words: str) -> Finished:
    return pushboat(["explain", *words], cwd=tmp_path, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})


def test_each_code_that_is_said_is_explained_and_no_other() -> None:
    """Findings, rules of policy, errors, holds and the doctor's checks: whatever has a code can be looked up."""
    doctor = {code for file in (ROOT / "cli").rglob("*.py") for code in DOCTORS.findall(_without_explaining(file))}
    assert {code for code, _ in CHECKS} < doctor
    said = [
        RULES.keys() | set(),
        table.RULES.keys() | set(),
        {code_of_class(each) for each in ERRORS if each is not PushboatError},
        {f"hold-{kind.replace('_', '-')}" for kind in KINDS},
        doctor,
    ]
    assert [{each.code for each in rows} for rows in SUBJECTS.values()] == said
    assert len(BY_CODE) == sum(map(len, said)), "one code is two things"


def _without_explaining(file: Path) -> str:
    return "" if file.parent.name == "explaining" else file.read_text()


def test_each_word_of_a_finding_is_a_row() -> None:
    """No review names a rule that nobody can look up."""
    for file in (ROOT / "workers/review").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "rule" and isinstance(node.value, ast.Constant):
                assert node.value.value in BY_CODE, f"{file}: {node.value.value}"


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_explanation_is_whole(subject: str) -> None:
    """It says what, why, how to mend it and where more stands, in sentences of one line."""
    for each in SUBJECTS[subject]:
        for words in (each.means, each.why, each.mend):
            assert words.endswith("."), each.code
        assert each.example
        assert "\n" not in "".join((each.means, each.why, each.mend, each.example))
        assert _is_there(each), f"{each.code}: {each.page}"


def _is_there(each: Explanation) -> bool:
    page, _, anchor = each.page.partition("#")
    headings = re.findall(r"^#+ (.*)$", (ROOT / "docs" / page).read_text(), re.M)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return not anchor or anchor in slugs


def test_it_is_told_on_a_machine_without_anything(tmp_path: Path) -> None:
    """I paste a code from a colleague's terminal, and need no file, cluster or network."""
    told = explain(tmp_path, "unknown-field", "hold-pin")
    assert told.returncode == 0
    assert told.stdout.startswith("unknown-field: ")
    assert "\n\nhold-pin: " in told.stdout
    assert "mend it:" in told.stdout


@pytest.mark.parametrize(
    "written", ["Unknown-Field", "unknown_field", "UnknownField", "[unknown-field]", "unknown field"]
)
def test_a_code_is_found_as_it_was_copied(tmp_path: Path, written: str) -> None:
    """Brackets, capitals and underlines make no difference."""
    assert explain(tmp_path, written).stdout.startswith("unknown-field: ")


@pytest.mark.parametrize(
    ("written", "near"), [("unknwon-field", "unknown-field"), ("pin", "hold-pin"), ("zzz", "lists")]
)
def test_a_slip_is_answered_with_what_is_near(tmp_path: Path, written: str, near: str) -> None:
    """One letter wrong leads on, and is no success."""
    told = explain(tmp_path, written)
    assert (told.returncode, told.stdout) == (2, "")
    assert near in told.stderr


def test_strangers_bytes_are_repeated_harmlessly(tmp_path: Path) -> None:
    """What somebody else's log had me paste moves no cursor."""
    assert "\x1b" not in explain(tmp_path, "a\x1b[2Jb").stderr


def test_programs_get_all_of_it(tmp_path: Path) -> None:
    """`--json` is one list, whether of one code or of all."""
    assert [each["code"] for each in json.loads(explain(tmp_path, "--json").stdout)] == list(BY_CODE)
    (one,) = json.loads(explain(tmp_path, "unhealthy", "--json").stdout)
    assert set(one) == {"code", "means", "why", "mend", "example", "page"}
    assert (ROOT / one["page"].partition("#")[0]).is_file()


def test_an_error_names_its_code(tmp_path: Path) -> None:
    """Below what went wrong stands the command that says more; an error that says all by itself has none."""
    (tmp_path / "pushboat.yaml").write_text("forges: 3\n")
    told = pushboat(["status"], cwd=tmp_path, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})
    assert told.stderr.rstrip().endswith("pushboat explain configuration-error")
    assert code_of(LeaseLost("gone")) == "lease-lost"
    assert code_of(LogsForbidden("no")) == "cluster-refused", "a kind of an error is explained as that one"
    assert code_of(NotWritten("no")) == ""


def test_the_doctor_names_its_code(tmp_path: Path) -> None:
    """A line that is wrong says what to look up, on the terminal and for programs."""
    told = pushboat(["doctor"], cwd=tmp_path, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})
    assert "why: pushboat explain doctor-configuration" in told.stdout
    told = pushboat(["doctor", "--json"], cwd=tmp_path, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})
    codes = {line["check"]: line["code"] for line in json.loads(told.stdout)}
    assert codes["configuration"] == "doctor-configuration"
    assert codes["git"] == "doctor-machine"


def test_check_names_the_codes_of_what_it_found(tmp_path: Path) -> None:
    """At the end of all findings stands one line that explains them."""
    (tmp_path / ".pushboat.yaml").write_text("environments: {staging: {path: deploy}}\n")
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy/a.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndatum: {}\n")
    told = pushboat(["check"], cwd=tmp_path, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})
    assert told.returncode == 1
    assert "pushboat explain unknown-field" in told.stderr
