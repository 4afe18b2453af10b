"""What scanners say of an image, counted by severity: Trivy's and Grype's reports in attestations, and Harbor's own.

Pure. A vulnerability counts by the worst severity that is said of it; one without a known word counts as none of them,
and what is no report is told apart from one that found nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pushboat.config.images import OFF, SEVERITIES

_LEAST_SCORES = (9.0, 7.0, 4.0, 0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How many vulnerabilities of each severity a scan found, and when it ended (epoch seconds)."""

    counts: Mapping[str, int] = field(default_factory=dict)
    at: float = 0.0

    def from_on(self, severity: str) -> dict[str, int]:
        """Count those of a severity and of worse ones, the worst first; none for off."""
        if severity == OFF:
            return {}
        wanted = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return {name: number for name in wanted if (number := self.counts.get(name, 0))}


def attested(predicate: Mapping[str, Any]) -> Report | None:
    """Read a predicate of cosign's `vuln` type, or in-toto's; None for what tells nothing of vulnerabilities."""
    scanner, metadata = _mapping(predicate.get("scanner")), _mapping(predicate.get("metadata"))
    at = _moment(metadata.get("scanFinishedOn"))
    result = scanner.get("result")
    found = _severities(result)
    if found is None or at is None:
        return None
    return Report(counts=_counted(found), at=at)


def harbors(artifact: Mapping[str, Any]) -> Report | None:
    """Read what Harbor says of an artifact; None where it has not been scanned to the end."""
    overview = _mapping(artifact.get("scan_overview"))
    for each in map(_mapping, overview.values()):
        summary, at = _mapping(each.get("summary")), _moment(each.get("end_time"))
        counts = summary.get("summary")
        if each.get("scan_status") != "Success" or at is None:
            continue
        if isinstance(counts, Mapping):
            return Report(counts=_lower(counts), at=at)
        if summary.get("total") == 0:
            return Report(at=at)
    return None


def _severities(result: Any) -> list[str] | None:
    """List the severities of a scanner's result; None for one of a form that is not known."""
    if isinstance(result, list):  # in-toto's own form: one entry for each vulnerability, with its scores
        return [max(map(str, _scores(each)), key=_rank, default="") for each in map(_mapping, result)]
    result = _mapping(result)
    if isinstance(result.get("matches"), list):  # Grype
        return [str(_mapping(each.get("vulnerability")).get("severity", "")) for each in _mappings(result["matches"])]
    if "SchemaVersion" in result or "Results" in result:  # Trivy leaves Results out where it found nothing to scan
        return [
            str(each.get("Severity", ""))
            for target in _mappings(result.get("Results"))
            for each in _mappings(target.get("Vulnerabilities"))
        ]
    return None


def _scores(entry: Mapping[str, Any]) -> Iterator[Any]:
    return (each.get("score", "") for each in _mappings(entry.get("severity")))


def _rank(severity: str) -> int:
    word = _word(severity)
    return len(SEVERITIES) - SEVERITIES.index(word) if word else 0


def _counted(found: Iterable[str]) -> dict[str, int]:
    return dict(Counter(word for each in found if (word := _word(each))))


def _word(severity: str) -> str:
    """Give the word of a severity, or of a CVSS score (https://www.first.org/cvss/v3.1/specification-document)."""
    if severity.lower() in SEVERITIES:
        return severity.lower()
    try:
        score = float(severity)
    except ValueError:
        return ""
    return next((word for word, least in zip(SEVERITIES, _LEAST_SCORES, strict=True) if score >= least), "")


def _lower(counts: Mapping[str, Any]) -> dict[str, int]:
    return {
        name.lower(): number
        for name, number in counts.items()
        if isinstance(number, int) and name.lower() in SEVERITIES
    }


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}


def _mappings(found: Any) -> Iterator[Mapping[str, Any]]:
    return (each for each in found if isinstance(each, Mapping)) if isinstance(found, list) else iter(())


def _moment(text: Any) -> float | None:
    """Read a time as RFC 3339 has it; Go writes nanoseconds, which Python's reader takes no more than six digits of."""
    if not isinstance(text, str):
        return None
    head, dot, rest = text.partition(".")
    digits = len(rest) - len(rest.lstrip("0123456789"))
    try:
        found = datetime.fromisoformat(f"{head}{dot}{rest[:digits][:6]}{rest[digits:]}" if dot else head)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
