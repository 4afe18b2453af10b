"""One step of a delivery's way, and how it is said."""

from dataclasses import dataclass
from typing import Any

from cli import output

PASS, FAIL, SKIP = "pass", "fail", "skip"
_GLYPHS = {PASS: "✔", FAIL: "✗", SKIP: "·"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one hop of the way decides: `result` is pass, fail (the delivery ends here) or skip (not looked at)."""

    name: str
    sentence: str
    result: str = PASS
    lines: tuple[str, ...] = ()

    def form(self) -> dict[str, Any]:
        """Give it for programs."""
        return {"step": self.name, "result": self.result, "sentence": self.sentence, "lines": list(self.lines)}


def tell(steps: tuple[Step, ...]) -> None:
    """Print the way."""
    for number, step in enumerate(steps, 1):
        output.data(f"{_GLYPHS[step.result]} {number}. {step.name}: {output.one_line(step.sentence)}")
        for line in step.lines:
            output.data(f"     {output.one_line(line)}")
