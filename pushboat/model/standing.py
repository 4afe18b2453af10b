"""How an environment stands: what runs there, what was tried last, and what has not ended yet."""

from dataclasses import dataclass

from pushboat.model.deployment import Deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One environment: `runs` got through last, `latest` was asked for last, `unfinished` waits or runs."""

    environment: str
    runs: Deployment | None = None
    latest: Deployment | None = None
    unfinished: tuple[Deployment, ...] = ()
