"""The last lines that a container wrote, as they are kept beside a deployment that did not become healthy.

No masking can know what a container prints. So these lines are kept apart from a deployment's other words, and who
shows them decides that they may be shown there.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from pushboat.model.code_fences import fence_around, fenced

MOST_LINES = 10
LONGEST_LINE = 300
"""Lines of one container, and characters of one line, that are kept."""
MOST_CONTAINERS = 6
"""Containers of one deployment whose lines are kept; the next ones rarely say anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerLog:
    """What one container said last; `previous` where that was the run before the one that goes on.

    `in_comments`: the operator lets comments say it.
    """

    pod: str
    container: str
    lines: tuple[str, ...]
    previous: bool = False
    in_comments: bool = False

    @property
    def heading(self) -> str:
        """Say whose lines these are."""
        return f"pod {self.pod}, container {self.container}{', before its restart' if self.previous else ''}"


def written(logs: Iterable[ContainerLog]) -> str:
    """Write them as the store keeps them; nothing for none."""
    items = [asdict(each) for each in list(logs)[:MOST_CONTAINERS]]
    return json.dumps(items, ensure_ascii=False) if items else ""


def read(text: str) -> tuple[ContainerLog, ...]:
    """Read what `written` wrote, also in an earlier version."""
    items: list[dict[str, Any]] = json.loads(text) if text else []
    return tuple(
        ContainerLog(
            pod=each["pod"],
            container=each["container"],
            lines=tuple(each["lines"]),
            previous=each["previous"],
            in_comments=each.get("in_comments", False),
        )
        for each in items
    )


def for_comments(text: str) -> str:
    """Mark what `written` wrote as what comments may say."""
    return written(replace(each, in_comments=True) for each in read(text))


def in_markdown(logs: Iterable[ContainerLog]) -> str:
    """Write them for a comment; no line can end the block that it stands in, or is obeyed where it begins with `/`."""
    return "\n\n".join(f"Last lines of {each.heading}:\n\n{_block(each.lines)}" for each in logs)


def _block(lines: Iterable[str]) -> str:
    shown = [_inert(line[:LONGEST_LINE]) for line in lines]
    return fenced(shown, "text", fence_around(shown))


def _inert(line: str) -> str:
    """Escape what does not print. GitLab finds its quick actions in code too, unless something stands before them."""
    shown = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in line)
    return f" {shown}" if shown.startswith("/") else shown
