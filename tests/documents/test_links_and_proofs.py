"""Whoever follows a link arrives, and each row of the threat table names tests that are there."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.documents.blocks import ROOT, pages

AWAITED = {"docs/installation.md", "docs/runbooks.md", "docs/notifications.md"}
"""Pages of installation, alerts and notifications: links to them count from the day on which they are there."""
_LINK = re.compile(r"(?<!\\)\]\((?!https?:|mailto:)([^)\s]*)\)")


def slugs(page: Path) -> set[str]:
    """Name a page's headings as forges do in addresses."""
    found: set[str] = set()
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S)
    for heading in re.findall(r"^#+ (.*)$", text, re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        number = sum(each == slug or each.startswith(f"{slug}-#") for each in found)
        found.add(f"{slug}-{number}" if number else slug)
    return found


def broken(page: str) -> Iterator[str]:
    """Find what leads nowhere."""
    text = re.sub(r"^ *```.*?^ *```", "", (ROOT / page).read_text(), flags=re.M | re.S)
    for link in _LINK.findall(re.sub(r"`[^`\n]*`", "", text)):
        place, _, anchor = link.partition("#")
        target = (ROOT / page).parent / place if place else ROOT / page
        if not target.exists():
            if str(target.resolve().relative_to(ROOT)) in AWAITED:
                continue
            yield f"{page}: {link}"
        elif anchor and target.suffix == ".md" and anchor not in slugs(target):
            yield f"{page}: {link} (no such heading)"


def test_every_link_arrives() -> None:
    """Pages, headings, files and pictures: what is named within this repository is there."""
    assert not [each for page in pages() for each in broken(page)]


def test_each_threat_names_what_stops_it_and_the_proof() -> None:
    """No row says that something is stopped without a test that shows it."""
    table = (ROOT / "docs/security.md").read_text().split("## Threats")[1]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 20
    for row in rows:
        assert len(row) == 3, row
        proofs = re.findall(r"\]\(\.\./(tests/[^)]+)\)", row[2])
        assert proofs, row[0]
        for proof in proofs:
            files = [ROOT / proof] if proof.endswith(".py") else list((ROOT / proof).glob("test_*.py"))
            assert files, proof
            assert all("def test_" in file.read_text() for file in files), proof


def test_the_index_leads_to_every_page() -> None:
    """Whatever is written can be found from docs/README.md, directly or from a page that it names."""
    reached, frontier = set[str](), ["docs/README.md"]
    while frontier:
        page = frontier.pop()
        reached.add(page)
        for link in _LINK.findall((ROOT / page).read_text()):
            target = ((ROOT / page).parent / link.partition("#")[0]).resolve()
            name = str(target.relative_to(ROOT)) if target.is_relative_to(ROOT) else ""
            if target.is_file() and target.suffix == ".md" and name not in reached:
                frontier.append(name)
    assert not {page for page in pages() if page.startswith("docs/")} - reached
