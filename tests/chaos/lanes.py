"""The repositories of a run, and what a commit of each of them wants in the cluster.

Each commit of a repository has a number that only grows, in the order in which its branch moved; it stands in every
object, so that whoever sees an object, in the cluster or in the API server's audit log, knows whose it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.written import config_map, deployment

NUMBER = "number"
SETTINGS, TURN, WEB = "settings", "turn", "web"
TURNS = 3
"""Every commit has a ConfigMap that the next one has not: it leaves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A repository on a forge: who pushes to it, where it goes, and what is in it."""

    number: int
    forge: str
    path: str
    people: int = 1
    environments: tuple[str, ...] = ("staging",)
    runs: bool = False
    """It has a Deployment, which takes its time to be healthy."""
    listed: bool = False
    """Its forge's own list of deployments is told as well, which doubles what is posted."""

    @property
    def repository(self) -> str:
        """Name it as Pushboat does."""
        return f"{self.forge}/{self.path}"

    def namespace(self, environment: str) -> str:
        """Name where an environment goes; all of them are in the audit's policy."""
        return f"chaos-{self.number:02}-{environment}"


ENVIRONMENTS = ("staging", "production")
PLACES = (
    Place(number=0, forge="github", path="acme/busy", people=3),
    Place(number=1, forge="github", path="acme/two", environments=ENVIRONMENTS, listed=True),
    Place(number=2, forge="github", path="acme/web", runs=True),
    Place(number=3, forge="gitlab", path="acme/shared", people=2),
    Place(number=4, forge="gitlab", path="acme/quiet", listed=True),
    Place(number=5, forge="local", path="plain"),
    Place(number=6, forge="github", path="acme/seventh"),
    Place(number=7, forge="gitlab", path="acme/eighth", environments=ENVIRONMENTS, runs=True),
    Place(number=8, forge="gitea", path="acme/tea", people=2),
    Place(number=9, forge="gitea", path="acme/tenth", environments=ENVIRONMENTS),
)


def file(place: Place) -> str:
    """Write the repository's `.pushboat.yaml`."""
    of = {name: {"branch": "main", "path": "deploy", "wait": "2m"} for name in place.environments}
    return yaml.safe_dump({"environments": of})


def files(place: Place, number: int) -> dict[str, str | None]:
    """Write what the commit of a number changes of any other one."""
    wanted: dict[str, str | None] = {".pushboat.yaml": file(place)}
    wanted["deploy/settings.yaml"] = config_map(SETTINGS, number=str(number))
    for turn in range(TURNS):
        here = turn == number % TURNS
        wanted[f"deploy/turn-{turn}.yaml"] = config_map(f"{TURN}-{turn}", number=str(number)) if here else None
    if place.runs:
        wanted["deploy/web.yaml"] = deployment(WEB, image=f"registry.example/web:{number}")
    return wanted


def config_maps(number: int) -> dict[str, str]:
    """Say which ConfigMaps a lane has at the commit of a number, and the number in each."""
    return {SETTINGS: str(number), f"{TURN}-{number % TURNS}": str(number)}


def projects() -> list[dict[str, Any]]:
    """Write them as the operator does."""
    return [
        {
            "repository": place.repository,
            "environments": {
                name: {
                    "cluster": "dev",
                    "namespaces": [place.namespace(name)],
                    "create_namespaces": True,
                    "forge_deployments": place.listed,
                }
                for name in place.environments
            },
        }
        for place in PLACES
    ]


def namespaces() -> list[str]:
    """List all namespaces."""
    return [place.namespace(name) for place in PLACES for name in place.environments]


def audited(folder: Path, log: Path) -> list[str]:
    """Have a devcluster keep each write of a ConfigMap in our namespaces, with what came of it; give its options."""
    rules: list[Mapping[str, Any]] = [
        {
            "level": "RequestResponse",
            "verbs": ["create", "update", "patch", "delete"],
            "resources": [{"group": "", "resources": ["configmaps"]}],
            "namespaces": namespaces(),
        },
        {"level": "None"},
    ]
    policy = {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"], "rules": rules}
    path = folder / "audit-policy.yaml"
    path.write_text(yaml.safe_dump(policy))
    return ["--audit-policy-file", str(path), "--audit-log-path", str(log)]
