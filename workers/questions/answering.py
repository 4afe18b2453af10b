"""How what keeps a question from its answer is told: with the sentence and the exit code that a command would have."""

from collections.abc import Callable

from pushboat import machine
from pushboat.errors import ClusterRefused, PushboatError, Stopping, Unavailable
from pushboat.model.question import Told
from workers.questions.words import Unclear

NO, USAGE, COULD_NOT_FIND_OUT = 1, 2, 3


def answered(ask: Callable[[], Told]) -> Told:
    """Ask, and say what came of it, also where that is an error of ours."""
    try:
        with machine.troubles():
            return ask()
    except PushboatError as error:
        code = USAGE if isinstance(error, Unclear) else NO
        away = isinstance(error, Unavailable | ClusterRefused | Stopping)
        said = f"{error.summary}\n{error.details}".rstrip()
        return Told(code=COULD_NOT_FIND_OUT if away else code, said=(("✗", said),))
