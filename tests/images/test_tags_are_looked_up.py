"""A tag is looked up at its registry and nowhere else: what it stands for now, or why nobody could say."""

from dataclasses import replace

import pytest

from pushboat.config.images import DENY, WARN, ImageRules, ImageSigner
from pushboat.config.sources import Source
from tests.fakes.door import Trouble
from tests.fakes.registry import FakeRegistry
from tests.images.conftest import NOW, Looks
from tests.images.shelf import image
from workers.images.looking import look, look_at
from workers.images.words import Gate, Weight
from workers.images.words import Trouble as Kept
from workers.registries.asking import Silent
from workers.registries.content import digest_of, opened
from workers.review.references import reference

ONLY_DIGESTS = ImageRules(look=True)
SIGNED = ImageRules(look=True, signatures=DENY, signers=(ImageSigner(name="release", key="-"),))


@pytest.mark.parametrize("platforms", [0, 2])
@pytest.mark.parametrize("says", [True, False])
def test_a_tag_is_known_by_its_digest(registry: FakeRegistry, looks: Looks, platforms: int, *, says: bool) -> None:
    """Of an image for several platforms it is the index's; where a registry says no digest it is worked out here."""
    digest = image(registry, "team/shop", "1.2", "a", platforms)
    registry.says_digests = says
    assert looks("team/shop:1.2", ONLY_DIGESTS).digest == digest


def test_a_tag_that_moved_is_looked_up_anew_and_a_digest_is_not_asked_for(registry: FakeRegistry, looks: Looks) -> None:
    first = image(registry, "team/shop", "1.2", "a")
    assert looks("team/shop:1.2", ONLY_DIGESTS).digest == first
    second = image(registry, "team/shop", "1.2", "b")
    assert looks("team/shop:1.2", ONLY_DIGESTS).digest == second
    asked = len(registry.requests)
    assert looks(f"team/shop:1.2@{first}", ONLY_DIGESTS).digest == first
    assert len(registry.requests) == asked


def test_a_closed_registry_is_asked_with_the_operators_login_and_says_when_it_is_wrong() -> None:
    closed = FakeRegistry(login=("robot", "s3cret-of-the-robot"))
    try:
        digest = image(closed, "team/shop", "1")
        named, address = reference(f"{closed.host}/team/shop:1"), f"oci://{closed.host}/team"
        for password, known in (("s3cret-of-the-robot", digest), ("wr0ng", ""), ("", "")):
            source = Source(address=address, username="robot", password=password)
            found = look(named, Gate(rules=ONLY_DIGESTS, registries=(source,), now=NOW))
            assert found.digest == known
            if not known:
                assert found.trouble is Kept.UNWELCOME
                assert "wants another login: correct the one beside its entry in `registries`" in found.why
                assert "wr0ng" not in found.why
    finally:
        closed.close()


@pytest.mark.parametrize("entry", ["oci://127.0.0.1:1/team", "{here}/tea", "{here}/teammates", "{here}0/team"])
def test_a_registry_that_nobody_lists_is_not_asked(registry: FakeRegistry, looks: Looks, entry: str) -> None:
    """A pushed manifest decides no address that Pushboat speaks to; the sentence has the line to add."""
    image(registry, "team/shop", "1")
    listed = Source(address=entry.format(here=f"oci://{registry.host}"))
    for rules, weight in ((ONLY_DIGESTS, Weight.NOTE), (SIGNED, Weight.DENIED)):
        (remark,) = looks("team/shop:1", rules, listed).remarks
        assert remark.weight is weight
        assert f"the operator adds `registries: [{registry.host}/team/shop]`" in remark.sentence
    assert not registry.requests


def test_what_is_not_there_is_said(looks: Looks) -> None:
    """Nodes could not pull it either; it refuses where the operator refuses what is not signed."""
    for rules, weight in ((ONLY_DIGESTS, Weight.WARNING), (SIGNED, Weight.DENIED)):
        (remark,) = looks("team/shop:gone", rules).remarks
        assert (remark.weight, remark.sentence) == (weight, "is not in its registry: push it first")


TROUBLES = {
    "down": (Trouble(status=503, times=9), Kept.SILENT, "answers 503"),
    "hangs up": (Trouble(status=0, times=9), Kept.SILENT, "the connection broke off"),
    "astray": (
        Trouble(status=307, times=9, headers={"Location": "http://169.254.169.254/latest"}),
        Kept.UNWELCOME,
        "which is not https",
    ),
    "to the inside": (
        Trouble(status=307, times=9, headers={"Location": "https://169.254.169.254/latest"}),
        Kept.UNWELCOME,
        "leads to an address that nobody is asked at",
    ),
    "too large": (
        Trouble(status=200, times=9, body=" " * (5 << 20), headers={"Docker-Content-Digest": "-"}),
        Kept.SILENT,
        "is larger than 4 MiB",
    ),
    "no digest": (Trouble(status=200, times=1, headers={"Docker-Content-Digest": "sha256:1"}), None, ""),
}


@pytest.mark.parametrize(("trouble", "kept", "why"), TROUBLES.values(), ids=TROUBLES)
def test_a_registry_in_trouble_is_named_with_what_is_wrong(
    registry: FakeRegistry, looks: Looks, trouble: Trouble, kept: Kept | None, why: str
) -> None:
    digest = image(registry, "team/shop", "1")
    registry.troubles.append(trouble)
    found = looks("team/shop:1", ONLY_DIGESTS)
    assert found.trouble is kept
    assert why in found.why
    assert found.digest == ("" if kept else digest)


def test_a_registry_has_its_time_for_an_image_and_no_more(registry: FakeRegistry) -> None:
    """Each answer in time, and a thousand of them, would hold a worker for hours."""
    image(registry, "team/shop", "1")
    source = Source(address=f"oci://{registry.host}")
    late = replace(opened(registry.host, "team/shop", source), deadline=0.0)
    with pytest.raises(Silent, match="takes longer than 60 s for one image"):
        digest_of(late, "1")
    assert not registry.requests


def test_many_names_of_one_image_are_one_question(registry: FakeRegistry) -> None:
    digest = image(registry, "team/shop", "1")
    gate = Gate(
        rules=ImageRules(look=True, mutable_tags=WARN), registries=(Source(address=f"oci://{registry.host}"),), now=NOW
    )
    found = look_at([reference(f"{registry.host}/team/shop:1")] * 5, gate)
    assert [each.digest for each in found.values()] == [digest]
    assert len(registry.requests) == 1
