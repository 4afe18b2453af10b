"""What must hold in every small world, and what must have become of everything at its end."""

import json
import re
from collections import defaultdict
from typing import Any

from pushboat.store import hinting, routing_jobs
from tests.smallworld.stored import NOW
from tests.smallworld.working import may_write
from tests.smallworld.world import Game, World
from workers.running.leases import LEASE

ENDED = ("succeeded", "failed", "errored", "superseded", "cancelled")
IN_ORDER = re.compile(r"(queued )?(running )*((succeeded|failed|errored|cancelled) )?")
"""What a forge may be told of one commit: it waits, it is being worked on, and then one end."""


class Promises:
    """Asks each content once, and each step between two."""

    def __init__(self, game: Game) -> None:
        self._game = game
        self._asked: dict[int, str] = {}
        self._compared: dict[tuple[int, int], str] = {}

    def broken_between(self, before: World, after: World) -> str:
        """Name the promise that a step breaks, or say nothing."""
        if after.live.fence < before.live.fence:
            return "the fence in the cluster has become smaller"
        if sum(may_write(worker) for worker in after.workers) > 1:
            return "two workers may write at once"
        if after.store == before.store:
            return ""
        if after.store not in self._asked:
            self._asked[after.store] = self._broken_in(after.store)
        pair = before.store, after.store
        if pair not in self._compared:
            self._compared[pair] = self._lost(*pair)
        return self._asked[after.store] or self._compared[pair]

    def _rows(self, content: int, table: str) -> list[dict[str, Any]]:
        return self._game.stored.rows(content, table)

    def _broken_in(self, content: int) -> str:
        running = [row["id"] for row in self._rows(content, "deployment") if row["state"] == "running"]
        lanes = self._rows(content, "lane")
        if running != [lane["running"] for lane in lanes if lane["running"] is not None]:
            return f"the lane does not know what runs in it: {running}"
        if any(lane["lease_until"] > NOW + LEASE for lane in lanes):
            return "a lease lasts longer than it was taken for"
        told = defaultdict(str)
        for letter in self._rows(content, "outbox"):
            if letter["kind"] == "status":
                told[letter["stream"]] += json.loads(letter["payload"])["state"] + " "
        wrong = [f"{stream}: {states}" for stream, states in told.items() if not IN_ORDER.fullmatch(states)]
        return f"a status came out of order: {wrong}" if wrong else self._forgotten(content)

    def _forgotten(self, content: int) -> str:
        """Name what waits and will never be hinted."""
        stored = self._game.stored
        (repository,) = self._rows(content, "repository")
        unrouted = [row["id"] for row in self._rows(content, "delivery") if row["routed_at"] is None]
        if unrouted and repository["lease_until"] <= NOW:
            _, none = stored.step("due", routing_jobs.due_repositories, (content,))
            if none is not None:
                return f"no router is told of {unrouted}"
        queued = [row["id"] for row in self._rows(content, "deployment") if row["state"] == "queued"]
        free = all(lane["running"] is None for lane in self._rows(content, "lane"))
        if queued and free and stored.look(content, hinting.due) != [max(queued)]:
            return f"no worker is told of {queued}"
        return ""

    def _lost(self, before: int, after: int) -> str:
        for table, grows in (("lane", ("fence", "deployed_seq", "seq")), ("repository", ("fence",))):
            for old, new in zip(self._rows(before, table), self._rows(after, table), strict=False):
                if any(new[name] < old[name] for name in grows):
                    return f"a number of the {table} has become smaller"
        for table in ("delivery", "lane", "deployment", "outbox", "repository"):
            if len(self._rows(after, table)) < len(self._rows(before, table)):
                return f"a {table} is lost"
        new = {row["id"]: row for row in self._rows(after, "deployment")}
        for old in self._rows(before, "deployment"):
            if old["state"] in ENDED and new[old["id"]]["state"] != old["state"]:
                return f"deployment {old['id']} had ended, and is {new[old['id']]['state']}"
        return ""
