"""What a forge still lets us ask is heard from its answers, and nothing odd in them is believed."""

import http.server
import itertools
import threading
import time
from collections.abc import Iterator, Mapping
from email.utils import formatdate

import pytest
import requests

from pushboat.forges import allowances
from pushboat.forges.punctual import Punctual
from pushboat.model.allowance import Allowance
from tests.servers import stop

_NUMBERS = itertools.count(1)


class Answering:
    """A forge that says how much one may ask."""

    def __init__(self) -> None:
        self.says: Mapping[str, str] = {}
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                for name, value in outer.says.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                pass

        # An address of its own: another test's server in this process may have had any port of 127.0.0.1.
        self.server = http.server.ThreadingHTTPServer((f"127.77.0.{next(_NUMBERS)}", 0), Handler)
        self.serving = threading.Thread(target=self.server.serve_forever)
        self.serving.start()
        self.host = "{}:{}".format(*self.server.server_address)

    def heard(self, **says: str) -> list[Allowance]:
        """Ask it once, and give what is known of it then."""
        self.says = {name.replace("_", "-"): value for name, value in says.items()}
        with requests.Session() as session:
            session.mount("http://", Punctual())
            session.get(f"http://{self.host}/", timeout=60)
        return sorted((each for each in allowances.heard() if each.host == self.host), key=lambda each: each.kind)


@pytest.fixture
def forge() -> Iterator[Answering]:
    """A forge of its own for each test."""
    answering = Answering()
    yield answering
    stop(answering.server, answering.serving)
    answering.server.server_close()


def test_each_forges_words_are_understood(forge: Answering) -> None:
    """GitHub and GitLab write it differently; of each kind of question the last word counts."""
    github = {"X_RateLimit_Limit": "5000", "X_RateLimit_Reset": "2000000000", "X_RateLimit_Resource": "core"}
    assert [each.left for each in forge.heard(X_RateLimit_Remaining="4999", **github)] == [4999]
    assert [(each.kind, each.left, each.most) for each in forge.heard(X_RateLimit_Remaining="4998", **github)] == [
        ("core", 4998, 5000)
    ]
    gitlab = {
        "RateLimit_Limit": "2000",
        "RateLimit_Reset": "2000000000",
        "RateLimit_Name": "throttle_api",
    }
    found = forge.heard(RateLimit_Remaining="1", **gitlab)
    assert [(each.kind, each.left) for each in found] == [("core", 4998), ("throttle_api", 1)]
    assert forge.heard() == found, "an answer that says nothing takes nothing back"


@pytest.mark.parametrize("odd", ["", "-1", "1e3", "many", "٣", "9" * 40, "0x10", "1.5"])
@pytest.mark.parametrize("name", ["Remaining", "Limit", "Reset"])
def test_what_is_no_number_is_not_believed(forge: Answering, name: str, odd: str) -> None:
    """A forge, or who stands before it, may write anything."""
    says = {"Remaining": "1", "Limit": "2", "Reset": "2000000000", name: odd.encode().decode("latin-1")}
    assert forge.heard(**{f"X_RateLimit_{each}": value for each, value in says.items()}) == []


def test_no_forge_fills_our_memory(forge: Answering) -> None:
    """One that names a new kind with each answer is heard for a few of them."""
    for number in range(allowances.MOST + 5):
        says = {"Remaining": "1", "Limit": "2", "Reset": "2000000000", "Resource": f"{number:03}" * 50}
        forge.heard(**{f"X_RateLimit_{each}": value for each, value in says.items()})
    found = allowances.heard()
    assert len(found) == allowances.MOST
    assert max(len(each.kind) for each in found) <= allowances.LONGEST_KIND


def test_once_its_time_is_over_all_may_be_asked_again() -> None:
    """Nobody has asked since, and the figure is not that of before."""
    allowance = Allowance(host="api.github.com", kind="core", left=0, most=5000, resets_at=time.time() + 60)
    assert allowance.left_at(time.time()) == 0
    assert allowance.left_at(time.time() + 61) == 5000


@pytest.mark.parametrize("ahead", [-600, 0, 600])
def test_what_is_left_counts_until_the_forges_own_hour_is_over(ahead: int) -> None:
    """Its clock is ten minutes off: nothing is taken for new before it is, nor for used up after."""
    now = time.time()
    date = formatdate(now + ahead, usegmt=True)
    said = {"x-ratelimit-remaining": "0", "x-ratelimit-limit": "60", "x-ratelimit-reset": str(int(now + ahead + 900))}
    allowances.note(f"https://clock{ahead}.example/api", {**said, "date": date})
    (found,) = (each for each in allowances.heard() if each.host == f"clock{ahead}.example")
    assert (found.left_at(now + 880), found.left_at(now + 920)) == (0, 60)
