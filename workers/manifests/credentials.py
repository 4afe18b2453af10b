"""Texts that nothing but a credential looks like: an issuer's prefix, a key's armour, a login in an address.

Few rules, each of which is nearly always right. A password without a form of its own looks like any word, and no rule
here tells it; that is what Secrets and their encryption are for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pushboat.errors import InvalidManifest
from workers.manifests.decoding import decode
from workers.manifests.escapes import unescaped

ADDRESS, VARIABLE = "a password in an address", "a variable's password"
_LOOKED_AT_FOR_BINARY = 8 << 10
"""Bytes; a file with a zero byte among these is none that people write."""
_EXAMPLE = re.compile(
    r"eyJzdWIiOiIxMjM0NTY3ODkw|example|sample|placeholder|changeme|dummy|redacted|your[-_]|xxxx|\*\*\*|<[^>]*>|(.)\1{7}",
    re.I,
)
_STANDS_FOR = re.compile(r"[${}<>%()]|\.\.\.|…")
"""In an address's login: something that another program fills in."""
_NO_SECRETS = re.compile(
    r"(?i)(?:pass(?:word|wd)?|secret|token|pwd|admin|root|test|guest|user(?:name)?|postgres|redis|rabbitmq)?"
)
_MIXED, _LONG = 3, 20
"""Of small and large letters, digits and others: how many a short password has; characters of one that is long."""
_BASE64URL = "[A-Za-z0-9_-]"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of credential: what people call it, words that a text has if it has one, and how it looks.

    The group `secret`, where there is one, is the credential itself.
    """

    name: str
    signs: tuple[str, ...]
    looks: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A credential in a text: where (characters), of what sort; never what it is."""

    start: int
    end: int
    sort: str


def _sort(name: str, signs: str, looks: str) -> Sort:
    return Sort(name, tuple(signs.split()), re.compile(looks))


_EDGE, _END = r"(?<![A-Za-z0-9_/+-])", r"(?![A-Za-z0-9_/+-])"
SORTS = (
    _sort("an AWS access key", "AKIA ASIA", rf"{_EDGE}(?:AKIA|ASIA)[A-Z2-7]{{16}}{_END}"),
    _sort(
        "an AWS secret key",
        "aws_secret_access_key AWS_SECRET_ACCESS_KEY",
        r"(?i:aws_secret_access_key)[\"']?[ \t]{0,9}"
        r"(?:[=:]|(?:,[ \t\r\n]{0,80}|(?:\#[^\n]{0,200})?\r?\n[ \t]{0,80})[\"']?value[\"']?:)[ \t]{0,9}"
        r"[\"']?(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _sort(
        "an AWS secret key",
        "aws_secret_access_key AWS_SECRET_ACCESS_KEY",
        r"(?<![A-Za-z0-9_])value[\"']?:[ \t]{0,9}[\"']?(?P<secret>[A-Za-z0-9/+]{40})[\"']?[ \t]{0,9},?"
        r"(?:[ \t]{0,9}\r?\n)?[ \t]{0,80}[\"']?name[\"']?:[ \t]{0,9}[\"']?(?i:aws_secret_access_key)\b",
    ),
    _sort("a GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", rf"{_EDGE}gh[pousr]_[A-Za-z0-9]{{36,251}}{_END}"),
    _sort("a GitHub token", "github_pat_", rf"{_EDGE}github_pat_[A-Za-z0-9_]{{80,90}}{_END}"),
    _sort("a GitLab token", "glpat- glptt- gldt- glrt- glcbt-", rf"{_EDGE}gl(?:pat|ptt|dt|rt|cbt)-{_BASE64URL}{{20,}}"),
    _sort("a Slack token", "xoxb- xoxp- xoxa- xoxs- xapp-", rf"{_EDGE}x(?:ox[abprs]|app)-[0-9]{_BASE64URL}{{20,}}"),
    _sort(
        "a Slack webhook",
        "hooks.slack.com/services/",
        r"hooks\.slack\.com/services/(?P<secret>T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{20,})",
    ),
    _sort("a Stripe key", "sk_live_ rk_live_", rf"{_EDGE}[sr]k_live_[A-Za-z0-9]{{20,}}"),
    _sort("a Google API key", "AIza", rf"{_EDGE}AIza{_BASE64URL}{{35}}{_END}"),
    _sort("a SendGrid key", "SG.", rf"{_EDGE}SG\.{_BASE64URL}{{22}}\.{_BASE64URL}{{43}}{_END}"),
    _sort("a Vault token", "hvs. hvb.", rf"{_EDGE}hv[sb]\.{_BASE64URL}{{24,}}"),
    _sort("an npm token", "npm_", rf"{_EDGE}npm_[A-Za-z0-9]{{36}}{_END}"),
    _sort("an npm token", ":_authToken=", r":_authToken=[\"']?(?P<secret>[A-Za-z0-9_-]{20,200})(?![A-Za-z0-9_-])"),
    _sort("a PyPI token", "pypi-AgEIcHlwaS5vcmc", rf"{_EDGE}pypi-AgEIcHlwaS5vcmc{_BASE64URL}{{50,}}"),
    _sort(
        "a registry's login",
        '"auths"',
        r'"auth"[ \t]{0,9}:[ \t\r\n]{0,9}"(?P<secret>[A-Za-z0-9+/]{12,4000}={0,2})"',
    ),
    _sort("a DigitalOcean token", "dop_v1_ doo_v1_", rf"{_EDGE}do[op]_v1_[a-f0-9]{{64}}{_END}"),
    _sort("an Anthropic key", "sk-ant-", rf"{_EDGE}sk-ant-[a-z0-9]+-{_BASE64URL}{{80,}}"),
    _sort("an OpenAI key", "T3BlbkFJ", rf"{_EDGE}sk-{_BASE64URL}{{10,}}T3BlbkFJ{_BASE64URL}{{10,}}"),
    _sort("an Azure storage key", "AccountKey=", r"AccountKey=(?P<secret>[A-Za-z0-9+/]{86}==)"),
    _sort("an age key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    _sort(
        "a private key",
        "PRIVATE-KEY",
        r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----(?=(?:\\n|\s){0,9}[A-Za-z0-9+/=]{16})",
    ),
    _sort(
        "a signed token (JWT)",
        "eyJ",
        rf"{_EDGE}eyJ{_BASE64URL}{{10,}}\.eyJ{_BASE64URL}{{10,}}\.{_BASE64URL}{{20,}}",
    ),
    _sort(
        ADDRESS,
        "://",
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@\"'`<>]{1,100}:(?P<secret>[^\s:/@\"'`<>]{6,200})@[A-Za-z0-9\[]",
    ),
    _sort(
        ADDRESS,
        "password= passwd= pwd=",
        r"\b[a-z][a-z0-9+.-]{1,20}://[^\s\"'`<>]{1,300}[?&;](?:password|passwd|pwd)=(?P<secret>[^\s&;#\"'`<>\\]{6,200})",
    ),
)  # fmt: skip

OF_EXAMPLES = frozenset(("a private key", "a signed token (JWT)", ADDRESS, VARIABLE))
"""Sorts without an issuer's mark: tests and pages that explain something have such, and they open nothing."""
_OF_A_VARIABLE = re.compile(
    r"^[ \t]{0,9}(?:export[ \t]{1,9})?[A-Za-z0-9_]{0,80}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY)"
    r"[ \t]{0,9}=[ \t]{0,9}[\"']?(?P<secret>[^\s\"']{10,200})[\"']?[ \t\r]{0,9}$",
    re.I | re.M,
)
_OF_ONE_MACHINE = re.compile(
    r"(?i:dev|local|test|fake|demo|change)|^ENC\[|^(?:\.{0,2}/|~)|://|^[a-z0-9-]+(?:[._][a-z0-9-]+)+$|^[A-Za-z]{1,16}[0-9]{0,4}[!.]?$"
)
"""What opens nothing beyond one machine; paths, addresses, words with a number, and what SOPS has encrypted."""
_LETTERS = tuple(map(re.compile, ("[a-z]", "[A-Z]", "[0-9]", "[^A-Za-z0-9]")))


def text_of(raw: bytes, file: str) -> str:
    """Read a file as manifests are read, others as well as may be; nothing where people cannot have written it."""
    try:
        return decode(raw, file)
    except InvalidManifest:
        return "" if b"\0" in raw[:_LOOKED_AT_FOR_BINARY] else raw.decode("utf-8", "replace")


def credentials_in(text: str) -> Iterator[Found]:
    """Find what looks like a credential, sort by sort: as it is written, then where escapes stand in the way."""
    known = set()
    for found in _in(text):
        known.add((found.start, found.sort))
        yield found
    read = unescaped(text)
    if read is None:
        return
    for found in _in(read.text):
        start, end = read.written_at(found.start), read.written_at(found.end - 1) + 1
        if (start, found.sort) not in known:
            yield Found(start, end, found.sort)


def _in(text: str) -> Iterator[Found]:
    for sort in SORTS:
        if any(sign.replace("PRIVATE-KEY", "PRIVATE KEY") in text for sign in sort.signs):
            for found in sort.looks.finditer(text):
                start, end = found.span("secret" if "secret" in found.re.groupindex else 0)
                if not _is_none(text[start:end], sort.name):
                    yield Found(start, end, sort.name)


def _is_none(word: str, sort: str) -> bool:
    """Say whether it only shows where a credential goes."""
    if sort == ADDRESS and (_STANDS_FOR.search(word) or _NO_SECRETS.fullmatch(word)):
        return True
    return _EXAMPLE.search(word) is not None


def variables_in(text: str) -> Iterator[Found]:
    """Find what looks like a password behind a name that says so, in a file of variables (`.env`) and in no other."""
    for found in _OF_A_VARIABLE.finditer(text):
        word = found["secret"]
        kinds = sum(letter.search(word) is not None for letter in _LETTERS)
        long = len(word) >= _LONG and kinds > 1 and _LETTERS[2].search(word)
        if (kinds >= _MIXED or long) and not any(
            each.search(word) for each in (_STANDS_FOR, _EXAMPLE, _OF_ONE_MACHINE)
        ):
            yield Found(*found.span("secret"), VARIABLE)
