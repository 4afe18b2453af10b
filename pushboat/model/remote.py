"""Where git reaches a repository: all that reading a commit has to know of a forge."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """Where git fetches a repository from; `headers` carry the credentials and never reach argv or logs."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
