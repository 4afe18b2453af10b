"""A case that is being played: what has happened so far."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.corpus.cluster_objects import ClusterObjects
from tests.corpus.kubectl import Administrator
from tests.corpus.meantime import Meantime
from tests.corpus.seen import Json
from tests.corpus.stage import Stage
from tests.corpus.words import Case
from tests.fakes.nouns import Happened, Project, Sent


@dataclass
class Scene:
    """One case on its stage; `sha` is the newest commit that somebody wants an answer about."""

    case: Case
    stage: Stage
    objects: ClusterObjects
    administrator: Administrator
    name: str
    repository: str
    environments: dict[str, Mapping[str, Any]]
    sha: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    sent: tuple[Sent, ...] = ()
    pushed_at: float = 0.0
    branch: str = ""
    folders: Counter[str] = field(default_factory=Counter)
    revision: int = 0
    before: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    meantime: Meantime | None = None

    @classmethod
    def begin(cls, case: Case, stage: Stage) -> "Scene":
        """Set the scene of a case."""
        return cls(
            case=case,
            stage=stage,
            objects=ClusterObjects(stage.cluster, case.name),
            administrator=Administrator(stage.cluster.kubeconfig, case.folder, case.name),
            name=case.forge_says,
            repository=case.repository,
            environments=dict(case.environments),
        )

    @property
    def project(self) -> Project:
        """Give the repository at the forge."""
        return self.stage.forge.projects[self.name]

    def about_to_push(self) -> None:
        """Remember how the cluster looks, for promises that compare."""
        self.revision = self.objects.revision() if self.case.past else 0
        self.before = {name: self.objects.find(name) for name in self.case.past}
        self.pushed_at = time.monotonic()

    def pushed(self, happened: Happened) -> None:
        """Take note of what the forge did."""
        self.sha, self.sent = happened.sha, happened.sent

    def elapsed(self) -> float:
        """Give the seconds since the last push."""
        return time.monotonic() - self.pushed_at

    def finish_meantime(self) -> None:
        """Wait for what somebody does meanwhile, if anybody does."""
        meantime, self.meantime = self.meantime, None
        if meantime:
            meantime.finish()
