"""Where the folders are that are read at run time and are no packages: in a checkout beside them, in a wheel here.

`setup.py` puts them there. A checkout is asked first: what somebody edits there is what they mean.
"""

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
WHEEL = Path(__file__).resolve().with_name("carried_files")


def carried(folder: str, marks_it: str) -> Path:
    """Give a folder by its name; `marks_it` is a file in it, by which it is told from a stranger's of that name."""
    here = CHECKOUT / folder
    return here if (CHECKOUT / "pyproject.toml").is_file() and (here / marks_it).is_file() else WHEEL / folder
