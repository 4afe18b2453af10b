"""Whatever a machine makes of the API's description, no answer is outside of it."""

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from tests.receiving.front_door import FrontDoor
from tests.seeded import SEEDED

EXAMPLES = 40


@pytest.mark.proof  # it asks hundreds of times
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_answer_is_outside_of_the_description(filled: FrontDoor, mode: GenerationMode) -> None:
    """What the description allows is answered as it says, and what it does not allow is refused as it says."""
    schema = schemathesis.openapi.from_dict(filled.get("/api/v1/openapi.json").json())
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not (operation.query or operation.path_parameters):
            continue  # nothing of it can be wrong

        @settings(SEEDED, max_examples=EXAMPLES)
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            if mode is GenerationMode.POSITIVE:
                case.query.pop("cursor", None)  # the `next` of an answer, which no schema can make up
            case.call_and_validate(base_url=filled.url, checks=CHECKS.get_all())
            asked += 1

        ask()
    assert asked > EXAMPLES
