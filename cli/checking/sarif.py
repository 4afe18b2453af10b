"""A look at environments as code scanners exchange it: SARIF 2.1.0 (OASIS), for the forge's own annotations.

A line and a column count Unicode characters, from one. What has no place in the repository, or one in what was fetched
from elsewhere, stands at the beginning of the repository's file, for forges show nothing without a place of theirs.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pushboat.config.repository import FILE_NAME
from pushboat.policy import table
from workers.review.rules import RULES
from workers.review.words import Finding

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def log(findings: Iterable[Finding], top: Path, unknown: Sequence[str] = ()) -> dict[str, Any]:
    """Write one run about the work tree at `top`; what several environments share is told once.

    `unknown` says what could not be looked at: without it nothing found would read as nothing wrong.
    """
    every = list(dict.fromkeys(findings))
    rules = {**RULES, **{each.name: each.reason for each in table.RULES.values()}}
    known = set(rules)
    for each in every:
        rules.setdefault(each.rule, "A rule of the operator's or of this repository")
    places = {name: number for number, name in enumerate(rules)}
    results = [_result(each, places, top) for each in every]
    driver = {
        "name": "pushboat check",
        "version": version("pushboat"),
        "rules": [
            {"id": name, "shortDescription": {"text": what}, "help": {"text": f"pushboat explain {name}"}}
            if name in known
            else {"id": name, "shortDescription": {"text": what}}
            for name, what in rules.items()
        ],
    }
    silent = [{"level": "error", "message": {"text": each}} for each in unknown]
    invocation = {"executionSuccessful": not silent, "toolExecutionNotifications": silent}
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(finding: Finding, places: Mapping[str, int], top: Path) -> Mapping[str, Any]:
    file, line, column = finding.spot
    sentence = finding.sentence
    if file and not _is_here(top / file):
        file, line, column, sentence = "", 0, 0, str(finding)
    region = {"startLine": line or 1, "startColumn": column or 1}
    artifact = {"uri": quote(file or FILE_NAME), "uriBaseId": "%SRCROOT%"}
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    if finding.ref is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": str(finding.ref), "kind": "object"}]
    return {
        "ruleId": finding.rule,
        "ruleIndex": places[finding.rule],
        "level": str(finding.weight),
        "message": {"text": sentence},
        "locations": [location],
    }


def _is_here(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):  # no name that a file could have
        return False
