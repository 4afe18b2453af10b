"""`python -m tests.policy.page` writes the table of rules in docs/policy.md anew."""

from pathlib import Path

from pushboat.policy.table import RULES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policy.md"
BEGIN, END = "<!-- rules -->\n", "<!-- /rules -->\n"
HEAD = "| Rule | Verdict | Group | Why | What to do |\n|---|---|---|---|---|\n"


def written() -> str:
    """Write the page as it should be."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    rows = (
        f"| `{each.name}` | {each.verdict} | `{each.groups[0]}` | {each.reason} | {each.fix} |\n"
        for each in RULES.values()
    )
    return f"{before}{BEGIN}{HEAD}{''.join(rows)}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written())
