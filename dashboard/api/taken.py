"""The schemas of what the API takes, asks and questions, and of how it answers them."""

from collections.abc import Mapping

from dashboard.api.shapes import ANYTHING, MOMENT, NUMBER, TEXT, Json, many, object_of, or_null, ref
from pushboat.model.api_token import Role
from pushboat.model.command_words import BY_TOKEN
from pushboat.model.question import WORDS


def _arguments(words: Mapping[str, tuple[str, ...]]) -> str:
    return "; ".join(f"{word}: {', '.join(known) or 'none'}" for word, known in words.items())


TAKEN: Json = {
    "Taken": object_of({"delivery": NUMBER, "url": TEXT}),
    "Wish": object_of(
        {
            "word": {"type": "string", "enum": list(BY_TOKEN)},
            "repository": {**TEXT, "description": "`<forge>/<path>`."},
            "environment": TEXT,
            "arguments": {"type": "object", "additionalProperties": TEXT, "description": _arguments(BY_TOKEN)},
        },
        optional=("arguments",),
    )
    | {"additionalProperties": False},
    "Kept": object_of({"question": NUMBER}),
    "Doubt": object_of(
        {
            "word": {"type": "string", "enum": list(WORDS)},
            "repository": {**TEXT, "description": "`<forge>/<path>`; of `why` none."},
            "environment": TEXT,
            "arguments": {"type": "object", "additionalProperties": TEXT, "description": _arguments(WORDS)},
        },
        optional=("repository", "environment", "arguments"),
    )
    | {"additionalProperties": False},
    "Files": object_of(
        {
            "repository": {**TEXT, "description": "`<forge>/<path>`."},
            "environment": TEXT,
            "files": {**TEXT, "description": "As `pushboat plan --here` sends them."},
        },
    )
    | {"additionalProperties": False},
    "OwnToken": object_of(
        {
            **dict.fromkeys(("name", "environment", "version"), TEXT),
            "role": {"type": "string", "enum": [str(each.value) for each in Role]},
            "repositories": or_null(many(TEXT)),
            "expires_at": or_null(MOMENT),
        }
    ),
    "Question": object_of(
        {
            "id": NUMBER,
            **dict.fromkeys(("word", "repository", "environment"), TEXT),
            "arguments": {"type": "object", "additionalProperties": TEXT},
            "asked_at": MOMENT,
            "answered_at": or_null(MOMENT),
            "answer": or_null(ref("Told")),
        }
    ),
    "Told": object_of(
        {
            "code": NUMBER,
            "form": ANYTHING,
            "lines": many(TEXT),
            "said": many(object_of({"glyph": TEXT, "sentence": TEXT})),
        }
    ),
}
