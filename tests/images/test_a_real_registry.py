"""The gate at a real registry, as it runs in front of production: what it gives, what it lacks, and when it is gone."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from cli.lab import registry as lab
from pushboat.config.images import DENY, WARN, ImageRules, ImageSigner, Vulnerabilities
from pushboat.config.sources import Source
from tests.fakes.registry import digest_of
from tests.images.conftest import NOW, signer
from tests.images.own_sigstore import BEGAN, ISSUER, LASTS, WORKFLOW, Sigstore
from tests.images.shelf import SIGN, attest, image, refer, sign, statement, trivy, with_key
from tests.written import deployment
from workers.images.judging import Judgement, judge, records
from workers.images.looking import look_at
from workers.images.words import Gate
from workers.manifests.reading import read_manifests
from workers.review.images import images

pytestmark = pytest.mark.proof
KEY, STRANGER = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
OURS = Sigstore()
RELEASE = signer(KEY)
CI = ImageSigner(name="ci", identity=WORKFLOW, issuer=ISSUER, root=OURS.root())
RULES = ImageRules(look=True, signatures=DENY, signers=(RELEASE, CI), when_unreachable=DENY)


class RealShelf:
    """A registry that is pushed to as the distribution specification has it."""

    def __init__(self, host: str) -> None:
        self.host = host

    def put_blob(self, path: str, content: bytes) -> str:
        """Push a content and name it."""
        begun = requests.post(f"http://{self.host}/v2/{path}/blobs/uploads/", timeout=60)
        begun.raise_for_status()
        where = begun.headers["Location"]
        mark = "&" if urlsplit(where).query else "?"
        headers = {"Content-Type": "application/octet-stream"}
        address = f"{where}{mark}digest={digest_of(content)}"
        requests.put(address, data=content, headers=headers, timeout=60).raise_for_status()
        return digest_of(content)

    def put_manifest(self, path: str, named: str, made: dict[str, Any]) -> str:
        """Push a manifest under a tag, where there is one."""
        content = json.dumps(made).encode()
        address = f"http://{self.host}/v2/{path}/manifests/{named or digest_of(content)}"
        requests.put(address, data=content, headers={"Content-Type": made["mediaType"]}, timeout=60).raise_for_status()
        return digest_of(content)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealShelf]:
    """A registry that runs."""
    with lab.running(tmp_path_factory.mktemp("registry")) as host:
        yield RealShelf(host)


def judged(host: str, named: str, rules: ImageRules = RULES, now: float = NOW) -> tuple[Judgement, str]:
    """Hold a Deployment that runs an image against the rules; give what is said and the digest that is recorded."""
    manifests = read_manifests(deployment(image=f"{host}/{named}"), "deploy/web.yaml")
    found = tuple(images(manifests))
    gate = Gate(rules=rules, registries=(Source(address=f"oci://{host}/team"),), now=now)
    looked = look_at((each.reference for each in found if each.reference), gate)
    (record,) = records(found, looked)
    return judge(found, looked, rules), record.digest


GOOD = {
    "a signature of a key": lambda shelf, path, digest: sign(shelf, path, digest, KEY),
    "a bundle of a key": lambda shelf, path, digest: refer(
        shelf, path, digest, with_key(statement(digest, SIGN), KEY), listed=True
    ),
    "a bundle of an identity": lambda shelf, path, digest: refer(
        shelf, path, digest, OURS.bundle(statement(digest, SIGN)), listed=True
    ),
}
BAD = {
    "missing": (lambda shelf, path, digest: None, "is not signed: sign it with `cosign sign`"),
    "a stranger's": (lambda shelf, path, digest: sign(shelf, path, digest, STRANGER), "but not by release and ci"),
    "of another image": (
        lambda shelf, path, digest: sign(shelf, path, digest, KEY, about=f"sha256:{'0' * 64}"),
        "is of another image",
    ),
    "expired": (
        lambda shelf, path, digest: refer(
            shelf, path, digest, OURS.bundle(statement(digest, SIGN), at=BEGAN + LASTS * 2), listed=True
        ),
        "a certificate that had ended when it was signed",
    ),
}


@pytest.mark.parametrize("platforms", [0, 2])
@pytest.mark.parametrize("put", GOOD.values(), ids=GOOD)
def test_a_signed_image_passes_and_its_digest_is_known(
    shelf: RealShelf, request: pytest.FixtureRequest, put: Any, platforms: int
) -> None:
    path = f"team/good-{crc32(request.node.name.encode())}"
    digest = image(shelf, path, "1", path, platforms)
    put(shelf, path, digest)
    assert judged(shelf.host, f"{path}:1") == (Judgement(), digest)


@pytest.mark.parametrize(("put", "why"), BAD.values(), ids=BAD)
def test_what_is_not_well_signed_is_refused_at_its_place(
    shelf: RealShelf, request: pytest.FixtureRequest, put: Any, why: str
) -> None:
    path = f"team/bad-{crc32(request.node.name.encode())}"
    put(shelf, path, image(shelf, path, "1", path))
    judgement, _ = judged(shelf.host, f"{path}:1")
    (sentence,) = judgement.denied
    assert sentence.startswith("deploy/web.yaml:")
    assert f"image {shelf.host}/{path}:1 " in sentence
    assert why in sentence
    warned, _ = judged(shelf.host, f"{path}:1", replace(RULES, signatures=WARN))
    assert (warned.denied, warned.warned) == ((), (sentence,))


def test_a_key_that_has_ended_signs_nothing_any_more(shelf: RealShelf) -> None:
    sign(shelf, "team/ended", image(shelf, "team/ended", "1", "ended"), KEY)
    yesterday = (datetime.fromtimestamp(NOW, UTC) - timedelta(days=1)).date()
    judgement, _ = judged(shelf.host, "team/ended:1", replace(RULES, signers=(replace(RELEASE, until=yesterday),)))
    assert "which counted until 2026-11-27" in judgement.denied[0]


def test_a_report_refuses_what_is_critical(shelf: RealShelf) -> None:
    digest = image(shelf, "team/scanned", "1", "scanned")
    attest(shelf, "team/scanned", digest, KEY, trivy("CRITICAL", "LOW"))
    rules = replace(RULES, signatures="off", vulnerabilities=Vulnerabilities())
    assert "has 1 critical known vulnerability" in judged(shelf.host, "team/scanned:1", rules)[0].denied[0]


def test_a_tag_that_is_not_there_and_a_registry_that_nobody_lists(shelf: RealShelf) -> None:
    assert "is not in its registry: push it first" in judged(shelf.host, "team/nowhere:1")[0].denied[0]
    image(shelf, "others/shop", "1", "others")
    assert "a registry that nobody is asked at" in judged(shelf.host, "others/shop:1")[0].denied[0]


def test_a_registry_that_is_down_refuses_or_warns_as_the_operator_wants(tmp_path: Path) -> None:
    """It ran a moment ago; now nobody can say whether this is signed, and a certain no of another image comes first."""
    with ExitStack() as until:
        shelf = RealShelf(until.enter_context(lab.running(tmp_path / "registry")))
        digest = image(shelf, "team/shop", "1", "down")
        sign(shelf, "team/shop", digest, KEY)
    judgement, known = judged(shelf.host, "team/shop:1")
    assert (judgement.denied, judgement.warned, known) == ((), (), "")
    assert "could not be looked at: " in judgement.silent[0]
    assert "nothing listens there" in judgement.silent[0]
    lenient, _ = judged(shelf.host, "team/shop:1", replace(RULES, when_unreachable=WARN))
    assert (lenient.silent, len(lenient.warned)) == ((), 1)
