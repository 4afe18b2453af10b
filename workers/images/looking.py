"""One image, held against an environment's rules: its digest, who signed it, and what a scanner says of it.

Only registries that the operator lists are asked. Tags are looked up anew each time; what was found well signed is not
asked about again by this process.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pushboat.config.images import DENY, OFF, ImageRules
from pushboat.config.sources import allowing
from pushboat.logs import EntrustingPool
from pushboat.model.wording import printable
from workers.images.evidence import Beside
from workers.images.remembering import Remembered
from workers.images.scanning import vulnerabilities
from workers.images.signatures import LONGEST_NAME, signed
from workers.images.words import Gate, Looked, Remark, Trouble, Weight, weight
from workers.registries.asking import Silent
from workers.registries.content import NotThere, Repository, Unwelcome, digest_of, opened
from workers.review.references import Reference

AT_ONCE = 4
"""Images of one deployment; what stands beside each may take its bytes in memory."""
_SIGNED, _REPORT = "signed", "report"
_REMEMBERED = Remembered()


def look_at(references: Iterable[Reference], gate: Gate) -> Mapping[Reference, Looked]:
    """Look at many images, some at once, each of them one time.

    Raises:
        NotConfigured: what judges certificates is not installed.
    """
    wanted = tuple(dict.fromkeys(references))
    if not wanted:
        return {}
    with EntrustingPool(min(AT_ONCE, len(wanted)), thread_name_prefix="images") as pool:
        return dict(zip(wanted, pool.map(lambda each: look(each, gate), wanted), strict=True))


def look(reference: Reference, gate: Gate) -> Looked:
    """Find out what the rules want to know of an image.

    Raises:
        NotConfigured: as `look_at`.
    """
    found = Looked(reference=reference, digest=reference.digest)
    source = allowing(reference.address, gate.registries)
    wants = wanted(reference, gate.rules)
    if source is None:
        sentence = f"lies in a registry that nobody is asked at: the operator adds `registries: [{reference.name}]`"
        return replace(found, remarks=(Remark(weight=heaviest(wants), sentence=sentence),))
    repository = opened(reference.host, reference.path, source)
    try:
        if not found.digest:
            found = replace(found, digest=digest_of(repository, reference.tag))
        return replace(found, remarks=tuple(_judged(repository, found.digest, gate, wants)))
    except NotThere:
        weighs = max(heaviest(wants), Weight.WARNING, key=list(Weight).index)
        return replace(found, remarks=(Remark(weight=weighs, sentence="is not in its registry: push it first"),))
    except Silent as silent:
        return replace(found, trouble=Trouble.SILENT, why=str(silent))
    except Unwelcome as unwelcome:
        return replace(found, trouble=Trouble.UNWELCOME, why=str(unwelcome))


def wanted(reference: Reference | None, rules: ImageRules) -> Mapping[str, Weight]:
    """Say what must be known of an image, and what becomes of it where it is not; None is one of no readable name."""
    if reference is not None and rules.exempts(reference.address):
        return {}
    found = {}
    if rules.signatures != OFF:
        found[_SIGNED] = weight(rules.signatures)
    if known := rules.vulnerabilities:
        found[_REPORT] = Weight.DENIED if known.deny != OFF or known.missing == DENY else Weight.WARNING
    return found


def heaviest(wants: Mapping[str, Weight]) -> Weight:
    """Give what becomes of an image of which nothing can be known."""
    return max(wants.values(), key=list(Weight).index, default=Weight.NOTE)


def _judged(repository: Repository, digest: str, gate: Gate, wants: Mapping[str, Weight]) -> Iterator[Remark]:
    beside = Beside(repository, digest)
    if _SIGNED in wants:
        yield _signature(beside, gate)
    if _REPORT in wants and gate.rules.vulnerabilities:
        yield from vulnerabilities(beside, gate, gate.rules.vulnerabilities)


def _signature(beside: Beside, gate: Gate) -> Remark:
    known = _REMEMBERED.signer(beside.name, gate)
    if known is None:
        verdict = signed(beside.claims, beside.digest, gate.rules.signers, gate.today)
        if verdict.signer is None:
            return Remark(weight=weight(gate.rules.signatures), sentence=verdict.why)
        known = verdict.signer
        _REMEMBERED.note(beside.name, known)
    return Remark(weight=Weight.NOTE, sentence=f"is signed by {printable(known.name, LONGEST_NAME)}")
