"""What a person may do at the forge at this very moment: the permission, and which of the operator's teams count."""

from collections.abc import Sequence

from pushboat.config.login import Login
from pushboat.config.project import Limits
from pushboat.config.values import is_team
from pushboat.model.approval import Approval
from pushboat.model.ask import Ask, Source
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


def is_of_account(login: Login | None, ask: Ask) -> bool:
    """Say whether an ask came from a page where people sign in with a forge, so that its word on them can be asked."""
    return login is not None and bool(login.forge) and ask.source is Source.PAGE and bool(ask.environment)


def standing_of_account(tools: Tools, login: Login, ask: Ask, wanted: Sequence[str]) -> tuple[str, frozenset[str]]:
    """Give what somebody who asked on a page may now: by the operator's lists, or at the forge they signed in with.

    Raises:
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    listed = login.level_of(ask.who)
    if is_among("", listed, wanted) or split(ask.repository)[0] != login.forge:
        return listed, frozenset()  # another forge may know somebody else by this name
    return standing(tools, ask.repository, ask.who, wanted)


def standing(tools: Tools, repository: str, who: str, wanted: Sequence[str]) -> tuple[str, frozenset[str]]:
    """Ask for a person's permission, and where that is not enough for one of the `wanted`, for their teams.

    Raises:
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    forge, path = split(repository)
    client = tools.client(forge)
    permission = client.permission(path, who)
    if is_among(who, permission, wanted):
        return permission, frozenset()
    teams = (team for team in wanted if is_team(team))
    member = next((team for team in teams if client.is_member(path, team, who)), "")
    return permission, frozenset({member} if member else ())
