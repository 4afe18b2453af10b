"""`verify_hosts`: whom Pushboat may ask what `verify` names, and with which token; the operator alone says so.

A token is sent to the one host that it stands beside: not to names below it, nowhere that a redirect leads, and not in
clear text.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, Discriminator, Tag, model_validator

from pushboat.config.schema import URL_TAG, VARIABLE_TAG, Section, word_or_section
from pushboat.config.secret import SecretSource
from pushboat.config.urls import asked_host, shows_tokens

MOST_HOSTS = 100
_HEADER = re.compile(r"[!-~]+")


class HostSection(Section):
    """A host that wants a token."""

    host: Annotated[str, AfterValidator(asked_host)]
    token: SecretSource

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if "*" in self.host:
            raise ValueError("has a token for any name: list the host itself beside its token")
        if shows_tokens(self.host):
            raise ValueError(
                "is plain http, which shows the token to the network: use https (http only for this machine)"
            )
        if not _HEADER.fullmatch(self.token.value):
            raise ValueError("has a token that no header can carry: plain characters without spaces")
        return self


AskedHost = Annotated[
    Annotated[str, AfterValidator(asked_host), Tag(URL_TAG)] | Annotated[HostSection, Tag(VARIABLE_TAG)],
    Discriminator(word_or_section),
]


def names(hosts: Iterable[str | HostSection]) -> tuple[str, ...]:
    """Name the hosts."""
    return tuple(each if isinstance(each, str) else each.host for each in hosts)


def tokens(hosts: Iterable[str | HostSection]) -> Mapping[str, str]:
    """Give the tokens, by the host that each is for."""
    return {each.host: each.token.value for each in hosts if isinstance(each, HostSection)}
