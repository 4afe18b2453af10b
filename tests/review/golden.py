"""Broken manifests with what is said of them: text files that people read, one case after the other.

`=== its name`, `@@ file` before each file's text, and `>>> rule weight place: sentence` for all that is found.
`python -m tests.review.golden` writes the last ones anew; what it changes is read before it is committed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pushboat.config.environment import Environment
from pushboat.errors import InvalidManifest
from pushboat.model.manifest import Manifest
from workers.manifests.reading import read_manifests
from workers.manifests.words import Unread
from workers.review.minors import DEFAULT, minor
from workers.review.offline import Offline
from workers.review.reviewing import Subject, in_order, review
from workers.review.words import Finding, told

BROKEN = Path(__file__).with_name("broken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One broken folder, and what is expected to be said of it."""

    name: str
    files: tuple[tuple[str, str], ...]
    said: tuple[str, ...]


def cases(file: Path) -> Iterator[Case]:
    """Read the cases of one file."""
    for text in file.read_text().split("=== ")[1:]:
        name, _, rest = text.partition("\n")
        body, *said = rest.split("\n>>> ")
        body = body if body.endswith("\n") else f"{body}\n"
        files = (each.partition("\n") for each in body.split("@@ ")[1:])
        yield Case(name=name, files=tuple((file, text) for file, _, text in files), said=tuple(map(str.rstrip, said)))


def written(case: Case) -> str:
    """Write a case as it is read."""
    files = "".join(f"@@ {file}\n{text}" for file, text in case.files)
    return f"=== {case.name}\n{files}" + "".join(f">>> {line}\n" for line in case.said)


def read(case: Case) -> tuple[Sequence[Manifest], tuple[Finding, ...]]:
    """Read a case's manifests, as a plain folder is read; what cannot be read is found."""
    found: list[Manifest] = []
    wrong: list[Finding] = []
    for file, text in case.files:
        try:
            found += read_manifests(text, file)
        except Unread as partly:
            found += partly.rest
            wrong += [told("unreadable", each.summary) for each in partly.mistakes]
        except InvalidManifest as error:
            wrong.append(told("unreadable", error.summary))
    return found, tuple(wrong)


def findings(case: Case, version: str = DEFAULT) -> tuple[Finding, ...]:
    """Say all that is wrong with a case, whatever the operator's file would say."""
    manifests, wrong = read(case)
    environment = Environment(
        name="staging",
        cluster="",
        namespaces=("default",),
        namespace="default",
        path="deploy",
        cluster_scoped=tuple({each.ref.kind for each in manifests}),
    )
    reviewed = review(Subject(manifests=manifests, environment=environment, known=Offline(minor(version), manifests)))
    return in_order((*wrong, *reviewed.findings))


def line(finding: Finding) -> str:
    """Write a finding as the files have it."""
    return f"{finding.rule} {finding.weight} {finding}"


if __name__ == "__main__":
    for golden in sorted(BROKEN.glob("*.txt")):
        golden.write_text(
            "\n".join(written(replace(case, said=tuple(map(line, findings(case))))) for case in cases(golden))
        )
