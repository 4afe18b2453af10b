"""Where the cases are: those of this repository, or those in the folder that PUSHBOAT_TEST_CASES names."""

import os
from pathlib import Path

FOLDER = Path(os.environ.get("PUSHBOAT_TEST_CASES") or Path(__file__).resolve().parents[1] / "cases")
CASES = tuple(sorted(path.parent for path in FOLDER.glob("*/case.yaml")))
OUR_OWN = tuple(Path(__file__).parent / name for name in ("broken-on-purpose", "kinds-of-steps"))
"""Cases about the runner: one that must be red, and one that goes through kinds of steps and promises."""
