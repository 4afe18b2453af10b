"""Stranded holds: nobody will end them any more as their kind ends, for what they speak of is gone."""

from collections.abc import Mapping, Sequence

from pushboat.config.operator import Operator, Project
from pushboat.config.values import LEVELS
from pushboat.model.deployment import short
from pushboat.model.hold import Hold
from pushboat.model.wording import printable
from pushboat.routing.holds import LOCK


def why(hold: Hold, operator: Operator, left: Mapping[tuple[str, str], str]) -> str:
    """Say what is gone that a hold speaks of; empty where nothing is.

    `left` names the environments that have left their repository's file, each with the commit that did it.
    """
    scope = hold.scope
    project = operator.projects.get(scope.repository)
    if scope.repository and project is None:
        return f"{scope.repository} is not in pushboat.yaml any more"
    limits = project.environments.get(scope.environment) if project else None
    if scope.environment and limits is None:
        return f"environment {scope.environment} is not in pushboat.yaml any more"
    if hold.kind == "needs" and project:
        return _without(hold.subject, project, left)
    if hold.kind == "gate" and limits and hold.subject not in {gate.name for gate in limits.gates}:
        return f"gate {printable(hold.subject)} is not in pushboat.yaml any more"
    return ""


def locked_by(hold: Hold) -> str:
    """Name the person at the forge whose lock it is; empty where it is none of a person's there."""
    at_the_terminal = " " in hold.spares  # no forge lets a name have one
    return hold.spares if hold.kind == LOCK and hold.scope.repository and not at_the_terminal else ""


def gone(person: str, permission: str, deployers: Sequence[str]) -> str:
    """Say that a person may deploy there no more; empty where they may, or nobody knows here."""
    levels = [LEVELS.index(each) for each in deployers if each in LEVELS]
    has = LEVELS.index(permission) if permission in LEVELS else 0
    named = len(levels) < len(deployers)  # by name, or by a team that is not asked here
    enough = 1 if named or not levels else min(levels)
    return "" if has >= enough else f"{printable(person)} may not deploy there any more"


def _without(needed: str, project: Project, left: Mapping[tuple[str, str], str]) -> str:
    if needed not in project.environments:
        return f"environment {printable(needed)}, which it waits for, is not in pushboat.yaml any more"
    if gone_with := left.get((project.repository, needed)):
        return f"environment {needed}, which it waits for, left .pushboat.yaml with {short(gone_with)}"
    return ""
