"""The overview shows the environments of each repository together, and those that I look for, without JavaScript."""

import re
from pathlib import Path

from pushboat.model.caption import Caption
from pushboat.model.state import State
from pushboat.reading.environments import overview
from pushboat.store import captions
from tests.pages.ledger import Ledger
from tests.pages.test_pages_tell_the_story import HOSTILE, text_of
from tests.receiving.front_door import FrontDoor, make_operator


def test_environments_of_a_repository_stand_together(front_door: FrontDoor, ledger: Ledger) -> None:
    """Trouble comes first, and what belongs to the same repository stays beside it."""
    Ledger(front_door.store, repository="acme/aside", numbers=ledger.numbers).ended(State.SUCCEEDED, "healthy")
    ledger.ended(State.FAILED, "no", "production")
    page = front_door.get("/").text
    names = re.findall(r'class="user" href="/environments/[^"]*">(\w+)<', page)
    assert names == ["production", "staging", "staging"]
    groups = re.findall(r'class="group"><a class="user" href="[^"]*">([^<]*)<', page)
    assert groups == ["github/acme/shop", "github/acme/aside"]


def test_i_find_mine_by_state_and_by_words(front_door: FrontDoor, ledger: Ledger) -> None:
    """A plain form narrows by state and by whatever I remember: a commit, who pushed it, what it says, the name."""
    bad = ledger.ended(State.FAILED, "no", "production", author="eve")
    good = ledger.ended(State.SUCCEEDED, "healthy")
    captions.note(ledger.store, "github/acme/shop", {good.sha: Caption("Let it run", "Ada Lovelace")})
    for query, shown in (
        ("state=failed", bad),
        ("state=succeeded", good),
        (f"q={bad.sha[:9]}", bad),
        ("q=EVE", bad),
        ("q=let+run", good),
        ("q=lovelace+staging", good),
        ("repository=github/acme/shop&q=production&state=failed", bad),
    ):
        page = front_door.get(f"/?{query}").text
        assert [each.path for each in (bad, good) if f'href="{each.path}"' in page] == [shown.path], query
    assert "No environment fits" in text_of(front_door, "/?q=nowhere")
    assert "2 fit" in text_of(front_door, "/?q=main")
    assert '<form class="narrow" method="get"' in page
    assert "form-action 'self'" in front_door.get("/").headers["Content-Security-Policy"]
    assert front_door.get("/?state=nonsense").status_code == 400
    assert front_door.get(f"/?q={'x' * 201}").status_code == 400
    assert "<script>alert" not in front_door.get(f"/?q={HOSTILE}").text


def test_five_hundred_are_pages_of_less_than_100_kb(front_door: FrontDoor, ledger: Ledger) -> None:
    """However many environments there are, a page stays small, and its last line leads on."""
    for number in range(70):
        ledger.ended(State.FAILED, "web-7f9: container web crashes " * 5, f"env-{number}")
    first = front_door.get("/?state=failed")
    [on] = re.findall(r'href="([^"]+)" rel="next"', first.text)
    second = front_door.get(on.replace("&amp;", "&"))
    assert [answer.text.count("<h3>") for answer in (first, second)] == [60, 10]
    assert len(first.content) < 100_000
    assert 'rel="next"' not in second.text


def test_one_repository_is_read_alone(front_door: FrontDoor, ledger: Ledger, tmp_path: Path) -> None:
    """Whoever looks at one repository waits for none of the others', however the name is spelt."""
    Ledger(front_door.store, repository="acme/aside", numbers=ledger.numbers).ended(State.SUCCEEDED, "healthy")
    ledger.ended(State.SUCCEEDED, "healthy")
    operator = make_operator(tmp_path)
    for spelt in ("github/acme/shop", "github/Acme/Shop"):
        found = overview(front_door.store, operator, spelt)
        assert {each.repository for each in found} == {"github/acme/shop"}
        assert found == [each for each in overview(front_door.store, operator) if each.repository == "github/acme/shop"]
    assert [each.repository for each in overview(front_door.store, operator, "github/acme/aside")] == [
        "github/acme/aside"
    ]
