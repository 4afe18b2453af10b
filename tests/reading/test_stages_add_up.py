"""The stages of a deployment: what its lines come to, in the order in which they began, with nothing left out."""

from pushboat.model.deployment import Deployment, Lane, Progress
from pushboat.model.stages import Stage, stages
from pushboat.model.state import Kind, State

LINES = [
    Progress(id=number, deployment=1, at=at, phase=phase, text="…")
    for number, (at, phase) in enumerate(
        [(12.0, "checkout"), (14.0, "plan"), (15.0, "apply"), (16.0, "wait"), (19.0, "apply"), (20.0, "wait")]
    )
]


def made(state: State, started: float | None = 12.0, finished: float | None = None, same_as: int = 0) -> Deployment:
    """A deployment that was asked for at 10."""
    return Deployment(
        id=1, kind=Kind.DEPLOY, lane=Lane(repository="github/acme/shop", environment="staging"), ref="", sha="a",
        state=state, created_at=10.0, started_at=started, finished_at=finished, same_as=same_as,
    )  # fmt: skip


def told(found: list[Stage]) -> list[tuple[str, float, str]]:
    """Each stage in short."""
    return [(each.word, each.seconds, each.state) for each in found]


def test_waves_add_up_and_the_last_one_says_how_it_ended() -> None:
    """Each moment between asking and end belongs to one stage; a second wave adds to the stages of the first."""
    found = stages(made(State.FAILED, finished=30.0), LINES, now=99.0)
    assert told(found) == [
        ("queued", 2.0, "succeeded"),
        ("check out", 2.0, "succeeded"),
        ("plan", 1.0, "succeeded"),
        ("apply", 2.0, "succeeded"),
        ("wait for health", 13.0, "failed"),
    ]
    assert sum(each.seconds for each in found) == 20.0


def test_what_goes_on_is_counted_until_now() -> None:
    """While it runs its last stage grows; while it waits that is the only one."""
    assert told(stages(made(State.RUNNING), LINES, now=21.0))[-1] == ("wait for health", 4.0, "running")
    assert told(stages(made(State.QUEUED, started=None), [], now=21.0)) == [("queued", 11.0, "queued")]
    assert told(stages(made(State.RUNNING), [], now=21.0)) == [("queued", 2.0, "succeeded")]


def test_what_nobody_carried_out_has_none() -> None:
    """Superseded before its turn, or repeating another, or ended before its first line: there is nothing to tell."""
    assert stages(made(State.FAILED, finished=13.0), [], now=21.0) == []
    assert stages(made(State.SUPERSEDED, started=None, finished=11.0), [], now=21.0) == []
    assert stages(made(State.SUCCEEDED, finished=12.0, same_as=7), LINES, now=21.0) == []
