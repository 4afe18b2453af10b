"""What was seen of the objects in question: what an explanation starts from, whoever asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pushboat.model.manifest import Ref
from workers.cluster.masking import scrub
from workers.cluster.objects import Object


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The objects as they stand, their pods of the newest revision and of older ones; `secrets` are bodies whose values
    are taken out of whatever others say."""

    objects: Mapping[Ref, Object] = field(default_factory=dict, repr=False)
    new_pods: Mapping[Ref, Sequence[Object]] = field(default_factory=dict, repr=False)
    old_pods: Mapping[Ref, Sequence[Object]] = field(default_factory=dict, repr=False)
    secrets: Sequence[Mapping[str, Any]] = field(default=(), repr=False)

    def without_secrets(self, words: str) -> str:
        """Take the values that we know to be secret out of what somebody else says."""
        for body in self.secrets:
            words = scrub(words, body)
        return words
