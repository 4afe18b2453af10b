"""Which vulnerabilities an image is known to have, by a signed attestation beside it or by Harbor's report."""

from collections.abc import Iterator
from urllib.parse import quote

from pushboat.config.images import ATTESTATION, OFF, Vulnerabilities
from pushboat.model.times import lasted
from pushboat.model.wording import listed
from workers.images.evidence import REPORTS, Beside
from workers.images.reports import Report, attested, harbors
from workers.images.signatures import believed
from workers.images.words import Gate, Remark, Weight, weight
from workers.registries.asking import Question
from workers.registries.content import LARGEST_MANIFEST, NotThere, answered, mapping

_AHEAD = 3600.0
"""Seconds by which a scanner's clock may be before ours."""


def vulnerabilities(beside: Beside, gate: Gate, rule: Vulnerabilities) -> Iterator[Remark]:
    """Say what is known of an image's vulnerabilities, as hard as the rule wants.

    Raises:
        Silent, Unwelcome: who knows does not say.
        NotConfigured: as `believed`.
    """
    report, why = _attested(beside, gate) if rule.report == ATTESTATION else _of_harbor(beside)
    if report is None:
        yield Remark(weight=weight(rule.missing), sentence=why)
        return
    age = gate.now - report.at
    if age > rule.max_age or age < -_AHEAD:
        old = "is of a time to come" if age < 0 else f"is {lasted(age)} old, and one may be {lasted(rule.max_age)} old"
        yield Remark(weight=weight(rule.missing), sentence=f"has a vulnerability report that {old}: scan it again")
    if denied := report.from_on(rule.deny):
        yield Remark(weight=Weight.DENIED, sentence=f"has {_told(denied)}: build it from newer parts")
    elif warned := report.from_on(rule.warn):
        yield Remark(weight=Weight.WARNING, sentence=f"has {_told(warned)}")
    elif age <= rule.max_age:
        least = rule.warn if rule.warn != OFF else rule.deny
        yield Remark(weight=Weight.NOTE, sentence=f"has no known vulnerability that is {least} or worse")


def _attested(beside: Beside, gate: Gate) -> tuple[Report | None, str]:
    """Give the newest report that a signer stands behind, or why there is none."""
    nothing = "has no vulnerability report: attest one with `cosign attest --type vuln`"
    reports = [each for each in beside.claims if each.kind in REPORTS]
    found, why = [], nothing
    for claim in reports:
        verdict = believed([claim], beside.digest, gate.rules.signers, gate.today, nothing)
        report = attested(claim.said) if verdict.signer else None
        if report:
            found.append(report)
        else:
            why = f"has a vulnerability report that {'cannot be read' if verdict.signer else verdict.why}"
    return max(found, key=lambda each: each.at, default=None), why


def _of_harbor(beside: Beside) -> tuple[Report | None, str]:
    repository = beside.repository
    project, _, name = repository.path.partition("/")
    where = f"projects/{quote(project)}/repositories/{quote(quote(name, safe=''), safe='')}/artifacts/{beside.digest}"
    url = f"{repository.root}/api/v2.0/{where}?with_scan_overview=true"
    try:
        question = Question(accept="application/json", most=LARGEST_MANIFEST)
        report = harbors(mapping(answered(url, repository, question).body))
    except NotThere:
        return None, "is not known to Harbor: ask for its report where the image lies"
    return report, "has not been scanned by Harbor: scan it there"


def _told(counts: dict[str, int]) -> str:
    words = [f"{number} {severity}" for severity, number in counts.items()]
    return f"{listed(words)} known {'vulnerability' if sum(counts.values()) == 1 else 'vulnerabilities'}"
