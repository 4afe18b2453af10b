"""Put words in the place of encrypted values before anything is rendered, so that no renderer ever has one of them.

A word is as long as any other, survives base64 and quotes, and follows from the value and the installation's own key:
what is named after its content (kustomize's generators) gets a new name exactly when the value is another one, and the
name is of no use to guess the value. Where nobody has keys (`pushboat check`), words follow from what is encrypted.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workers.sops import reading
from workers.sops.values import Opened, Value
from workers.sops.words import Encrypted, Form, Leaf

BEGINNING = "PUSHBOATSOPS"
WORD = re.compile(rf"{BEGINNING}[A-Z2-7]{{28}}")
_LETTERS = 28
_COMMENT = re.compile(r"[#;][ \t]*ENC\[AES256_GCM,[^\[\]\n]*,type:comment\]")
"""One that was encrypted is left out: nothing reads it, and it may say what nobody should."""


@dataclass(frozen=True, slots=True)
class Concealed:
    """What a word stands for: a value, None where nobody could open it, as a file of that form holds it."""

    value: Value | None
    form: Form
    place: str


@dataclass(frozen=True, slots=True)
class Opening:
    """How encrypted files are opened: `opened` is None where words are to stay. `digest` is a keyed one.

    Who has keys gives a function, so that whoever has none (`pushboat check`) need not load what opens files.
    """

    opened: Callable[[Encrypted], Sequence[Opened]] | None = None
    digest: Callable[[bytes], str] = field(default=lambda content: hashlib.sha256(content).hexdigest())

    def word(self, leaf: Leaf, value: Value | None) -> str:
        """Give the word that stands for a value at its place."""
        said = base64.b64encode(value.raw).decode() if value is not None else leaf.word
        content = json.dumps([*leaf.path, value.sort if value is not None else "", said]).encode()
        letters = base64.b32encode(bytes.fromhex(self.digest(content))).decode()
        return f"{BEGINNING}{letters[:_LETTERS]}"


KEYLESS = Opening()


def conceal(root: Path, files: Iterable[str], opening: Opening) -> dict[str, dict[str, Concealed]]:
    """Rewrite the encrypted ones of these files below `root`, and say by file what each word stands for.

    Raises:
        DecryptionFailed: one cannot be opened, or is not whole.
    """
    found: dict[str, dict[str, Concealed]] = {}
    for file in files:
        at = root / file
        encrypted = reading.read(at.read_bytes(), file)
        if encrypted is not None and not encrypted.is_for_the_cluster:
            found[file], text = _concealed(encrypted, opening)
            at.write_text(text, encoding="utf-8")
    return found


def _concealed(encrypted: Encrypted, opening: Opening) -> tuple[dict[str, Concealed], str]:
    if opening.opened is None:
        pairs: list[tuple[Leaf, Value | None]] = [(each, None) for each in encrypted.leaves if each.plain is None]
    else:
        pairs = [(each.leaf, each.value) for each in opening.opened(encrypted)]
    words, edits = dict[str, Concealed](), [(start, end, "") for start, end in encrypted.cuts]
    edits += [(*comment.span(), "") for comment in _COMMENT.finditer(encrypted.text)]
    for leaf, value in pairs:
        word = opening.word(leaf, value)
        words[word] = Concealed(value, encrypted.form, f"{encrypted.file}:{leaf.line}:{leaf.column}")
        edits.append((leaf.start, leaf.end, _spelt(word, encrypted.form)))
    if encrypted.form is Form.BINARY:
        return words, next(iter(words), "")
    return words, _edited(encrypted.text, edits)


def _spelt(word: str, form: Form) -> str:
    return f'"{word}"' if form in (Form.YAML, Form.JSON) else word


def _edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for start, end, put in sorted(edits):
        parts += [text[at:start], put]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def together(found: Mapping[str, Mapping[str, Concealed]]) -> dict[str, Concealed]:
    """Give the words of all files."""
    return {word: concealed for words in found.values() for word, concealed in words.items()}
