"""What is said of all images of a push at their places, which refuse it, and whose silence keeps it waiting. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pushboat.config.images import DENY, ImageRules
from pushboat.model.image import ImageRecord
from workers.images.looking import heaviest, wanted
from workers.images.words import Looked, Remark, Trouble, Weight
from workers.review.images import Image, mutable
from workers.review.references import Reference
from workers.review.words import Weight as Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Sentences with their places: what refuses the images, what is only said, and what could not be found out.

    `silent` is the registry's doing and passes with time, `unwelcome` is for our operator to mend.
    """

    denied: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    unwelcome: tuple[str, ...] = ()


def judge(found: Sequence[Image], looked: Mapping[Reference, Looked], rules: ImageRules) -> Judgement:
    """Hold what is written and what was found out against the rules; an image in many places is told at its first."""
    denied: list[str] = []
    warned: list[str] = []
    silent: list[str] = []
    unwelcome: list[str] = []
    for finding in mutable(_first(found), rules):
        (denied if finding.weight is Found.ERROR else warned).append(str(finding))
    places = Counter(each.text for each in found)
    for image in _first(found):
        for remark in _remarks(image, looked, rules):
            if remark.weight is not Weight.NOTE:
                (denied if remark.weight is Weight.DENIED else warned).append(_told(image, remark.sentence, places))
        seen = looked.get(image.reference) if image.reference else None
        if seen is not None and seen.trouble:
            sentence = _told(image, f"could not be looked at: {seen.why}", places)
            if rules.when_unreachable != DENY or not wanted(image.reference, rules):
                warned.append(sentence)
            else:
                (silent if seen.trouble is Trouble.SILENT else unwelcome).append(sentence)
    only = (each for each in dict.fromkeys(warned) if each not in denied)
    return Judgement(
        denied=tuple(dict.fromkeys(denied)), warned=tuple(only), silent=tuple(silent), unwelcome=tuple(unwelcome)
    )


def records(found: Sequence[Image], looked: Mapping[Reference, Looked]) -> tuple[ImageRecord, ...]:
    """Give what is to be kept of each image: what is written, its digest where it is known, and what was found out."""
    kept = []
    for image in _first(found):
        seen = looked.get(image.reference) if image.reference else None
        said = [image.why] if seen is None else [each.sentence for each in seen.remarks] + [seen.why] * bool(seen.why)
        kept.append(ImageRecord(image=image.shown, digest=seen.digest if seen else "", said=tuple(filter(None, said))))
    return tuple(kept)


def _remarks(image: Image, looked: Mapping[Reference, Looked], rules: ImageRules) -> Iterator[Remark]:
    if image.reference is None:
        yield Remark(weight=heaviest(wanted(None, rules)), sentence=f"{image.why}, so nobody can say what would run")
    elif seen := looked.get(image.reference):
        yield from seen.remarks


def _first(found: Sequence[Image]) -> list[Image]:
    first: dict[str, Image] = {}
    for each in found:
        first.setdefault(each.text, each)
    return list(first.values())


def _told(image: Image, sentence: str, places: Mapping[str, int]) -> str:
    more = f" ({places[image.text] - 1} more of it)" if places[image.text] > 1 else ""
    return f"{image.place}: image {image.shown} {sentence}{more}"
