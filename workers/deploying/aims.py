"""What an environment wants to follow when a deployment of it fails."""

from dataclasses import dataclass

from pushboat.config.definition import ROLLBACK
from pushboat.config.environment import Environment


@dataclass(slots=True)
class Aims:
    """What the environment wants of a failure, and the environment; None as long as it is not known."""

    rollback: bool | None = None
    environment: Environment | None = None

    def know(self, environment: Environment) -> None:
        """Learn it from the environment, as the commit and the operator have it."""
        self.environment = environment
        self.rollback = environment.on_failure == ROLLBACK
