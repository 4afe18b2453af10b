"""All images of a push are judged at once: each at its first place, a certain no before silence, and no word twice."""

from collections.abc import Sequence

import pytest

from pushboat.config.images import DENY, OFF, WARN, ImageRules, ImageSigner, Vulnerabilities
from pushboat.errors import Denied, NotConfigured, RegistryUnavailable
from pushboat.model.image import ImageRecord
from tests.written import deployment
from workers.deploying.images import refuse
from workers.images.judging import Judgement, judge, records
from workers.images.words import Looked, Remark, Trouble, Weight
from workers.manifests.reading import read_manifests
from workers.review.images import Image, images
from workers.review.references import reference

SHOP, CART = "ghcr.io/acme/shop:1", "ghcr.io/acme/cart:1"
SIGNED = ImageRules(look=True, signatures=DENY, signers=(ImageSigner(name="a", key="-"),), when_unreachable=DENY)
NOT_SIGNED = Remark(weight=Weight.DENIED, sentence="is not signed")
OLD = Remark(weight=Weight.WARNING, sentence="is old")


def pushed(*named: str) -> tuple[Image, ...]:
    """Deployments of these images."""
    text = "---\n".join(deployment(f"a{number}", image=each) for number, each in enumerate(named))
    return tuple(images(read_manifests(text, "deploy/web.yaml")))


def looked(named: str, *remarks: Remark, trouble: Trouble | None = None) -> Looked:
    why = "ghcr.io: nothing listens there" if trouble else ""
    return Looked(reference=reference(named), digest="sha256:a", remarks=remarks, trouble=trouble, why=why)


def judged(found: Sequence[Image], *seen: Looked, rules: ImageRules = SIGNED) -> Judgement:
    return judge(found, {each.reference: each for each in seen}, rules)


def test_an_image_in_many_places_is_told_at_its_first() -> None:
    found = judged(pushed(SHOP, CART, SHOP, SHOP), looked(SHOP, NOT_SIGNED, OLD), looked(CART))
    assert found.denied == (f"{found.denied[0].partition(' ')[0]} image {SHOP} is not signed (2 more of it)",)
    assert found.denied[0].startswith("deploy/web.yaml:")
    assert [each.partition(" image ")[2] for each in found.warned] == [f"{SHOP} is old (2 more of it)"]


@pytest.mark.parametrize(
    ("rules", "denied", "warned"),
    [
        (SIGNED, 1, 0),
        (ImageRules(look=True, signatures=WARN, mutable_tags=WARN), 0, 1),
        (ImageRules(look=True, signatures=DENY, mutable_tags=DENY), 1, 0),
        (ImageRules(look=True, signatures=DENY, mutable_tags=WARN), 1, 0),
        (ImageRules(look=True, vulnerabilities=Vulnerabilities(deny=OFF, warn="high", missing=WARN)), 0, 1),
        (ImageRules(look=True), 0, 0),
    ],
)
def test_what_is_no_name_is_as_bad_as_the_worst_rule_and_told_once(rules: ImageRules, denied: int, warned: int) -> None:
    """Who fills it in later decides what runs, behind everybody's back."""
    found = judged(pushed("$(IMAGE)"), rules=rules)
    assert (len(found.denied), len(found.warned)) == (denied, warned)
    assert all("so nobody can say what would run" in each for each in (*found.denied, *found.warned))


@pytest.mark.parametrize("trouble", Trouble)
def test_silence_counts_where_something_must_be_known_and_the_operator_says_so(trouble: Trouble) -> None:
    seen = looked(SHOP, trouble=trouble)
    kept = judged(pushed(SHOP), seen)
    assert (len(kept.silent), len(kept.unwelcome)) == ((1, 0) if trouble is Trouble.SILENT else (0, 1))
    assert kept.warned == ()
    exempt = ImageRules(look=True, signatures=DENY, exempt=("oci://ghcr.io/acme",), when_unreachable=DENY)
    only_tags = ImageRules(look=True, mutable_tags=OFF, when_unreachable=DENY)
    lenient = ImageRules(look=True, signatures=DENY, when_unreachable=WARN)
    for rules in (exempt, only_tags, lenient):
        spared = judged(pushed(SHOP), seen, rules=rules)
        assert (spared.silent, spared.unwelcome, len(spared.warned)) == ((), (), 1)


def test_who_must_act_follows_from_what_is_wrong_and_a_certain_no_comes_first() -> None:
    """The commit's author, the operator, or nobody but time."""
    with pytest.raises(RegistryUnavailable, match=r"^s$"):
        refuse(Judgement(silent=("s",)))
    with pytest.raises(NotConfigured, match=r"^u: log in there, or set `when_unreachable: warn`$"):
        refuse(Judgement(silent=("s",), unwelcome=("u",)))
    with pytest.raises(Denied) as denied:
        refuse(Judgement(denied=tuple(f"d{number}" for number in range(25)), silent=("s",), unwelcome=("u",)))
    assert denied.value.summary == "d0 (and 24 more)"
    assert denied.value.details.splitlines()[-1] == "- and 5 more"
    refuse(Judgement(warned=("w",)))


def test_what_was_found_out_is_kept_of_each_image_once() -> None:
    found = pushed(SHOP, SHOP, "$(IMAGE)", CART)
    seen = (looked(SHOP, OLD), looked(CART, trouble=Trouble.SILENT))
    kept = records(found, {each.reference: each for each in seen})
    assert kept == (
        ImageRecord(image=SHOP, digest="sha256:a", said=("is old",)),
        ImageRecord(image="$(IMAGE)", said=(found[2].why,)),
        ImageRecord(image=CART, digest="sha256:a", said=("ghcr.io: nothing listens there",)),
    )
