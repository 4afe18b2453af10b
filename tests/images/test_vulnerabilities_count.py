"""What a scanner found refuses an image or is said, by severity: from a signed report that is not old, or Harbor's."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from pushboat.config.images import DENY, HARBOR, OFF, WARN, ImageRules, Vulnerabilities
from tests.fakes.registry import FakeRegistry
from tests.images.conftest import NOW, Looks, signer
from tests.images.shelf import VULN, attest, image, refer, statement, trivy, with_key
from workers.images.reports import Report, attested, harbors
from workers.images.words import Trouble, Weight

DAY = 86400.0
Ec = ec.EllipticCurvePrivateKey


def rules(*keys: Ec, **how: Any) -> ImageRules:
    return ImageRules(
        look=True,
        signers=tuple(signer(key) for key in keys),
        vulnerabilities=Vulnerabilities(**how),
        when_unreachable=DENY,
    )


def said(looks: Looks, by: ImageRules, now: float = NOW) -> list[tuple[Weight, str]]:
    return [(each.weight, each.sentence) for each in looks("team/shop:1", by, now=now).remarks]


def test_what_is_critical_refuses_and_what_is_high_is_said(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    digest = image(registry, "team/shop", "1")
    attest(registry, "team/shop", digest, key, trivy("CRITICAL", "HIGH", "HIGH", "LOW", "UNKNOWN"))
    by = rules(key, deny="critical", warn="high")
    assert said(looks, by) == [(Weight.DENIED, "has 1 critical known vulnerability: build it from newer parts")]
    by = rules(key, deny=OFF, warn="high")
    assert said(looks, by) == [(Weight.WARNING, "has 1 critical and 2 high known vulnerabilities")]
    by = rules(key, deny="high")
    assert said(looks, by)[0][1].startswith("has 1 critical and 2 high known vulnerabilities")


def test_nothing_found_is_said_so_and_a_bundle_counts_as_well(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    digest = image(registry, "team/shop", "1")
    refer(registry, "team/shop", digest, with_key(statement(digest, VULN, trivy("LOW")), key))
    assert said(looks, rules(key)) == [(Weight.NOTE, "has no known vulnerability that is critical or worse")]


@pytest.mark.parametrize(("missing", "weight"), [(DENY, Weight.DENIED), (WARN, Weight.WARNING), (OFF, Weight.NOTE)])
def test_no_report_is_refused_or_said_as_the_operator_wants(
    registry: FakeRegistry, looks: Looks, key: Ec, missing: str, weight: Weight
) -> None:
    image(registry, "team/shop", "1")
    nothing = "has no vulnerability report: attest one with `cosign attest --type vuln`"
    assert said(looks, rules(key, missing=missing)) == [(weight, nothing)]


def test_a_strangers_report_an_others_and_an_unreadable_one_are_none(
    registry: FakeRegistry, looks: Looks, key: Ec
) -> None:
    """Whoever may push could else attest that nothing was found."""
    digest, other = image(registry, "team/shop", "1", "a"), image(registry, "team/shop", "2", "b")
    attest(registry, "team/shop", digest, ec.generate_private_key(ec.SECP256R1()), trivy())
    why = "has a vulnerability report that is signed, but not by release"
    assert said(looks, rules(key)) == [(Weight.DENIED, why)]
    attest(registry, "team/shop", digest, key, trivy(), about=other)
    assert "is of another image" in said(looks, rules(key))[0][1]
    attest(registry, "team/shop", digest, key, {"scanner": {"result": "clean"}})
    assert said(looks, rules(key)) == [(Weight.DENIED, "has a vulnerability report that cannot be read")]


def test_an_old_report_is_none_and_the_newest_counts(registry: FakeRegistry, looks: Looks, key: Ec) -> None:
    """What was clean in spring says nothing of what is known since; it still refuses for what it found."""
    digest = image(registry, "team/shop", "1")
    refer(registry, "team/shop", digest, with_key(statement(digest, VULN, trivy("LOW")), key))
    assert said(looks, rules(key), NOW + 6 * DAY)[0][0] is Weight.NOTE
    old = "has a vulnerability report that is 8 days old, and one may be 7 days old: scan it again"
    assert said(looks, rules(key), NOW + 8 * DAY) == [(Weight.DENIED, old)]
    assert "of a time to come" in said(looks, rules(key), NOW - 8 * DAY)[0][1]
    newer = trivy("CRITICAL", at="2026-11-28T11:00:00Z")
    refer(registry, "team/shop", digest, with_key(statement(digest, VULN, newer), key))
    assert said(looks, rules(key))[0][0] is Weight.DENIED
    assert [each[0] for each in said(looks, rules(key, missing=WARN), NOW + 8 * DAY)] == [Weight.WARNING, Weight.DENIED]


def harbor(**summary: Any) -> dict[str, Any]:
    report = {"scan_status": "Success", "end_time": "2026-11-28T10:00:00.000Z", "summary": summary}
    return {"scan_overview": {"application/vnd.security.vulnerability.report; version=1.1": report}}


def test_harbors_own_report_counts(registry: FakeRegistry, looks: Looks) -> None:
    """It is asked where the image lies, with the same login."""
    digest, by = image(registry, "team/shop", "1"), rules(report=HARBOR)
    unknown = "is not known to Harbor: ask for its report where the image lies"
    assert said(looks, by) == [(Weight.DENIED, unknown)]
    registry.scans[digest] = {"scan_overview": {}}
    assert said(looks, by) == [(Weight.DENIED, "has not been scanned by Harbor: scan it there")]
    registry.scans[digest] = harbor(total=3, summary={"Critical": 2, "High": 1})
    assert said(looks, by)[0] == (Weight.DENIED, "has 2 critical known vulnerabilities: build it from newer parts")
    registry.scans[digest] = harbor(total=0)
    assert said(looks, by)[0][0] is Weight.NOTE
    registry.down = True
    assert looks(f"team/shop@{digest}", by).trouble is Trouble.SILENT


def test_a_nested_name_is_one_name_to_harbor(registry: FakeRegistry, looks: Looks) -> None:
    digest = image(registry, "team/group/shop", "1")
    registry.scans[digest] = harbor(total=0)
    looks("team/group/shop:1", rules(report=HARBOR))
    assert registry.requests[-1].path.startswith("/api/v2.0/projects/team/repositories/group%252Fshop/artifacts/")


AT = {"scanFinishedOn": "2026-11-28T10:00:00Z"}
IN_TOTO = [
    {"id": "CVE-1", "severity": [{"method": "nvd", "score": "9.8"}, {"method": "other", "score": "low"}]},
    {"id": "CVE-2", "severity": [{"method": "nvd", "score": "HIGH"}]},
    {"id": "CVE-3"},
]
FORMS = {
    "grype": ({"matches": [{"vulnerability": {"severity": "Critical"}}, {"vulnerability": 3}]}, {"critical": 1}),
    "in-toto": (IN_TOTO, {"critical": 1, "high": 1}),
    "trivy, nothing": ({"SchemaVersion": 2}, {}),
    "trivy, odd": (
        {"Results": [None, {"Vulnerabilities": None}, {"Vulnerabilities": [{"Severity": "HIGH"}]}]},
        {"high": 1},
    ),
}


@pytest.mark.parametrize(("result", "counts"), FORMS.values(), ids=FORMS)
def test_each_scanners_form_is_counted(result: Any, counts: dict[str, int]) -> None:
    """One with several severities counts by the worst, and a score of CVSS by its word."""
    report = attested({"scanner": {"result": result}, "metadata": AT})
    assert report is not None
    assert report.counts == counts


@pytest.mark.parametrize("predicate", [{}, {"scanner": {"result": {}}, "metadata": AT}, {"scanner": [], "metadata": 1}])
def test_what_tells_nothing_is_no_report(predicate: dict[str, Any]) -> None:
    """An empty object must never read as an image without vulnerabilities."""
    assert attested(predicate) is None
    assert harbors(predicate) is None
    assert attested({"scanner": {"result": {"SchemaVersion": 2}}, "metadata": {"scanFinishedOn": "soon"}}) is None
    assert Report(counts={"low": 2}).from_on("high") == {}
