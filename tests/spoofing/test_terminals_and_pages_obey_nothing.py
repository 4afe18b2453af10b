"""What stands on pages and terminals is text: nobody's words move a cursor, turn a line round or become a tag."""

import json

import pytest

from cli import output
from cli.tables import print_table
from pushboat.model.ask import Ask, AskVerdict, Source
from pushboat.model.changeset import Action, Change
from pushboat.model.manifest import Ref
from pushboat.model.state import State
from pushboat.store import progress_lines
from pushboat.store.progress_lines import Line
from tests.pages.conftest import front_door, ledger  # noqa: F401 - fixtures
from tests.pages.ledger import Ledger
from tests.receiving.front_door import FrontDoor
from tests.spoofing.inert import EVIL

TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
"""What turns the direction of the text around it."""
OBEYED = "\x1b]0;evil\x07\x9b2Jevil\x7f\u2028evil" + TURNS


@pytest.mark.parametrize("evil", [*EVIL, OBEYED], ids=lambda evil: ascii(evil)[:30])
def test_a_terminal_obeys_nothing(evil: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Sentences, tables and JSON show what does not print as an escape; a program still reads what was meant."""
    output.say(evil)
    output.data(evil)
    print_table(["a", "b"], [[evil, "x"]])
    shown = capsys.readouterr()
    for line in (shown.out + shown.err).split("\n"):
        assert line.isprintable()
    output.print_json({"reason": evil})
    written = capsys.readouterr().out
    assert [line for line in written.split("\n") if not line.isprintable()] == []
    assert json.loads(written) == {"reason": evil}


def test_a_page_turns_nothing_round(front_door: FrontDoor, ledger: Ledger) -> None:  # noqa: F811
    """A name, a reason or a diff with a direction in it reads on our pages as it is written, escaped."""
    ref = Ref("", f"Kind{OBEYED}", f"ns{OBEYED}", f"name{OBEYED}")
    made = ledger.ended(
        State.FAILED,
        f"reason{OBEYED}",
        author=f"who{OBEYED}",
        details=f"details{OBEYED}",
        changes=[Change(ref=ref, action=Action.CREATED, diff=f"+{OBEYED}", notes=(OBEYED,))],
    )
    progress_lines.record(front_door.store, [Line(deployment=made.id, phase="apply", text=OBEYED)])
    asked = Ask(word="unlock", who=OBEYED, source=Source.COMMENT, repository="github/acme/shop", environment=OBEYED)
    number = ledger.asked(asked, AskVerdict.REFUSED, OBEYED, OBEYED)
    refused = ledger.refused(OBEYED)
    for path in (made.path, "/", "/deliveries", f"/deliveries/{number}", f"/deliveries/{refused}", f"/{OBEYED}"):
        page = front_door.get(path).text
        assert [f"U+{ord(each):04X}" for each in page if each in OBEYED and not each.isprintable()] == [], path
