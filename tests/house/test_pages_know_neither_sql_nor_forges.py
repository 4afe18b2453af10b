"""No page knows SQL, and no route or template knows a forge: both would be known twice, and be wrong once."""

import ast
import re

from pushboat.config.kinds import KINDS
from tests.house.parsed import ROOT, nodes, sources

ROOMS = ("dashboard", "webhook")
SQL = re.compile(r"\b(SELECT\b.*\bFROM|INSERT\s+INTO|UPDATE\b.*\bSET|DELETE\s+FROM)\b", re.DOTALL)
SPOKEN = re.compile(r"\{[{%][^}]*['\"](" + "|".join(KINDS) + r")['\"][^}]*[}%]\}")


def test_no_page_knows_sql() -> None:
    """Rooms that people look at hold the store's handle and its questions, and write no statement."""
    found = []
    for source in sources():
        if source.relative_to(ROOT).parts[0] not in ROOMS:
            continue
        for node in nodes(source):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
                found.append(f"{source.relative_to(ROOT)}:{node.lineno} writes SQL")
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pushboat.store.database"):
                names = {each.name for each in node.names}
                if not names <= {"Store", "open_store"}:
                    found.append(f"{source.relative_to(ROOT)}:{node.lineno} takes {', '.join(sorted(names))}")
    assert found == []


def test_no_template_asks_which_forge_it_is() -> None:
    """A template that tells forges apart would have to change with the next one."""
    templates = sorted((ROOT / "dashboard/templates").glob("*.html"))
    assert templates
    assert [each.name for each in templates if SPOKEN.search(each.read_text())] == []


def test_both_are_recognised() -> None:
    """These rules see what they are to see."""
    assert SQL.search("SELECT id\nFROM deployment")
    assert SPOKEN.search("{% if forge.kind == 'gitlab' %}")
    assert not SPOKEN.search('<input placeholder="github/acme/shop">')
