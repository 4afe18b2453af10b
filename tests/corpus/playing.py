"""Play a case from its first step to its last; the first promise that is broken ends it."""

from tests.corpus.judging import judge
from tests.corpus.looking import look, look_now
from tests.corpus.meantime import pause
from tests.corpus.scene import Scene
from tests.corpus.seen import Broken
from tests.corpus.stage import Stage
from tests.corpus.steps import take
from tests.corpus.words import Case, Promise, Step


def play(case: Case, stage: Stage) -> None:
    """Let the steps happen and hold Pushboat to its promises.

    Raises AssertionError, which names the step, the key, what was expected and what was seen.
    """
    scene = Scene.begin(case, stage)
    for step in case.steps:
        try:
            broken = _play(scene, step)
        except AssertionError as failure:
            raise AssertionError(f"{case.name}: {step.place}: {failure}") from failure
        if broken:
            told = "".join(f"\n  {one}" for one in broken)
            raise AssertionError(f"{case.name}: {step.place}{told}\n  ({case.about})")


def _play(scene: Scene, step: Step) -> list[Broken]:
    """Let a step happen and give what does not hold after it; what somebody does meanwhile ends with the step."""
    take(scene, step.act)
    try:
        return _held(scene, step.then) if step.then else []
    finally:
        scene.finish_meantime()


def _held(scene: Scene, promise: Promise) -> list[Broken]:
    """Give what does not hold once the push has ended, or else what does not hold any more after it has settled."""
    broken = judge(promise, look(scene, promise))
    settle = max(one.settle for each in (promise, *promise.of.values()) for one in each.whole())
    if broken or not settle:
        return broken
    pause(settle)
    later = [one for one in judge(promise, look_now(scene, promise)) if one.key != "within"]
    return [Broken(f"{one.key}, {settle:g} s later", one.expected, one.seen) for one in later]
