"""What a person may do at the forge at this very moment: the permission, and which of the operator's teams count."""

from collections.abc import Sequence

from pushboat.config.project import Limits
from pushboat.config.values import is_team
from pushboat.model.approval import Approval
from pushboat.model.ask import Source
from pushboat.routing.permission import is_among
from workers.tools import Tools, split


def may_approve(tools: Tools, repository: str, approval: Approval, limits: Limits) -> bool:
    """Say whether who gave an approval may still do so; the operator's own, at the terminal, stand.

    Raises:
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    if approval.source is Source.COMMAND:
        return True
    permission, teams = standing(tools, repository, approval.who, limits.approvers)
    return is_among(approval.who, permission, limits.approvers, teams)


def standing(tools: Tools, repository: str, who: str, wanted: Sequence[str]) -> tuple[str, frozenset[str]]:
    """Ask for a person's permission, and where that is not enough for one of the `wanted`, for their teams.

    Raises:
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    forge, path = split(repository)
    client = tools.clients(forge)
    permission = client.permission(path, who)
    if is_among(who, permission, wanted):
        return permission, frozenset()
    teams = (team for team in wanted if is_team(team))
    member = next((team for team in teams if client.is_member(path, team, who)), "")
    return permission, frozenset({member} if member else ())
