"""What we would send of a file, told as kubectl's answers are."""

import json
from typing import Any

from pushboat.errors import InvalidManifest
from tests.manifests.asking_kubectl import Answer
from workers.manifests.decoding import decode
from workers.manifests.reading import read_manifests

EXACT_IN_A_DOUBLE = 1 << 53
FILE = "deploy/a.yaml"


def ours(content: str | bytes) -> Answer:
    """Read a case as a file of a repository; it is refused as a whole, or not at all."""
    try:
        found = read_manifests(decode(content.encode() if isinstance(content, str) else content, FILE), FILE)
    except InvalidManifest as error:
        return Answer([], error.summary)
    return Answer([json.loads(json.dumps(each.body)) for each in found])


def same(one: Any, other: Any) -> bool:
    """Compare JSON with its types; whole numbers beyond 64 bits are doubles for whoever reads them."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if type(one) is type(other) is int and abs(one) >= 1 << 63:
        return float(one) == float(other)
    return type(one) is type(other) and bool(one == other)
