"""Where words look like a command and are none: quotes, code, hidden HTML, later lines. Nothing follows but a record.

Whoever smuggles a command in there finds it in the audit, with the reason why it did nothing.
"""

import re

from pushboat.model.command_words import SLASH

_BEGINS = re.compile(rf"\W*?(?<![\w/.-]){re.escape(SLASH)}(?=$|\s|[^\w/.-])", re.IGNORECASE)
"""The word at a line's beginning, behind whatever marks it there, and not as the beginning of a longer one."""
_TAG = re.compile(r"<!--|-->|</?[a-z][^<>]{0,200}>", re.IGNORECASE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MAIL_HEADERS = ("from: ", "von: ", "de : ", "de: ")
_MAIL_WRITES = (" wrote", " schrieb", " a écrit", " escribió", " ha scritto", " schreef", " skrev")
_MAIL_BEGINS = ("on ", "am ", "le ", "el ", "il ", "op ", "den ")
_MAIL_SAYS = (
    "original message---",
    "ursprüngliche nachricht---",
    "reply to this email directly",
    "you are receiving this because",
    "sent from my ",
    "von meinem iphone gesendet",
)


def overheard(comment: str) -> str:
    """Say where in a comment that is no command something looks like one; empty where nothing does."""
    if SLASH not in comment.lower():
        return ""
    fence, hidden = "", False
    for line in comment.splitlines():
        bare = line.lstrip(" >")
        opened = _FENCE.match(bare)
        mark = opened[1] if opened else ""
        if _BEGINS.match(_TAG.sub(" ", line)) or _BEGINS.match(line.rpartition("-->")[2]):
            return _where(line, fenced=bool(fence), hidden=hidden)
        if mark and (not fence or (mark[0] == fence[0] and len(mark) >= len(fence))):
            fence = "" if fence else mark
        hidden = line.rfind("<!--") > line.rfind("-->") if "<!--" in line or "-->" in line else hidden
    return ""


def by_mail(comment: str) -> bool:
    """Say whether a comment looks like an answer to an e-mail: there nobody proves who wrote it."""
    lines = [line.strip().lower() for line in comment.splitlines()]
    return any(
        _quotes(line) or any(words in line for words in _MAIL_SAYS) or (line.startswith(_MAIL_HEADERS) and "@" in line)
        for line in lines[1:]
    )


def _quotes(line: str) -> bool:
    """Say whether a line is one that mail programs put above what they quote, or the last half of a wrapped one."""
    by_program = line.startswith(_MAIL_BEGINS) or ("<" in line and "@" in line)
    return by_program and line.endswith(":") and any(verb in line for verb in _MAIL_WRITES)


def _where(line: str, *, fenced: bool, hidden: bool) -> str:
    shown = line.lstrip()
    if fenced:
        return "in a code block"
    if hidden or "<!--" in line:
        return "in hidden HTML"
    if shown.startswith(">"):
        return "in a quote"
    if line.startswith(("    ", "\t", " \t", "  \t", "   \t")):
        return "in a code block"
    if shown.startswith("<"):
        return "in HTML"
    return "below or beside other words"
