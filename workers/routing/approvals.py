"""The facts about an approval: which commit is meant, who has approved it already, and who is behind it."""

from dataclasses import replace

from pushboat.errors import CommandRefused
from pushboat.model.approval import same_name
from pushboat.model.ask import Ask, Source
from pushboat.model.delivery import DeliveryRow
from pushboat.model.deployment import Lane, short
from pushboat.model.state import State
from pushboat.model.wording import code
from pushboat.routing import Commit, Facts
from pushboat.routing.merge_queue import pull_request_of
from pushboat.store import approving, asks, routing_jobs
from workers.routing import revisions
from workers.routing.described import about
from workers.tools import Tools, split


def of_ask(tools: Tools, row: DeliveryRow, ask: Ask, known: Facts) -> Facts:
    """Find out what whoever approves means, and whether somebody else must do it.

    Raises:
        CommandRefused: no commit is meant that could be approved.
        ForgeUnavailable, ForgeRefused: the forge did not say.
    """
    found = _on_pull_request(tools, row, ask, known) if ask.number else replace(known, commit=_alone(tools, ask, known))
    commit = found.commit
    if commit is None:
        return found
    found = about(tools, ask.repository, found, commit)
    lane = Lane(repository=ask.repository, environment=ask.environment)
    every, behind = approving.listed(tools.store, lane, commit.sha)
    opener = found.pull_request.opener if found.pull_request else ""
    opened = {same_name(opener): f"opened #{ask.number}"} if opener else {}
    return replace(found, approvals=tuple(every), behind_it={**behind, **opened})


def _on_pull_request(tools: Tools, row: DeliveryRow, ask: Ask, known: Facts) -> Facts:
    """Give the head that the writer saw, its merge, or what its merge will be while that waits in a merge queue.

    Of a stranger's, or a closed one's, no commit is looked at.
    """
    forge, path = split(ask.repository)
    pull_request = tools.client(forge).pull_request(path, ask.number)
    known = replace(known, pull_request=pull_request)
    if pull_request.merged:
        if not ask.sha or ask.sha != asks.merge_of(tools.store, ask.repository, ask.number):
            said = code(f"/deploy {ask.word} {ask.environment}")
            raise CommandRefused(f"#{ask.number} was merged in between: comment {said} again, for its merge.")
        return replace(known, commit=Commit(sha=ask.sha, ref=f"refs/heads/{pull_request.base_ref}"))
    if pull_request.fork or not pull_request.open:
        return known
    if group := _group(tools, ask):
        return replace(known, commit=group)
    commit = revisions.of_comment(tools, row, ask, pull_request)
    return replace(known, commit=commit, moved=revisions.moved(tools, row, ask, commit, pull_request))


def _group(tools: Tools, ask: Ask) -> Commit | None:
    """Give the commit of a merge group that waited in its turn when this was written; nobody overtakes it there."""
    lane = Lane(repository=ask.repository, environment=ask.environment)
    for each in routing_jobs.unfinished(tools.store, lane):
        waited = each.state is State.QUEUED and each.created_at <= ask.at
        if waited and pull_request_of(each.pull_request) == ask.number:
            return Commit(sha=each.sha, ref=each.ref)
    return None


def _alone(tools: Tools, ask: Ask, known: Facts) -> Commit:
    """Give the commit that was commented on, or that the command line names; without a name what waits is meant."""
    if ask.source is not Source.COMMAND:
        if not approving.is_known(tools.store, ask.repository, ask.sha):
            raise CommandRefused(f"{code(short(ask.sha))} was not pushed here, as far as Pushboat was told.")
        return Commit(sha=ask.sha)
    there = [each for each in known.standings if each.environment == ask.environment]
    waiting = [one for each in there for one in each.unfinished if one.state is State.QUEUED]
    if waiting and not ask.sha:
        return Commit(sha=waiting[-1].sha, ref=waiting[-1].ref)
    return revisions.of_command_line(tools, ask, known.limits.get(ask.environment))
