"""Write docs/conformance.md, rows with the tests that prove them, and docs/judged-kinds.md, what is judged."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.conformance.judged import core_kinds, custom_kinds
from tests.conformance.proofs import Proof, proofs
from tests.conformance.words import ROOT, Chapter, Row, Verdict, chapters

PAGE = ROOT / "docs" / "conformance.md"
KINDS = ROOT / "docs" / "judged-kinds.md"
KINDS_HEAD = """\
# Kinds whose health is judged, by the objects in the tests

<!-- Made by `.venv/bin/python -m tests.conformance` from tests/data/health. Don't edit. -->

What [conformance](conformance.md#health) says of health rests on these objects; how to add a kind stands in
[health](health.md).
"""
HEAD = """\
# Conformance: what other engines do, what Pushboat does, and the test that proves it

<!-- Made by `.venv/bin/python -m tests.conformance` from tests/conformance/rows and the tests' marks. Don't edit. -->

For whoever comes from Argo CD, Flux, kapp, `kubectl apply` or Helm: each row is something that those engines do, or
that their users complain of most, in one sentence; then what Pushboat does, and how that compares.

| Verdict | Means |
|---|---|
| same | as the best of them |
| better | none of them does that, or not by default |
| refused | Pushboat says no on purpose, and tells what to do instead |
| not ours | there is no such thing here, and the row says why |

Each row but those that are not ours names its tests: plain sentences, which run on a real API server with real
controllers wherever one is involved. `.venv/bin/pytest FILE -k NAME` runs one. A test of the house keeps this page
true: no row without a test, no test for a row that is not here.
"""


def page() -> str:
    """Give the page as it should be."""
    found: defaultdict[str, list[Proof]] = defaultdict(list)
    for proof in proofs():
        found[proof.row].append(proof)
    said = chapters()
    contents = [f"- [{each.title}](#{_anchor(each.title)}): {len(each.rows)} rows" for each in said]
    return "\n".join([HEAD, *contents, "", *(_chapter(chapter, found) for chapter in said)]).rstrip() + "\n"


def kinds_page() -> str:
    """Give the page of judged kinds as it should be."""
    return "\n".join([KINDS_HEAD, *_judged()]).rstrip() + "\n"


def _anchor(title: str) -> str:
    """Name a heading as forges do in links."""
    return "".join(each for each in title.lower().replace(" ", "-") if each.isalnum() or each == "-")


def _chapter(chapter: Chapter, found: Mapping[str, Sequence[Proof]]) -> str:
    lines = [f"## {chapter.title}", "", chapter.about, ""]
    lines += [f"| | {chapter.others} | Pushboat | Proved by |", "|---|---|---|---|"]
    lines += [_row(row, found[row.id]) for row in chapter.rows]
    if chapter.health:
        core, custom = len(core_kinds()), len(custom_kinds())
        lines += [
            "",
            f"[{core} core kinds and {custom} custom kinds](judged-kinds.md), by the objects that are judged.",
        ]
    return "\n".join([*lines, ""])


def _row(row: Row, found: Sequence[Proof]) -> str:
    return f"| {row.what} | {row.others} | **{row.verdict.value}.** {row.ours} | {'<br>'.join(_proved(row, found))} |"


def _proved(row: Row, found: Sequence[Proof]) -> Iterator[str]:
    if row.verdict is Verdict.NOT_OURS:
        yield "nothing to prove"
    if row.case:
        yield f"the case [{row.id}](../tests/cases/{row.id}/case.yaml), and among others"
    for proof in found:
        words = proof.test.removeprefix("test_").replace("_", " ")
        among = f" ({', '.join(proof.among)})" if proof.among else ""
        yield f"[{words}](../{proof.file}){among}{', in `make proof`' if proof.long else ''}"
    for file in row.also:
        yield f"[{file.rpartition('/')[2]}](../{file})"


def _judged() -> Iterable[str]:
    """Count the objects of each kind that are judged in tests: told well from ill."""
    yield from ("## Core kinds, by the objects in `tests/data/health`", "")
    yield from ("| Kind | Judged |", "|---|---|")
    for kind, objects in core_kinds().items():
        yield f"| `{kind}` | {', '.join(objects)} |"
    yield from ("", "## Custom kinds, by the objects in `tests/data/health/kinds`", "")
    yield "How many statuses of each kind, as its documentation writes them, are judged as what."
    yield from ("", "| Group | Kind | Healthy | On its way | Failing | Other |", "|---|---|---|---|---|---|")
    for (group, kind), counts in custom_kinds().items():
        yield f"| `{group}` | `{kind}` | {' | '.join(map(str, counts))} |"
