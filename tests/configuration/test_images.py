"""What images must be, and which registries are asked: from the operator's file, each mistake at its line."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pushboat.config import operator, repository
from pushboat.config.images import DENY, NO_RULES, WARN, ImageRules, ImagesSection
from pushboat.errors import InvalidRepositoryFile
from tests.configuration.marked import unmarked
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP, mistakes_of

KEY = "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n"
SIGNED = "signatures: deny, signers: [{name: release, key: {file: cosign.pub}}]"


def written(images: str, registries: str = "") -> str:
    return FORGES + CLUSTERS + registries + SHOP + f"      qa: {{cluster: dev, namespaces: [a], images: {images}}}\n"


def rules(images: str, folder: Path) -> ImageRules:
    found = operator.parse(written(images), folder / "pushboat.yaml", ENVIRON)
    return found.projects["github/acme/shop"].environments["qa"].images


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    (tmp_path / "cosign.pub").write_text(KEY)
    (tmp_path / "cosign.key").write_text("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nMFkw\n")
    (tmp_path / "root.json").write_text('{"certificateAuthorities": []}')
    (tmp_path / "other.json").write_text("[]")


def test_what_is_not_written_is_not_wanted_and_nobody_is_asked() -> None:
    plain = FORGES + CLUSTERS + SHOP + "      qa: {cluster: dev, namespaces: [a]}\n"
    found = operator.parse(plain, "pushboat.yaml", ENVIRON).projects["github/acme/shop"].environments["qa"].images
    assert found == NO_RULES
    assert not found.look


@pytest.mark.parametrize(
    ("images", "when"),
    [
        ("{}", WARN),
        ("{mutable_tags: deny}", WARN),
        (f"{{{SIGNED}}}", DENY),
        (f"{{{SIGNED}, when_unreachable: warn}}", WARN),
        ("{vulnerabilities: {report: harbor}}", DENY),
        ("{vulnerabilities: {report: harbor, deny: off, warn: high, missing: warn}}", WARN),
    ],
)
def test_a_silent_registry_refuses_where_a_rule_does(images: str, when: str, tmp_path: Path) -> None:
    """Whoever denies what is unsigned means that what nobody could look at does not run either."""
    assert rules(images, tmp_path).when_unreachable == when


def test_signers_are_keys_or_identities_each_until_a_day(tmp_path: Path) -> None:
    found = rules(
        "{signatures: warn, signers: [{name: a, key: {file: cosign.pub}, until: 2027-01-31}, "
        "{name: b, identity: i, issuer: j, root: {file: root.json}}], exempt: ['docker.io/library/*']}",
        tmp_path,
    )
    first, second = found.signers
    assert (first.key, first.until) == (KEY, datetime(2027, 1, 31, tzinfo=UTC).date())
    assert (second.identity, second.issuer, second.until) == ("i", "j", None)
    assert found.exempts("oci://docker.io/library/nginx")
    assert not found.exempts("oci://docker.io/librarians/nginx")


def test_registries_are_written_as_images_are(tmp_path: Path) -> None:
    text = (
        "registries: ['ghcr.io/acme/*', index.docker.io, {url: 127.0.0.1:5000, username: a, password: {env: HOOK}}]\n"
    )
    found = operator.parse(written("{}", text), tmp_path / "pushboat.yaml", ENVIRON).registries
    assert [each.address for each in found] == ["oci://ghcr.io/acme", "oci://docker.io", "oci://127.0.0.1:5000"]
    assert found[2].password == ENVIRON["HOOK"]
    assert ENVIRON["HOOK"] not in repr(found)


MISTAKES = {
    "no such verdict": ("{mutable_tags: ¦refuse}", "deny"),
    "nobody's signature": ("¦{signatures: deny}", "list no 'signers', so none could be good"),
    "nobody's attestation": ("¦{vulnerabilities: {deny: high}}", "list no 'signers', so none could be good"),
    "no severity": ("{vulnerabilities: ¦{deny: off, report: harbor}}", "need a severity"),
    "no age": ("{vulnerabilities: {report: harbor, max_age: ¦0}}", "must be longer than nothing"),
    "a private key": ("{signers: [{name: a, key: ¦{file: cosign.key}}]}", "it holds a private key"),
    "no key": ("{signers: [{name: a, key: ¦{file: other.json}}]}", "it is no public key as text"),
    "nothing there": ("{signers: [{name: a, key: ¦{file: nowhere}}]}", "which does not exist"),
    "no root": (
        "{signers: [{name: a, identity: i, issuer: j, root: ¦{file: other.json}}]}",
        "it is no trusted_root.json",
    ),
    "an identity without its issuer": (
        "{signers: [¦{name: a, identity: i, root: {file: root.json}}]}",
        "need one of the two in each entry",
    ),
    "both": ("{signers: [¦{name: a, key: {file: cosign.pub}, issuer: j}]}", "need one of the two in each entry"),
    "one name twice": (
        "¦{signers: [{name: a, key: {file: cosign.pub}}, {name: a, key: {file: cosign.pub}}]}",
        "have two signers of one name",
    ),
    "no day": ("{signers: [{name: a, key: {file: cosign.pub}, until: ¦soon}]}", "is no day: write 2027-01-31"),
    "a short name": ("{exempt: [¦nginx]}", "begins with no host: write docker.io/library/nginx"),
    "a scheme": ("{exempt: [¦'https://ghcr.io/acme']}", "without a scheme"),
}


@pytest.mark.parametrize(("marked", "message"), MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_is_told_at_its_place(marked: str, message: str, tmp_path: Path) -> None:
    text, line, column = unmarked(written(marked))
    (mistake,) = mistakes_of(text, tmp_path)
    assert (mistake.line, mistake.column) == (line, column)
    assert message in mistake.message


def test_the_page_has_every_key_and_its_example_loads(tmp_path: Path) -> None:
    """What stands in docs/images.md can be copied."""
    page = (Path(__file__).parents[2] / "docs" / "images.md").read_text()
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) == set(ImagesSection.model_fields)
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "trusted_root.json").write_text((tmp_path / "root.json").read_text())
    text = FORGES + CLUSTERS.replace("dev:", "prod:") + example
    found = operator.parse(text, tmp_path / "pushboat.yaml", {**ENVIRON, "HARBOR_TOKEN": "t"})
    assert found.projects["github/acme/shop"].environments["production"].images.signatures == DENY


def test_a_push_grants_itself_nothing() -> None:
    """The gate is the operator's; what is pushed cannot open it."""
    file = b"environments:\n  qa: {branch: main, path: deploy, images: {signatures: off}}\n"
    with pytest.raises(InvalidRepositoryFile, match="images"):
        repository.parse(file)
