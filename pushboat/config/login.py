"""`login`: with which forge, or which issuer of OpenID Connect, people sign in, and who is what where groups say so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from pushboat.config.document import Document
from pushboat.config.forge import Forge
from pushboat.config.kinds import KINDS
from pushboat.config.login_ways import LoginWay
from pushboat.config.schema import Section
from pushboat.config.secret import SecretSource
from pushboat.config.urls import WebAddress, asked_host, host_of, is_loopback
from pushboat.model.wording import near_miss

USUAL_CLAIM = "groups"
_ISSUERS_ONLY = ("groups_claim", "scopes", "hosts")
_LISTS = ("viewers", "deployers", "admins")
_OF_ISSUERS = LoginWay(called="", discovers=True, scopes="openid profile", name="preferred_username")


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How people sign in.

    `forge` is the one whose accounts they have, by its name in this file; empty: they have none that a forge knows.
    `url` is the forge's address or the issuer's, `api_url` the forge's API, `hosts` whom we may ask.
    `viewers`, `deployers` and `admins` are of every repository: accounts of the forge, or groups of the issuer.
    """

    forge: str
    url: str
    api_url: str = ""
    way: LoginWay
    client_id: str
    client_secret: str = field(repr=False)
    scopes: str = ""
    groups_claim: str = ""
    hosts: tuple[str, ...] = ()
    viewers: frozenset[str] = frozenset()
    deployers: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()

    @property
    def called(self) -> str:
        """Give the name that people know it by."""
        return self.way.called or host_of(self.url)

    @property
    def realm(self) -> str:
        """Give the name of where its accounts are: the forge's in this file, or the issuer's host."""
        return self.forge or host_of(self.url)

    def level_of(self, account: str) -> str:
        """Give what the operator's own lists let an account of the forge do in every repository."""
        for people, level in ((self.admins, "admin"), (self.deployers, "write"), (self.viewers, "read")):
            if account.casefold() in {each.casefold() for each in people}:
                return level
        return "none"


def _word(written: str) -> str:
    if not written.isprintable() or not written.strip() or len(written) > 255:
        raise ValueError("must be a line of text")
    return written


def _scope(written: str) -> str:
    if not written.isascii() or not written.isprintable() or not written or " " in written:
        raise ValueError("is a word without spaces, such as groups")
    return written


Word = Annotated[str, AfterValidator(_word)]
People = Annotated[list[Word], Field(default_factory=list, max_length=1000)]


class LoginSection(Section):
    """`login` as it is written."""

    forge: str = ""
    issuer: WebAddress = ""
    client_id: Word = Field(description="the id that the forge or issuer gave to Pushboat's application there")
    client_secret: SecretSource = Field(description="{env: NAME} or {file: PATH}, the secret of that application")
    groups_claim: Word = USUAL_CLAIM
    scopes: list[Annotated[str, AfterValidator(_scope)]] = Field(default_factory=list, max_length=20)
    hosts: list[Annotated[str, AfterValidator(asked_host)]] = Field(default_factory=list, max_length=20)
    viewers: People
    deployers: People
    admins: People

    def login(self, forges: Mapping[str, Forge]) -> Login | None:
        """Give it as the rest of Pushboat reads it; None where it names no forge that there is."""
        forge = forges.get(self.forge)
        way = KINDS[forge.kind].login if forge else _OF_ISSUERS
        url = forge.url if forge else self.issuer
        if way is None or not url:
            return None
        asked = [url, *([forge.api_url] if forge else [])]
        return Login(
            forge=self.forge,
            url=url,
            api_url=forge.api_url if forge else "",
            way=way,
            client_id=self.client_id,
            client_secret=self.client_secret.value,
            scopes=" ".join(dict.fromkeys((*way.scopes.split(), *self.scopes))),
            groups_claim="" if forge else self.groups_claim,
            hosts=(*map(host_of, filter(None, asked)), *self.hosts),
            viewers=frozenset(self.viewers),
            deployers=frozenset(self.deployers),
            admins=frozenset(self.admins),
        )


def note_login(document: Document) -> None:
    """Note what a login lacks, and what does not go together with it."""
    if "login" not in document.mapping():
        return
    written = document.mapping("login")
    if ("forge" in written) == ("issuer" in written):
        document.note(("login",), "needs one of the two: forge, by its name under forges, or issuer", key=True)
    _note_forge(document, written)
    if "issuer" in written and not any(written.get(each) for each in _LISTS):
        document.note(
            ("login",), f"lets nobody see anything: say which groups are {', '.join(_LISTS)}; an issuer knows no more",
            key=True,
        )  # fmt: skip
    if "pages" in document.mapping():
        document.note(("pages",), "is decided by 'login': who signs in sees what they may; leave 'pages' out", key=True)
    if "kind" in document.mapping("login", "client_secret"):
        document.note(("login", "client_secret", "kind"), "'kind' belongs to webhook secrets only", key=True)
    address = document.mapping().get("public_url")
    parts = urlsplit(address) if isinstance(address, str) else None
    if parts and parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        document.note(
            ("public_url",), "is plain http, which shows who is signed in to the network: 'login' needs https"
        )


def _note_forge(document: Document, written: Mapping[str, object]) -> None:
    name, forges = written.get("forge"), document.mapping("forges")
    if not isinstance(name, str):
        return
    for each in _ISSUERS_ONLY:
        if each in written:
            document.note(("login", each), f"'{each}' is for an issuer; a forge says itself who may what", key=True)
    if name not in forges:
        document.note(("login", "forge"), f"is no forge of this file: {near_miss(name, forges)}")
        return
    kind = KINDS.get(str(document.mapping("forges", name).get("kind")))
    if kind and kind.login is None:
        document.note(
            ("login", "forge"), f"is of kind {kind.name}, which has no accounts: take another one, or an issuer"
        )
