"""`images`: what an image must be to run in an environment; the operator alone says so.

Keys and roots are public and stand in files. What is looked at here is how they are written; the libraries that use
them are loaded by the worker only.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, model_validator

from pushboat.config.durations import some
from pushboat.config.public_files import KeyFile, RootFile
from pushboat.config.registries import image_address
from pushboat.config.schema import Section
from pushboat.config.values import day, word_of_off

OFF: Final = "off"
WARN: Final = "warn"
DENY: Final = "deny"
ATTESTATION: Final = "attestation"
HARBOR: Final = "harbor"
SEVERITIES = ("critical", "high", "medium", "low")
"""The worst first; what a scanner calls otherwise is none of them."""
MOST_SIGNERS = 50
MOST_EXEMPT = 200
LONGEST_NAME = 80
LONGEST_AGE = 366 * 86400.0
USUAL_AGE = 7 * 86400.0
"""Seconds that a report counts."""
_Verdict = Annotated[Literal["off", "warn", "deny"], BeforeValidator(word_of_off)]
_Severity = Annotated[Literal["off", "critical", "high", "medium", "low"], BeforeValidator(word_of_off)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSigner:
    """Whose signature makes an image good: a public key (PEM), or an `identity` that an `issuer` vouches for.

    `root` is the trusted root of sigstore that certificates of such identities must lead to, as JSON. Until the end of
    the day `until`, where there is one.
    """

    name: str
    key: str = field(default="", repr=False)
    identity: str = ""
    issuer: str = ""
    root: str = field(default="", repr=False)
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vulnerabilities:
    """From which severity on a known vulnerability refuses an image, or is said; `off` for never.

    `report` says who knows: an attestation beside the image, or Harbor. One older than `max_age` (seconds) counts as
    `missing`, which is off, warn or deny.
    """

    deny: str = "critical"
    warn: str = OFF
    report: str = ATTESTATION
    max_age: float = USUAL_AGE
    missing: str = DENY


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRules:
    """What images must be: whether mutable tags and missing signatures are off, warn or deny, and whose counts.

    `exempt` are addresses whose images need neither signature nor report. `look` says that tags are looked up at all;
    `when_unreachable` is warn or deny.
    """

    look: bool = False
    mutable_tags: str = OFF
    signatures: str = OFF
    signers: tuple[ImageSigner, ...] = ()
    vulnerabilities: Vulnerabilities | None = None
    exempt: tuple[str, ...] = ()
    when_unreachable: str = WARN

    def exempts(self, address: str) -> bool:
        """Say whether an image at a canonical address needs neither signature nor report."""
        return any(address == each or address.startswith(f"{each}/") for each in self.exempt)


NO_RULES = ImageRules()


class ImageSignerSection(Section):
    """One of them as it is written."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    key: KeyFile | None = None
    identity: str = ""
    issuer: str = ""
    root: RootFile | None = None
    until: Annotated[date | None, PlainValidator(day)] = Field(
        default=None, description="the last day on which it counts, such as 2027-01-31"
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        keyless = (self.identity, self.issuer, self.root)
        if (self.key is not None) == any(keyless) or (any(keyless) and not all(keyless)):
            raise ValueError(
                "need one of the two in each entry: 'key', or 'identity', 'issuer' and 'root' (trusted_root.json)"
            )
        return self

    def signer(self) -> ImageSigner:
        """Make the signer."""
        key, root = self.key.text if self.key else "", self.root.text if self.root else ""
        return ImageSigner(
            name=self.name, key=key, identity=self.identity, issuer=self.issuer, root=root, until=self.until
        )


class VulnerabilitiesSection(Section):
    """Which reports count, as it is written."""

    deny: _Severity = "critical"
    warn: _Severity = OFF
    report: Literal["attestation", "harbor"] = ATTESTATION
    max_age: Annotated[float, PlainValidator(lambda written: some(written, LONGEST_AGE, "24h or 7d"))] = USUAL_AGE
    missing: _Verdict = DENY

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.deny == self.warn == OFF:
            raise ValueError("need a severity for 'deny' or 'warn', such as critical")
        return self

    def vulnerabilities(self) -> Vulnerabilities:
        """Make the rule."""
        return Vulnerabilities(
            deny=self.deny, warn=self.warn, report=self.report, max_age=self.max_age, missing=self.missing
        )


class ImagesSection(Section):
    """The section as it is written."""

    mutable_tags: _Verdict = OFF
    signatures: _Verdict = OFF
    signers: list[ImageSignerSection] = Field(default_factory=list, max_length=MOST_SIGNERS)
    vulnerabilities: VulnerabilitiesSection | None = None
    exempt: list[Annotated[str, AfterValidator(image_address)]] = Field(default_factory=list, max_length=MOST_EXEMPT)
    when_unreachable: Literal["warn", "deny"] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        names = [each.name for each in self.signers]
        if len(set(names)) < len(names):
            raise ValueError("have two signers of one name")
        if self.signatures != OFF and not self.signers:
            raise ValueError("want 'signatures' and list no 'signers', so none could be good: say whose count")
        if self.vulnerabilities and self.vulnerabilities.report == ATTESTATION and not self.signers:
            raise ValueError(
                "want attestations and list no 'signers', so none could be good: say whose count, or report: harbor"
            )
        return self

    def rules(self) -> ImageRules:
        """Make the rules."""
        known = self.vulnerabilities.vulnerabilities() if self.vulnerabilities else None
        denies = self.signatures == DENY or (known is not None and (known.deny != OFF or known.missing == DENY))
        return ImageRules(
            look=True,
            mutable_tags=self.mutable_tags,
            signatures=self.signatures,
            signers=tuple(each.signer() for each in self.signers),
            vulnerabilities=known,
            exempt=tuple(self.exempt),
            when_unreachable=self.when_unreachable or (DENY if denies else WARN),
        )
