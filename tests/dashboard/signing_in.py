"""A show room where people sign in, on a port that its public address names, and a browser that keeps cookies."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import requests

from pushboat.config.login import LoginSection
from pushboat.config.operator import Forge, Operator, Secret
from pushboat.config.pages import Pages
from pushboat.config.project import Allowed, Limits, Project
from pushboat.config.secret import Surroundings
from pushboat.model.ci import CiRule
from pushboat.model.state import State
from tests.dashboard.filled import fill
from tests.fakes.accounts import CLIENT_ID, CLIENT_SECRET, Accounts
from tests.fresh_store import fresh_store
from tests.pages.ledger import Ledger
from tests.ports import free_port
from tests.receiving.front_door import SECRET, FrontDoor, make_operator, open_front_door

SHOP, OTHER = "github/acme/shop", "github/acme/other"
APIS = {"github": "/api", "gitlab": "/api/v4", "gitea": "/api/v1"}
"""Where the forges that people sign in with here have their APIs; each has the name of its kind."""


@dataclass
class Room:
    """The show room, where people sign in, and the operator's file; `shop` and `other` are what that names."""

    door: FrontDoor
    accounts: Accounts
    operator: Operator
    kind: str = "github"

    @property
    def shop(self) -> str:
        """Give the name of the repository that most is about."""
        return f"{self.kind}/acme/shop"

    @property
    def other(self) -> str:
        """Give the name of another one."""
        return f"{self.kind}/acme/other"

    def sign_in(self, name: str = "ada", path: str = "/") -> "Browser":
        """Sign somebody in."""
        self.accounts.name = name
        browser = Browser(self)
        answer = browser.through(path)
        assert answer.status_code == 303, answer.text
        return browser


@dataclass
class Browser:
    """Keeps cookies, and follows nothing by itself."""

    room: Room
    jar: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, **more: Any) -> requests.Response:
        """Look at a page, or follow an address of ours."""
        url = path if path.startswith("http") else self.room.door.url + path
        return self.jar.get(url, allow_redirects=False, timeout=60, **more)

    def post(self, path: str, form: dict[str, str], **headers: str) -> requests.Response:
        """Send a form."""
        return self.jar.post(self.room.door.url + path, data=form, headers=headers, allow_redirects=False, timeout=60)

    def start(self, path: str = "/") -> str:
        """Begin, and give where the browser is sent."""
        answer = self.get("/login/start", params={"next": path})
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def through(self, path: str = "/") -> requests.Response:
        """Go there and come back."""
        return self.get(self.room.accounts.sign_in(self.start(path)))

    def token(self, path: str = "/deliveries") -> str:
        """Read the token that a page's forms carry."""
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', self.get(path).text)
        assert found
        return found[1]


@contextmanager
def opened(
    tmp_path: Path,
    accounts: Accounts,
    login: dict[str, Any],
    jobs: Mapping[str, tuple[CiRule, ...]] | None = None,
    deployers: tuple[str, ...] = ("write",),
) -> Iterator[Room]:
    """Open a show room with two repositories of one forge, both with something of everything.

    There are rules on `jobs`, by repository, and `deployers` of the first one.
    """
    port = free_port()
    plain, kind = make_operator(tmp_path), login.get("forge", "github")
    (shop,) = plain.projects.values()
    limits = {"staging": Limits(environment="staging", cluster="dev", namespaces=("other",))}
    places = {name: replace(each, deployers=deployers) for name, each in shop.environments.written.items()}
    allowed = {f"{kind}/acme/shop": Allowed(places), f"{kind}/acme/other": Allowed(limits)}
    forge = Forge(
        name=kind,
        kind=kind,
        url=accounts.url,
        api_url=f"{accounts.url}{APIS[kind]}",
        webhook_secrets=(Secret(value=SECRET),),
        token="pushboats-own-at-the-forge",
    )
    forges = {**plain.forges, kind: forge}
    written = {"client_id": CLIENT_ID, "client_secret": {"env": "LOGIN"}, **login}
    surroundings = Surroundings({"LOGIN": CLIENT_SECRET}, tmp_path)
    section = LoginSection.model_validate(written, context=surroundings)
    operator = replace(
        plain,
        public_url=f"http://127.0.0.1:{port}",
        forges=forges,
        pages=Pages(),
        login=section.login(forges),
        projects={
            name: Project(repository=name, environments=each, ci=(jobs or {}).get(name, ()))
            for name, each in allowed.items()
        },
    )
    assert operator.login is not None
    accounts.callback = f"{operator.public_url}/login/callback"
    store = fresh_store(operator.state)
    fill(Ledger(store, forge=kind))
    theirs = Ledger(store, forge=kind, repository="acme/other", numbers=count(50))
    theirs.ended(State.FAILED, "Deployment/other/db crashes")
    with open_front_door(operator, store, port=port) as door:
        door.post(b"{}", {"Content-Type": "application/json"})
        yield Room(door, accounts, operator, kind)
    store.close()
