"""`verify`: what must answer well once everything is healthy, and which hosts may be asked for that.

The repository says what is asked. Whom Pushboat speaks to from where it runs is the operator's to say: `verify_hosts`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, PlainValidator, model_validator

from pushboat.config.bounds import bound, percent
from pushboat.config.schema import Section
from pushboat.config.urls import asked_address, host_of, may_be_asked
from pushboat.config.values import Duration, named_object
from pushboat.model.wording import listed, printable, quoted

MOST_VERIFICATIONS = 20
LONGEST_TEXT = 200
LONGEST_QUERY = 4000
LONGEST_ANSWER_SECONDS = 60.0
"""Seconds that one answer may take; what takes longer is asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpVerification:
    """A web address that must answer with `status`; 0 means any from 200 to 299. `lasts`: how long it is tried.

    `contains` must stand in the answer, where it is not empty.
    """

    url: str
    status: int = 0
    contains: str = ""
    timeout: float = 10.0
    lasts: float | None = None

    @property
    def wanted(self) -> str:
        """Name the answer that is good."""
        good = str(self.status) if self.status else "2xx"
        return f"{good} with {quoted(printable(self.contains, 40))} in it" if self.contains else good

    def __str__(self) -> str:
        """Say what is asked; what stands behind the question mark may be nobody's business."""
        return f"GET {printable(self.url.partition('?')[0], 80)} answers {self.wanted}"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobVerification:
    """A Job among the manifests that runs once everything is healthy, and must succeed; `name`, or `namespace/name`."""

    name: str

    def __str__(self) -> str:
        """Say what runs."""
        return f"job {self.name} succeeds"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricVerification:
    """A number that Prometheus gives for a query, and what it must be `lasts` seconds after everything is healthy.

    With `previous` the bounds are shares of the number from before the deployment: 1.1 is a tenth more.
    """

    query: str
    url: str
    below: float | None = None
    above: float | None = None
    previous: bool = False
    timeout: float = 10.0
    lasts: float | None = None

    @property
    def wanted(self) -> str:
        """Name the numbers that are good."""
        if self.previous:
            bounds = (("at least", self.above), ("at most", self.below))
            return f"{listed(f'{word} {100 * value:g}%' for word, value in bounds if value is not None)} of what it was"
        bounds = (("above", self.above), ("below", self.below))
        return listed(f"{word} {value:g}" for word, value in bounds if value is not None)

    def accepts(self, value: float, before: float = 0.0) -> bool:
        """Say whether a number is good; `before` is what it was, where that counts."""
        if self.previous:
            least, most = (
                None if share is None else before + (share - 1) * abs(before) for share in (self.above, self.below)
            )
            return (least is None or value >= least) and (most is None or value <= most)
        return (self.above is None or value > self.above) and (self.below is None or value < self.below)

    def __str__(self) -> str:
        """Say what is measured."""
        return f"{printable(self.query, 80)} is {self.wanted}"


Verification = HttpVerification | JobVerification | MetricVerification
Bound = Annotated[float | str, PlainValidator(bound)]

_SORTS: Mapping[str, type[Verification]] = {
    "http": HttpVerification,
    "job": JobVerification,
    "promql": MetricVerification,
}
_BESIDE = {
    "http": {"http", "status", "contains", "timeout", "lasts"},
    "job": {"job"},
    "promql": {"promql", "at", "below", "above", "against", "within", "timeout", "lasts"},
}


class VerificationSection(Section):
    """One of them as it is written."""

    http: Annotated[str, AfterValidator(asked_address)] = ""
    status: int = 0
    contains: str = Field(default="", max_length=LONGEST_TEXT)
    job: Annotated[str, AfterValidator(named_object)] = ""
    promql: str = Field(default="", max_length=LONGEST_QUERY)
    at: Annotated[str, AfterValidator(asked_address)] = ""
    below: Bound | None = None
    above: Bound | None = None
    against: Literal["previous"] | None = None
    within: Annotated[float, PlainValidator(percent)] | None = None
    timeout: Duration = 10.0
    lasts: Duration | None = Field(default=None, alias="for")

    @model_validator(mode="after")
    def fits(self) -> Self:
        """Refuse what does not belong together."""
        sorts = [sort for sort in _SORTS if getattr(self, sort)]
        if len(sorts) != 1:
            raise ValueError("needs one of http, job and promql in each entry")
        alien = self.model_fields_set - _BESIDE[sorts[0]]
        if alien:
            word = "for" if "lasts" in alien else min(alien)
            raise ValueError(f"has '{word}', which does not go with {sorts[0]}")
        if self.status and not 200 <= self.status <= 599:
            raise ValueError("has a 'status' that no server answers with: 200 to 599")
        if not 1 <= self.timeout <= LONGEST_ANSWER_SECONDS:
            raise ValueError(f"has a 'timeout' that is not from 1s to {LONGEST_ANSWER_SECONDS:.0f}s")
        if self.promql:
            self._refuse_bounds()
        return self

    def _refuse_bounds(self) -> None:
        if not self.at:
            raise ValueError("needs 'at' beside 'promql': the address of Prometheus")
        bounds = [each for each in (self.below, self.above) if each is not None]
        if not self.against:
            if not bounds or self.within is not None:
                raise ValueError("needs 'below' or 'above' beside 'promql', or 'against: previous' with 'within'")
            if any(isinstance(each, str) for each in bounds):
                raise ValueError("has a percentage, which needs 'against: previous'")
        elif bool(bounds) == (self.within is not None):
            raise ValueError("needs 'within: 10%' beside 'against', or percentages such as 'below: 110%'")
        elif not all(isinstance(each, str) for each in bounds):
            raise ValueError("needs percentages beside 'against: previous', such as 'below: 110%'")

    def verification(self) -> Verification:
        """Make it."""
        if self.job:
            return JobVerification(name=self.job)
        if self.http:
            return HttpVerification(
                url=self.http, status=self.status, contains=self.contains, timeout=self.timeout, lasts=self.lasts
            )
        below, above = _share(self.below), _share(self.above)
        if self.within is not None:
            below, above = 1 + self.within, max(0.0, 1 - self.within)
        return MetricVerification(
            query=self.promql,
            url=self.at,
            below=below,
            above=above,
            previous=bool(self.against),
            timeout=self.timeout,
            lasts=self.lasts,
        )


def _share(written: float | str | None) -> float | None:
    return percent(written) if isinstance(written, str) else written


def verifications(sections: Sequence[VerificationSection]) -> tuple[Verification, ...]:
    """Make all of them."""
    return tuple(section.verification() for section in sections)


def stored(verify: Iterable[Verification]) -> list[dict[str, Any]]:
    """Write them as plain data, to be kept with a release."""
    sorts = {kind: sort for sort, kind in _SORTS.items()}
    return [{"sort": sorts[type(each)], **asdict(each)} for each in verify]


def restored(written: Iterable[Mapping[str, Any]]) -> tuple[Verification, ...]:
    """Read them back."""
    items = [dict(each) for each in written]
    return tuple(_SORTS[each.pop("sort")](**each) for each in items)


def key_of(each: Verification) -> str:
    """Name one among those of its deployment, the same in every attempt."""
    return hashlib.sha256(json.dumps(stored([each]), sort_keys=True).encode()).hexdigest()[:20]


def unlisted(verify: Iterable[Verification], hosts: Sequence[str]) -> tuple[str, ...]:
    """Name the hosts that are to be asked and that none of the operator's entries allows, as such an entry has them."""
    urls = [each.url for each in verify if not isinstance(each, JobVerification)]
    return tuple(dict.fromkeys(host_of(url) for url in urls if not may_be_asked(url, hosts)))


def hosts_of(verify: Iterable[Verification]) -> tuple[str, ...]:
    """Name the hosts that are asked."""
    return unlisted(verify, ())
