"""The pages of deliveries say who asked for what, and never show as success what led to nothing."""

from pushboat.model.ask import Ask, AskVerdict, Source
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import text_of
from tests.receiving.front_door import FrontDoor


def test_who_asked_for_what_and_what_became_of_it(front_door: FrontDoor, ledger: Ledger) -> None:
    """The list of deliveries and each one's page tell of asks: by whom, from where, and the verdict with its reason."""
    asked = {"who": "olga <b>", "source": Source.COMMAND, "repository": "github/acme/shop", "environment": "staging"}
    refused = ledger.asked(Ask(word="resume", **asked), AskVerdict.REFUSED, "staging is not paused")
    waits = ledger.asked(Ask(word="pause", **asked), None)
    said = "olga <b> (command) asked for resume staging; refused: staging is not paused"
    for path in ("/deliveries", f"/deliveries/{refused}"):
        assert said in text_of(front_door, path)
        assert "<b>" not in front_door.get(path).text.partition("<main")[2]
    assert "asked for pause staging; not answered yet" in text_of(front_door, f"/deliveries/{waits}")


def test_what_was_done_is_said_once(front_door: FrontDoor, ledger: Ledger) -> None:
    """The row's own sentence says where a rollback goes and who said so; beside the asker stands only that it is so."""
    asked = {"who": "olga", "source": Source.COMMAND, "repository": "github/acme/shop", "environment": "staging"}
    said = "rolling staging back to release 1 (1111111), and pinning it there until somebody unlocks it, as olga said"
    number = ledger.asked(Ask(word="rollback", **asked), AskVerdict.DONE, said, sentence=said)
    for path in ("/deliveries", f"/deliveries/{number}"):
        text = text_of(front_door, path)
        assert text.count(said) == 1
        assert "olga (command) asked for rollback staging; done" in text


def test_accepted_is_not_shown_as_success(front_door: FrontDoor, ledger: Ledger) -> None:
    """A delivery that was taken in and deployed nothing has no green tick."""
    ledger.refused(".pushboat.yaml:1:1: unknown key 'x'", ".pushboat.yaml:2:1: unknown key 'y'")
    assert "✓" not in front_door.get("/deliveries").text
    style = front_door.get("/static/pushboat.css").text
    assert all(".verdict.accepted" not in line for line in style.split("}") if "--good" in line or "✓" in line)
