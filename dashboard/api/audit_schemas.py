"""The schemas of what the API tells of the audit and of releases' records."""

from dashboard.api.shapes import FLAG, MOMENT, NUMBER, TEXT, Json, object_of, one_of, or_null, ref
from pushboat.model.ask import AskVerdict, Source
from pushboat.model.record_worth import Worth

_WORTH = one_of(Worth)

AUDIT: Json = {
    "AuditEntry": object_of(
        {
            "id": NUMBER,
            "at": MOMENT,
            "who": {**TEXT, "description": "The name of that day; the account may have another one now."},
            "source": one_of(Source),
            **dict.fromkeys(("repository", "environment", "word"), TEXT),
            "verdict": one_of(AskVerdict),
            "reason": TEXT,
            "delivery": or_null(NUMBER),
            "deployment": or_null(NUMBER),
            "sha": or_null(TEXT),
            "broken": {**FLAG, "description": "It is not what was written, or what stood before it is gone."},
        }
    ),
    "Record": object_of(
        {
            "deployment": NUMBER,
            "signature": _WORTH,
            "why": {**TEXT, "description": "What is wrong with it, or was not checked; empty where it is good."},
            "envelope": or_null(ref("Envelope")),
            "key": or_null({**TEXT, "description": "The public key of Ed25519: 64 hexadecimal digits."}),
            "stamp": or_null(ref("Stamp")),
        }
    ),
    "Envelope": {"type": "object", "description": "An in-toto statement in a DSSE envelope, as it is stored."},
    "Stamp": object_of(
        {
            "stamp": {**TEXT, "description": "As `pushboat audit verify --noted` takes it."},
            "at": MOMENT,
            "signature": _WORTH,
        }
    ),
}
