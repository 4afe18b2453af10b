"""YAML to nodes, behind guards: the text is measured first, the C parser comes after.

The C parser crashes the whole process on deep nesting, and takes quadratic time for directives. So texts that may do so
are walked as events first, which neither recurse nor keep anything.
"""

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from pushboat.errors import InvalidManifest
from pushboat.yaml_guard import NotYaml, TooMany, Unreadable, guarded_events, translated
from workers.manifests.half_characters import COMPLAINT, halves_in, mended
from workers.manifests.words import DEEPEST_LEVEL, LARGEST_FILE_CHARACTERS, MOST_NODES, MOST_SHOWN, invalid_at
from workers.manifests.yaml_scalars import PLAIN, QUOTED, Resolving, untagged

_MOST_DOCUMENTS = 20_000
"""Twice as many as an environment has objects."""
_MOST_DIRECTIVES = 100
_SAFE_DEPTH = 2_000
"""The C parser survives 15,000 levels; below this bound no walk is needed to know that a text is far from it."""
_LONE_TAG = re.compile(r"(?:^|[\s\[{,])!\s", re.MULTILINE)
_MARK = "\ufeff"
_MARK_BEFORE = re.compile(rf"^{_MARK}+(?=---(?:\s|$))", re.MULTILINE)
_MARK_BEHIND = re.compile(rf"(^---[^\r\n]*(?:\r\n?|\n)(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n?|\n))*+){_MARK}+", re.MULTILINE)


def compose(
    text: str, file: str, *, largest: int = LARGEST_FILE_CHARACTERS, wrong: list[InvalidManifest] | None = None
) -> Iterator[Node]:
    """Parse a text to the node of each of its documents.

    Who gives a list gets there each half of a character, and documents in which they are whole.

    Raises:
        InvalidManifest: it is not YAML, too large or too deep.
    """
    if len(text) > largest:
        raise InvalidManifest(f"{file}: the file is larger than {largest >> 20} MiB: split it")
    text = without_marks(text)
    _guard(text, file)
    done = 0
    try:
        for node in map(partial(_as_text, text), _nodes(text)) if _LONE_TAG.search(text) else _nodes(text):
            yield node
            done += 1
    except yaml.YAMLError as error:
        whole = mended(text) if wrong is not None and COMPLAINT in str(error) else text
        if whole == text or wrong is None:
            raise _refused(translated(error, text), file) from error
        most = len(wrong) + MOST_SHOWN
        for number, node in enumerate(compose(whole, file, largest=largest)):
            wrong += islice(halves_in(node, text, file), most - len(wrong))
            if number >= done:
                yield node
    except Unreadable as error:
        raise _refused(error, file) from error


def without_marks(text: str) -> str:
    """Take byte order marks away where files that were joined have them: before documents."""
    text = text.lstrip(_MARK)
    if _MARK in text:
        text = _MARK_BEHIND.sub(r"\1", _MARK_BEFORE.sub("", text))
    return text


def _guard(text: str, file: str) -> None:
    """Refuse deep nesting before the C parser recurses into it, and more nodes than fit into memory.

    Each bracket opens at most one level, and block levels need a column each (two levels, where a sequence stands at
    its key's own column); each node but the first has one of six signs or a line's end before it. So most texts are
    cleared by counting; for the rest, the parser's events are walked.
    """
    if _lines_that_begin_with("---", text) > _MOST_DOCUMENTS:
        raise InvalidManifest(f"{file}: holds more than {_MOST_DOCUMENTS:,} documents: split it")
    if _lines_that_begin_with("%", text) > _MOST_DIRECTIVES:
        raise InvalidManifest(f"{file}: holds more than {_MOST_DIRECTIVES} lines that begin with %: indent them")
    longest = max((len(line) for line in text.splitlines()), default=0)
    shallow = text.count("[") + text.count("{") + 2 * longest <= _SAFE_DEPTH
    if shallow and signs_in(text) < MOST_NODES // 2:
        return
    try:
        for _ in guarded_events(text, deepest_level=DEEPEST_LEVEL, most_nodes=MOST_NODES):
            pass
    except TooMany as guard:
        raise InvalidManifest(f"{file}: holds more than {MOST_NODES:,} values: split it") from guard
    except Unreadable as guard:
        raise _refused(guard, file) from guard


def signs_in(text: str) -> int:
    """Count the signs of which each node but the first has one before it, in YAML and in an object of JSON."""
    return sum(map(text.count, ",:-?[{\n\r\x85\u2028\u2029"))


def _lines_that_begin_with(sign: str, text: str) -> int:
    """Count lines, but for the first one, by all signs that end one for the parser."""
    return sum(text.count(f"{end}{sign}") for end in "\n\r\x85\u2028\u2029")


def _nodes(text: str) -> Iterator[Node]:
    """Let the C parser compose, or do so ourselves from the first document on in which an anchor is given anew."""
    loader, done = Resolving(text), 0
    try:
        while loader.check_node():
            node = loader.get_node()
            assert node is not None
            yield node
            done += 1
    except yaml.composer.ComposerError as error:
        if "duplicate anchor" not in str(error.context):
            raise
        for number, node in enumerate(_composed(text)):
            if number >= done:
                yield node
    finally:
        loader.dispose()


def _as_text(text: str, document: Node) -> Node:
    """Make text of the words under a lone `!`, which the parser takes for no tag at all."""
    waiting, seen = [document], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode) and node.tag == PLAIN and text.startswith("!", node.start_mark.index):
            node.tag = QUOTED
        elif isinstance(node, MappingNode):
            waiting += [each for pair in node.value for each in pair]
        elif isinstance(node, SequenceNode):
            waiting += node.value
    return document


def _composed(text: str) -> Iterator[Node]:
    events = guarded_events(text, deepest_level=DEEPEST_LEVEL, most_nodes=MOST_NODES)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            yield _node(next(events), events, {})


def _node(event: Any, events: Iterator[Any], anchors: dict[str, Node]) -> Node:
    """Compose one node; an anchor stands for the last node that it was given to."""
    mark: Any = event.start_mark
    if isinstance(event, yaml.AliasEvent):
        if event.anchor not in anchors:
            raise NotYaml(mark.line + 1, mark.column + 1, "found undefined alias")
        return anchors[event.anchor]
    made = _made(event)
    if event.anchor is not None:
        anchors[event.anchor] = made
    if isinstance(made, CollectionNode):
        children: list[Node] = []
        for each in events:
            if isinstance(each, yaml.CollectionEndEvent):
                break
            children.append(_node(each, events, anchors))
        made.value = (
            list(zip(children[::2], children[1::2], strict=True)) if isinstance(made, MappingNode) else children
        )
    return made


def _made(event: Any) -> Node:
    start: Any = event.start_mark
    end: Any = event.end_mark
    if isinstance(event, yaml.ScalarEvent):
        return ScalarNode(event.tag or untagged(ScalarNode, event.implicit), event.value, start, end, style=event.style)
    kind = MappingNode if isinstance(event, yaml.MappingStartEvent) else SequenceNode
    return kind(event.tag if event.tag not in (None, "!") else untagged(kind), [], start, end)


def _refused(trouble: Unreadable, file: str) -> InvalidManifest:
    return invalid_at(file, trouble.line, trouble.column, trouble.message)
