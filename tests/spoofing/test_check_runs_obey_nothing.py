"""What stands below a check of an App is markdown too: tables, refusals and presses show others' words as code."""

from pushboat.model.changeset import Action, Change
from pushboat.model.letter import StatusLetter
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from pushboat.model.status import of
from pushboat.reading import check_runs
from pushboat.store import deployments
from tests.pages.conftest import front_door, ledger  # noqa: F401 - fixtures
from tests.pages.ledger import Ledger
from tests.spoofing.inert import EVIL, alive


def test_a_check_says_hostile_words_as_code(ledger: Ledger) -> None:  # noqa: F811
    """An object, a reason, a detail or a file is called like a mention or a link: below the check it is neither."""
    for evil in EVIL:
        made = ledger.ended(
            State.FAILED,
            evil,
            author=evil,
            details=evil,
            changes=[Change(ref=Ref("", evil, evil, evil), action=Action.REFUSED, why=evil, diff=f"+{evil}")],
        )
        found = deployments.find(ledger.store, made.id)
        assert found
        letter = StatusLetter(sha=found.sha, status=of(found))
        said = check_runs.output(ledger.store, "github/acme/shop", letter)
        assert alive(said.summary.replace("\n", "\n\n")) == [], said.summary
        assert set(alive(said.text)) <= {"a quick action"}, said.text  # those are GitLab's, which has no checks of ours
