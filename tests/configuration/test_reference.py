"""docs/configuration is true: its examples load, and it has every key with its default."""

import json
import re
from pathlib import Path

import pytest

from pushboat.config import operator, repository
from pushboat.config.cluster import ClusterSection
from pushboat.config.definition import DefinitionSection
from pushboat.config.drift import DriftSection
from pushboat.config.environment import effective
from pushboat.config.forge import AppSection, ForgeSection
from pushboat.config.health import HealthSection
from pushboat.config.helm import HelmSection
from pushboat.config.login import LoginSection
from pushboat.config.notifying import ReceiverSection
from pushboat.config.operator import OperatorSection
from pushboat.config.project_section import LimitsSection, ProjectSection
from pushboat.config.retention import RetentionSection
from pushboat.config.schema import Section
from pushboat.config.secret import SecretSource
from pushboat.config.verifying import VerificationSection

PAGES = {
    page.stem: page.read_text() for page in sorted((Path(__file__).parents[2] / "docs/configuration").glob("*.md"))
}
REFERENCE = "\n".join(PAGES.values())
EXAMPLES = re.findall(r"```yaml\n(.*?)```", REFERENCE, re.DOTALL)
PEM = "-----BEGIN RSA PRIVATE KEY-----\n"


class Everything(dict[str, str]):
    """An environment in which every variable is set."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return "postgresql+psycopg://pushboat:hush@db/pushboat"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Give the place of an operator's file with the secret files that the examples name."""
    (tmp_path / "secrets").mkdir()
    for name in ("github-webhook-old", "github-app.pem", "local"):
        (tmp_path / "secrets" / name).write_text(PEM)
    account = {"client_email": "sops@shop.example", "private_key_id": "1", "private_key": PEM}
    (tmp_path / "secrets" / "google.json").write_text(json.dumps(account))
    return tmp_path / "pushboat.yaml"


def example(page: str) -> str:
    """Give the first example of a page."""
    return PAGES[page].partition("```yaml\n")[2].partition("```")[0]


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_loads(number: int, file: Path) -> None:
    """What stands in the reference can be copied."""
    text = EXAMPLES[number]
    if text.startswith("environments:"):
        assert repository.parse(text).environments
    else:
        assert operator.parse(text, file, Everything()).projects


def test_the_examples_fit_each_other(file: Path) -> None:
    """The repository's example deploys under the operator's large one, whose fixed branch wins."""
    project = operator.parse(example("operators-file"), file, Everything()).projects["github/acme/shop"]
    environments = effective(project, repository.parse(example("repositorys-file")))
    assert (environments["staging"].branch, environments["staging"].namespace) == ("main", "shop-staging")
    assert (environments["production"].branch, environments["production"].tag) == ("release", "")


SECTIONS: dict[str, type[Section]] = {
    "Top level": OperatorSection,
    "`retention`": RetentionSection,
    "`drift`": DriftSection,
    "`notifications.<name>`": ReceiverSection,
    "`login`": LoginSection,
    "`health[]`": HealthSection,
    "`forges.<name>`": ForgeSection,
    "`clusters.<name>`": ClusterSection,
    "`projects[]`": ProjectSection,
    "`projects[].environments.<name>`": LimitsSection,
    "`environments.<name>`": DefinitionSection,
    "`helm`": HelmSection,
    "`verify[]`": VerificationSection,
}


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_reference_has_every_key_and_no_other(heading: str) -> None:
    """Each section's table has one row per key, and says when a key is required."""
    part = re.split(rf"\n#+ {re.escape(heading)}\n", f"\n{REFERENCE}")[1].split("\n#")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \|[^|]*\|([^|]*)\|", part, re.MULTILINE))
    fields = {each.alias or name: each for name, each in SECTIONS[heading].model_fields.items()}
    written = [name for name in SECTIONS[heading].__annotations__ if name in SECTIONS[heading].model_fields]
    own = {SECTIONS[heading].model_fields[name].alias or name for name in written}
    assert set(rows) == own
    for key in own:
        if fields[key].is_required():
            assert rows[key].strip() == "required", key


def test_the_reference_explains_secrets_and_apps() -> None:
    """The small sections inside others are described in a sentence each."""
    for section in (AppSection, SecretSource):
        assert all(f"`{key}`" in REFERENCE for key in section.model_fields)


def test_what_the_operator_may_fix_is_listed() -> None:
    """Every field of the repository's file that this version has can be fixed, but those that both may say."""
    sentence = REFERENCE.split("is then fixed: ")[1].split(". A fixed")[0]
    assert set(re.findall(r"`(\w+)`", sentence)) == set(DefinitionSection.model_fields) - {
        "approvals",
        "needs",
        "self_heal",
        "signed_commits",
    }
