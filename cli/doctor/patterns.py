"""Which environments the operator's patterns have made so far: only of these can anything be checked."""

from collections.abc import Iterator

from cli.known_environments import everywhere
from pushboat.config.operator import Operator
from pushboat.config.ways import way_of
from pushboat.errors import PushboatError
from pushboat.model.wording import counted, listed, some
from workers.checks.words import Line, of_error, passed, skipped


def check_patterns(operator: Operator) -> Iterator[Line]:
    """Count them; where the store does not say which there are, nobody else's line speaks of any."""
    try:
        there = everywhere(operator)
    except PushboatError as error:
        yield of_error("environments by pattern", error, "look at the lines of the store")
        return
    for name, project in operator.projects.items():
        for entry in project.environments.patterns:
            place, way = f"{name} {entry}", way_of(entry)
            made = [each for each in there[name] if each not in project.environments.listed and way.part(each)]
            if made:
                yield passed(place, f"stands for {counted(len(made), 'environment')}: {listed(some(made))}")
            else:
                yield skipped(place, "nothing was deployed by this pattern yet, so nothing of it is checked")
