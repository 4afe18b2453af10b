"""The page of codes, docs/errors.md: written from the table: what `pushboat explain` says, to be read and linked to."""

from cli.explaining.table import SUBJECTS
from cli.explaining.words import Explanation

HEAD = """# What each code means

A finding, an error, a hold and a line of the doctor have a code. `pushboat explain CODE` says of each what stands here,
without a network. `make docs` writes this page from `cli/explaining/`.
"""


def errors_page() -> str:
    """Write the whole page."""
    return "\n".join((HEAD, *(_section(subject, rows) for subject, rows in SUBJECTS.items())))


def _section(subject: str, rows: tuple[Explanation, ...]) -> str:
    return "\n".join((f"## {subject}\n", *(_entry(each) for each in rows)))


def _entry(each: Explanation) -> str:
    return (
        f"### {each.code}\n\n{each.means} {each.why}\n\n"
        f"Mend it: {each.mend} For example ``{each.example}``. [More]({each.page})\n"
    )
