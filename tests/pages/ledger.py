"""Plants deployments by the same doors that Pushboat itself writes them through: accept, route, claim, finish."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from pushboat.events import Event, EventKind
from pushboat.model.ask import Ask, AskVerdict
from pushboat.model.changeset import Change, ChangeSet
from pushboat.model.deployment import Deployment
from pushboat.model.observed import Observed, written
from pushboat.model.state import Kind, State, Trigger
from pushboat.routing import Answer, Decision, Deploy
from pushboat.store import deliveries, deployments, enacting, lanes, progress_lines, routing_jobs
from pushboat.store.database.engine import Store
from pushboat.store.ending import finish
from pushboat.store.progress_lines import Line


@dataclass
class Ledger:
    """A store that fills up, one push after the other."""

    store: Store
    repository: str = "acme/shop"
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    forge: str = "github"

    def queued(
        self,
        environment: str = "staging",
        *,
        sha: str = "",
        author: str = "ada",
        kind: Kind = Kind.DEPLOY,
        number: int = 0,
        pull_request: int = 0,
        contained: Sequence[int] = (),
    ) -> Deployment:
        """Accept and route one push that leads to one deployment."""
        sha = sha or f"{next(self.numbers):07x}" + "c" * 33
        event = Event(
            kind=EventKind.PUSH,
            action="updated",
            repository=self.repository,
            ref="refs/heads/main",
            sha=sha,
            author=author,
        )
        accepted = deliveries.accept(self.store, self.forge, f"d-{sha}-{environment}-{number}", event)
        claim = routing_jobs.claim_routing(self.store, f"{self.forge}/{self.repository}", "router", 15.0)
        assert claim
        deploy = Deploy(
            kind=kind,
            environment=environment,
            ref="refs/heads/main",
            sha=sha,
            author=author,
            trigger=Trigger.PULL_REQUEST if number else Trigger.PUSH,
            number=number,
            pull_request=pull_request,
        )
        sentence = f"deploys {sha[:7]} to {environment}"
        (made,) = enacting.complete(
            self.store, claim, accepted.id, Decision(acts=(deploy,), sentence=sentence), contained
        )
        routing_jobs.release(self.store, claim)
        return self.found(made)

    def refused(self, *mistakes: str, ref: str = "refs/heads/main") -> int:
        """Accept a push whose file has mistakes; give the delivery's number."""
        sha = f"{next(self.numbers):07x}" + "d" * 33
        event = Event(kind=EventKind.PUSH, action="updated", repository=self.repository, ref=ref, sha=sha, author="ada")
        accepted = deliveries.accept(self.store, self.forge, f"d-{sha}", event)
        claim = routing_jobs.claim_routing(self.store, f"{self.forge}/{self.repository}", "router", 15.0)
        assert claim
        sentence = f"nothing deployed: {mistakes[0]} (and {len(mistakes) - 1} more); fix it and push again"
        decision = Decision(acts=(), sentence=sentence, details="\n".join(mistakes))
        enacting.complete(self.store, claim, accepted.id, decision)
        routing_jobs.release(self.store, claim)
        return accepted.id

    def asked(self, ask: Ask, verdict: AskVerdict | None, reason: str = "", sentence: str = "answered") -> int:
        """Accept an ask and answer it, where there is a verdict; give the delivery's number."""
        event = Event(kind=EventKind.ASK, action=ask.word, repository=self.repository, author=ask.who)
        accepted = deliveries.accept(self.store, self.forge, f"ask-{next(self.numbers)}", event, asked=(ask,))
        if verdict:
            claim = routing_jobs.claim_routing(self.store, f"{self.forge}/{self.repository}", "router", 15.0)
            assert claim
            answer = Answer(verdict=verdict, reason=reason)
            enacting.complete(self.store, claim, accepted.id, Decision(acts=(), sentence=sentence, answer=answer))
            routing_jobs.release(self.store, claim)
        return accepted.id

    def running(self, environment: str = "staging", *, author: str = "ada", sha: str = "") -> Deployment:
        """Let a worker begin."""
        made = self.queued(environment, author=author, sha=sha)
        assert lanes.claim(self.store, made.id, "worker")
        progress_lines.record(
            self.store,
            [Line(deployment=made.id, phase="checkout", text=f"checked out deploy/{environment} at {made.sha[:7]}")],
        )
        progress_lines.record(self.store, [Line(deployment=made.id, phase="apply", text="applying 3 objects")])
        return self.found(made.id)

    def ended(
        self,
        state: State,
        reason: str,
        environment: str = "staging",
        *,
        details: str = "",
        logs: str = "",
        changes: Sequence[Change] = (),
        author: str = "ada",
        kind: Kind = Kind.DEPLOY,
        number: int = 0,
        observed: Sequence[Observed] = (),
    ) -> Deployment:
        """Let a worker begin, see objects while it waits for them, and end."""
        made = self.queued(environment, author=author, kind=kind, number=number)
        claim = lanes.claim(self.store, made.id, "worker")
        assert claim
        self.sees(made, observed)
        counts = ChangeSet(tuple(changes)).counts
        assert finish(self.store, claim, state, reason, details=details, logs=logs, counts=counts, changes=changes)
        return self.found(made.id)

    def sees(self, deployment: Deployment, observed: Sequence[Observed]) -> None:
        """Let its worker see objects while it waits for them."""
        seen = [Line(deployment=deployment.id, phase="", text=written(observed))] if observed else []
        progress_lines.record(self.store, [], seen)

    def found(self, number: int) -> Deployment:
        """Read a deployment back."""
        row = deployments.find(self.store, number)
        assert row
        return row
