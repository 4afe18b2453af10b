"""What happens to an environment, and a reporter that follows the hints that the dispatcher would give."""

import base64
import json
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from pushboat.config.notifying import Receiver
from pushboat.config.project import Allowed
from pushboat.model.deployment import Deployment
from pushboat.model.notice import EVERYBODY
from pushboat.model.state import State
from pushboat.store import ending, outbox
from tests.store.repository import NAME, Repository, time_passes
from workers.reporting import Seats, report
from workers.tools import Tools

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes....").decode()


class Reporter:
    """Posts what is due, an environment's deployments beside it."""

    def __init__(self, tools: Tools, repository: Repository) -> None:
        self.tools, self.repository, self.store = tools, repository, tools.store
        self.seats = Seats()
        self._pushes = 0

    def deploy(self, state: State, reason: str = "Deployment shop/web is not healthy") -> Deployment:
        """Push a commit that ends so."""
        self._pushes += 1
        claim = self.repository.claim(self.repository.push(f"{self._pushes}" * 40))
        assert ending.finish(self.store, claim, state, reason)
        return self.repository.row(claim.deployment.id)

    def work(self) -> None:
        """Post what is due now; who did not take it is due again in a second, which the others may take for theirs."""
        told: set[str] = set()
        while forges := [forge for forge in outbox.due_forges(self.store) if forge[:1] == "@" and forge not in told]:
            for forge in forges:
                report(self.tools, self.seats, forge)
            told |= {forge for forge in forges if forge != EVERYBODY}

    def work_for(self, minutes: int, step: int = 5) -> None:
        """Let so much time pass, and try again whenever so many minutes of it are over."""
        for _ in range(0, minutes, step):
            time_passes(self.store, 60 * step)
            self.work()

    def listens(self, **receivers: Receiver) -> None:
        """Have other receivers from now on."""
        self.tools = replace(self.tools, operator=replace(self.tools.operator, receivers=receivers))

    def only(self, *names: str) -> None:
        """Have fewer of them."""
        self.listens(**{name: self.tools.operator.receivers[name] for name in names})

    def allow(self, **limits: Any) -> None:
        """Have other limits of staging from now on."""
        operator = self.tools.operator
        old = operator.projects[NAME].environments["staging"]
        allowed = Allowed({"staging": replace(old, **limits)})
        projects = {NAME: replace(operator.projects[NAME], environments=allowed)}
        self.tools = replace(self.tools, operator=replace(operator, projects=projects))

    def allow_pattern(self, pattern: str, **limits: Any) -> None:
        """Have environments by a pattern from now on."""
        operator = self.tools.operator
        old = operator.projects[NAME].environments["staging"]
        made = replace(old, environment=pattern, namespaces=(f"shop-{pattern}",), **limits)
        projects = {NAME: replace(operator.projects[NAME], environments=Allowed({pattern: made}))}
        self.tools = replace(self.tools, operator=replace(operator, projects=projects))

    def grow_old(self, days: int) -> None:
        """Have everything that is still to be told be so many days old."""
        query = sa.text("SELECT id, payload FROM outbox WHERE sent_at IS NULL AND forge LIKE '@%'")
        with self.store.writing() as tx:
            for row in tx.rows(query):
                told = json.loads(row["payload"])
                payload = json.dumps({**told, "at": told["at"] - days * 86_400})
                tx.change(sa.text("UPDATE outbox SET payload = :payload WHERE id = :id"), id=row["id"], payload=payload)

    def waiting(self) -> int:
        """Count the notices that are still to be told."""
        with self.store.reading() as tx:
            return int(tx.scalar(sa.text("SELECT count(*) FROM outbox WHERE sent_at IS NULL AND forge LIKE '@%'")))

    def outcomes(self, receiver: str) -> list[tuple[str, str]]:
        """Say how the letters of a receiver ended, or stand."""
        query = sa.text("SELECT outcome, error FROM outbox WHERE forge = :forge ORDER BY id")
        with self.store.reading() as tx:
            return [(row["outcome"], row["error"]) for row in tx.rows(query, forge=f"@{receiver}")]
