"""The grammar of commands: comments of anybody who may write on a pull request."""

import unicodedata
from collections.abc import Callable, Collection
from functools import partial

from pushboat.model.command_words import RESERVED_WORDS, SLASH
from pushboat.routing import grammar
from pushboat.routing.command import table
from pushboat.routing.grammar import Words
from pushboat.routing.overhearing import by_mail, overheard
from tests.fuzz.demanding import demand
from tests.fuzz.target import Target, words_of

_ENVIRONMENTS = ("production", "staging", "preview")
_PLACES = ("environment", "from")
Parse = Callable[[str, Collection[str]], Words | None]


def _check(parse: Parse, data: bytes) -> None:
    comment = data.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")  # as a delivery is read
    words = parse(comment, _ENVIRONMENTS)
    demand(words == parse(comment, _ENVIRONMENTS), "read twice, and not the same")
    overheard(comment)
    if words is None:
        return
    words.refusal.encode()
    if words.refusal:
        return
    _is_written_in_plain_sight(comment, words)
    _says_the_same_again(parse, words)
    _counts_nowhere_else(parse, comment)


def _is_written_in_plain_sight(comment: str, words: Words) -> None:
    """Who reads the comment sees the command first of all, and nothing that decides is hidden."""
    command = table()[words.word]
    line = next(line for line in comment.replace("\r", "\n").split("\n") if any(map(_shows, line)))
    written = line.split()
    demand(written[0] == SLASH and written[1 : 1 + len(command.words)] == list(command.words), "another command")
    places = [words.names[name] for name in (*command.names, *command.optional) if name in words.names]
    demand(all(place in written for place in places), "a place that is not written")
    deciding = [SLASH, *command.words, *places]
    demand(all(each.isascii() and each.isprintable() for each in deciding), "something hidden decides")
    first = words.names.get(_PLACES[0], "")
    demand(command.words or first not in RESERVED_WORDS, "a command taken for an environment")
    demand(not line.startswith(("    ", "\t", ">", "`")), "a command in code, or in a quote")
    demand(not by_mail(comment), "a command by mail")


def _shows(character: str) -> bool:
    """A line of nothing but hyphens that are shown where a word is cut, or of marks of direction, is an empty one."""
    return not character.isspace() and unicodedata.category(character) != "Cf"


def _says_the_same_again(parse: Parse, words: Words) -> None:
    """Write the command out as its grammar has it: what names it has is all that there is to it."""
    command = table()[words.word]
    places = [words.names[name] for name in (*command.names, *command.optional) if name in words.names]
    line = " ".join((SLASH, *command.words, *places))
    again = parse(line, _ENVIRONMENTS)
    demand(again is not None and again.word == words.word and not again.refusal, str(line))
    demand(
        [again.names[name] for name in (*command.names, *command.optional) if name in again.names] == places,
        "other places",
    )


def _counts_nowhere_else(parse: Parse, comment: str) -> None:
    lines = comment.splitlines()
    for moved in ("\n".join(f"> {line}" for line in lines), "```\n" + comment, "Please look:\n" + comment):
        said = parse(moved, _ENVIRONMENTS)
        demand(said is None or said.refusal, "a command where people only talk about it")


def _looks_through_what_is_hidden(comment: str, environments: Collection[str]) -> Words | None:
    return grammar.parse(comment.replace("\u200b", ""), environments)


def _reads_code(comment: str, environments: Collection[str]) -> Words | None:
    return grammar.parse(comment.removeprefix("\t"), environments)


TARGET = Target(
    check=partial(_check, grammar.parse),
    bugs={
        "a-hidden-character": partial(_check, _looks_through_what_is_hidden),
        "a-command-in-code": partial(_check, _reads_code),
    },
    words=(*words_of("comments"), SLASH, *sorted(RESERVED_WORDS), *_ENVIRONMENTS),
    largest=600,
    steps=60_000,
    steps_per_byte=2_000,
)
