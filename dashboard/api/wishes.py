"""What a program wants, in JSON: a word, a place and arguments. It is read strictly: what cannot be meant is refused
here, and not by a worker a moment later."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from pushboat.model.wording import near_miss, quoted
from webhook.failures import BadParameter, NotJson

MOST_BYTES = 64 * 1024
FIELDS = ("word", "repository", "environment", "arguments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is wanted; `repository` and `environment` are empty where a word is about no single one."""

    word: str
    repository: str
    environment: str
    arguments: Mapping[str, str]


def read(what: str, words: Mapping[str, Collection[str]], longest: int, *, everywhere: Collection[str] = ()) -> Wish:
    """Read what a request wants.

    Args:
        what: how a sentence calls it, "an ask".
        words: those that there are, with the arguments that each takes.
        longest: characters of a text.
        everywhere: the words that are about no single environment.

    Raises:
        NotJson: it says that it is something else.
        BadParameter: a field is missing, unknown, or its value cannot be used.
    """
    form = fields(f"{what} is", FIELDS, MOST_BYTES)
    word = form.get("word")
    if not isinstance(word, str) or word not in words:
        raise BadParameter(f"word must be one of {', '.join(words)}", "word")
    place = [form.get(name, "") for name in ("repository", "environment")]
    if word not in everywhere:
        for name, value in zip(("repository", "environment"), place, strict=True):
            if not _is_a_line(value, longest):
                raise BadParameter(f"{name} must be a text of one line", name)
    elif any(place):
        raise BadParameter(f"{word} is asked of all that the token sees: leave repository and environment out", "word")
    arguments = _arguments(word, words[word], form.get("arguments", {}), longest)
    return Wish(word=word, repository=place[0], environment=place[1], arguments=arguments)


def fields(what: str, known: Collection[str], most: int) -> dict[str, Any]:
    """Read a request of at most so many bytes that is a JSON object with no other fields.

    Raises:
        NotJson: it says that it is something else; `what` begins the sentence, "an ask is".
        BadParameter: it is none, or has another one.
    """
    if request.mimetype != "application/json":
        raise NotJson(f"{what} JSON: send it with Content-Type: application/json", "")
    request.max_content_length = most
    form = request.get_json(silent=True)
    if not isinstance(form, dict):
        raise BadParameter(f"{what} a JSON object with {', '.join(known)}", "")
    for name in form:
        if name not in known:
            raise BadParameter(f"unknown field {quoted(name)}; {near_miss(name, known)}", quoted(name).strip("'"))
    return form


def _arguments(word: str, known: Collection[str], given: object, longest: int) -> dict[str, str]:
    if not isinstance(given, dict) or not all(_is_a_line(each, longest) for each in given.values()):
        raise BadParameter(
            f"arguments must be an object of texts, each one line of at most {longest} characters", "arguments"
        )
    for name in given:
        if name not in known:
            takes = f"it takes {', '.join(known)}" if known else "it takes none"
            raise BadParameter(f"{word} has no argument {quoted(name)}; {takes}", "arguments")
    return given


def _is_a_line(value: object, longest: int) -> bool:
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= longest
