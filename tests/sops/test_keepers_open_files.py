"""A file whose key Vault or AWS KMS keeps is opened by asking there, and whom we ask is the operator's word alone."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pushboat.config import operator
from pushboat.config.keepers import AwsKey, Kept, VaultKey
from pushboat.errors import DecryptionFailed, KeeperUnavailable, NotConfigured, PushboatError
from pushboat.sealing import Key
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP
from tests.fakes.door import Trouble
from tests.fakes.keepers import ACCESS_KEY, ARN, SECRET_KEY, TOKEN, FakeKms, FakeVault
from tests.sops.vectors import Copies, data_key, encrypted, keys, made_for
from workers.deploying.keyed import opening_of
from workers.sops import reading
from workers.sops.keepers.asking import LARGEST_ANSWER
from workers.sops.keepers.choosing import Keepers
from workers.sops.keys import Keys
from workers.sops.proving import decrypted

PASSWORD = "stage-0nly-Pa55word!"


@pytest.fixture
def vault() -> Iterator[FakeVault]:
    with ExitStack() as ending:
        fake = FakeVault("team-a")
        ending.callback(fake.close)
        yield fake


@pytest.fixture
def kms() -> Iterator[FakeKms]:
    with ExitStack() as ending:
        fake = FakeKms()
        ending.callback(fake.close)
        yield fake


def opened(copies: Copies, *kept: Kept, name: str = "secret.yaml", age: Keys | None = None) -> str:
    """Open a file, and give all of its values."""
    found = reading.read(made_for(copies, name), name)
    assert found
    ours = Keys("staging", age.age if age else (), (), kept)
    return " ".join(each.value.text for each in decrypted(found, ours))


def refusal(copies: Copies, *kept: Kept, kind: type[PushboatError]) -> str:
    with pytest.raises(kind) as wrong:
        opened(copies, *kept)
    said = f"{wrong.value.summary} {wrong.value.details} {wrong.value.__cause__} {wrong.value.__context__}"
    assert not [word for word in (TOKEN, ACCESS_KEY, SECRET_KEY, PASSWORD) if word in said]
    return wrong.value.summary


def of_vault(vault: FakeVault, **other: Any) -> VaultKey:
    return VaultKey(**{"key": vault.key, "token": TOKEN, "namespace": vault.namespace, **other})


def of_kms(kms: FakeKms, **other: Any) -> AwsKey:
    login = {"access_key_id": ACCESS_KEY, "secret_access_key": SECRET_KEY}
    return AwsKey(**{"key": ARN, "endpoint": kms.url, **login, **other})


@pytest.mark.proves("encrypted-files")
def test_vault_opens_what_its_key_has_encrypted(vault: FakeVault) -> None:
    """I give staging a token of its own, and the key never leaves Vault; in every form of a file."""
    assert PASSWORD in opened({"hc_vault": [vault.copy(data_key())]}, of_vault(vault))
    copies = {"hc_vault": [vault.copy(data_key("app.env"))]}
    assert "env-Pa55word=with=signs" in opened(copies, of_vault(vault), name="app.env")


@pytest.mark.proves("encrypted-files")
def test_kms_opens_what_its_key_has_encrypted_in_its_context(kms: FakeKms) -> None:
    """Requests are signed as AWS wants it, and the context of the file is the one that counts."""
    copy = kms.copy(data_key(), app="shop", stage="staging")
    assert PASSWORD in opened({"kms": [copy]}, of_kms(kms))
    assert PASSWORD in opened({"kms": [kms.copy(data_key())]}, of_kms(kms))
    changed = {**copy, "context": {"app": "shop", "stage": "production"}}
    assert "secret.yaml:" in (said := refusal({"kms": [changed]}, of_kms(kms), kind=DecryptionFailed))
    assert "AWS KMS does not open its data key (InvalidCiphertextException): encrypt the file anew" in said


def test_a_role_or_a_context_that_is_none_is_refused_and_nobody_is_asked(kms: FakeKms) -> None:
    copy = kms.copy(data_key())
    for bent, why in (
        ({"role": "arn:aws:iam::1:role/x"}, "it names a role, which is not taken on here: encrypt it without one"),
        ({"context": ["a"]}, "its encryption context is none"),
        ({"context": {"a": ["b"]}}, "its encryption context is none"),
        ({"context": {"a": "b" * 9000}}, "its encryption context is too long"),
    ):
        assert why in refusal({"kms": [{**copy, **bent}]}, of_kms(kms), kind=DecryptionFailed)
    assert not kms.requests


def test_the_machines_own_identity_counts_where_the_operator_says_so(
    kms: FakeKms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No login stands in my file; where the machine has none, I am the one to act."""
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    machine = AwsKey(key=ARN, endpoint=kms.url)
    copies = {"kms": [kms.copy(data_key())]}
    said = refusal(copies, machine, kind=NotConfigured)
    assert "AWS KMS does not open staging's key (this machine has no identity at AWS): its operator must" in said
    (tmp_path / "credentials").write_text(
        f"[default]\naws_access_key_id = {ACCESS_KEY}\naws_secret_access_key = {SECRET_KEY}\n"
    )
    assert PASSWORD in opened(copies, machine)


def test_whom_a_file_names_is_not_asked_unless_the_operator_lists_it(vault: FakeVault, kms: FakeKms) -> None:
    """Whoever pushes names the host, the engine, the region: none of them gets a connection, or our token."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.setblocking(False)
        elsewhere = f"http://127.0.0.1:{trap.getsockname()[1]}"
        copy = vault.copy(data_key())
        for bent in (
            {"vault_address": elsewhere},
            {"vault_address": f"{vault.url}@127.0.0.1:{trap.getsockname()[1]}"},
            {"engine_path": "other"},
            {"key_name": "production"},
            {"key_name": "staging/../production"},
            {"vault_address": [vault.url]},
        ):
            said = refusal({"hc_vault": [{**copy, **bent}]}, of_vault(vault), kind=DecryptionFailed)
            assert "this is encrypted for Vault " in said
        for arn in (ARN.replace("eu-central-1", "us-east-1"), f"{ARN}x", "", 7):
            said = refusal({"kms": [{**kms.copy(data_key()), "arn": arn}]}, of_kms(kms), kind=DecryptionFailed)
            assert "this is encrypted for AWS KMS" in said
        with pytest.raises(BlockingIOError):
            trap.accept()
    assert not vault.requests
    assert not kms.requests


def test_of_several_recipients_the_first_that_we_have_a_way_for_is_asked(vault: FakeVault, kms: FakeKms) -> None:
    """A key that is here asks nobody; a keeper that is away, or says no, leaves it to the next one."""
    copies = {"kms": [kms.copy(data_key())], "hc_vault": [vault.copy(data_key())]}
    assert PASSWORD in opened(copies, of_vault(vault))
    assert PASSWORD in opened(copies, of_vault(vault), of_kms(kms))
    assert (len(kms.asked), len(vault.asked)) == (1, 1)
    kms.says = "AccessDeniedException"
    assert PASSWORD in opened(copies, of_vault(vault), of_kms(kms))
    kms.down = True
    assert PASSWORD in opened(copies, of_vault(vault), of_kms(kms))
    vault.troubles.append(Trouble(path="decrypt", status=403))
    said = refusal(copies, of_vault(vault), of_kms(kms), kind=KeeperUnavailable)
    assert said == "AWS KMS opens no key of staging at the moment: it answers 503"
    asked = len(vault.requests)
    found = reading.read(encrypted("secret.yaml"), "secret.yaml")
    assert found
    assert Keys("staging", keys("staging").age, (), (of_vault(vault),)).data_key(found) == data_key()
    assert len(vault.requests) == asked


def test_a_key_is_asked_once_whatever_a_file_says(vault: FakeVault) -> None:
    """A file of a hundred recipients is not a hundred questions."""
    key = data_key()
    copies = {"hc_vault": [{**vault.copy(data_key()), "enc": "vault:v1:AAAA"}, *(vault.copy(key) for _ in range(50))]}
    assert "Vault does not open its data key" in refusal(copies, of_vault(vault), kind=DecryptionFailed)
    assert len(vault.asked) == 1


def test_files_of_a_deployment_ask_for_the_same_once_and_not_for_ever(vault: FakeVault) -> None:
    """Copies of a file cost one question; the file that wants one more than there are for a deployment is named."""
    ours = Keepers("staging", (of_vault(vault),), most=2)
    copies = [{"hc_vault": [vault.copy(data_key())]} for _ in range(3)]
    first, second, third = (reading.read(made_for(each), f"{number}.yaml") for number, each in enumerate(copies))
    assert first
    assert second
    assert third
    for file in (first, first, second, first):
        assert ours.opened(file) == data_key()
    assert len(vault.asked) == 2
    with pytest.raises(
        DecryptionFailed, match=r"^2\.yaml:\d+: the encrypted files of staging take more than 2 questions"
    ):
        ours.opened(third)
    assert len(vault.asked) == 2
    assert Keepers("staging", ()).most == 1_000


def test_a_keeper_that_is_away_is_not_waited_for_by_each_file(vault: FakeVault, kms: FakeKms) -> None:
    """Ten seconds for each of a hundred files would be a quarter of an hour, though the other keeper opens them all."""
    kms.down = True
    ours = Keys("staging", (), (), (of_vault(vault), of_kms(kms)))
    for number in range(3):
        copies = {"kms": [kms.copy(data_key())], "hc_vault": [vault.copy(data_key())]}
        found = reading.read(made_for(copies), f"{number}.yaml")
        assert found
        assert ours.data_key(found) == data_key()
    assert (len(kms.requests), len(vault.asked)) == (1, 3)


def test_a_file_for_many_keys_of_ours_asks_nobody(vault: FakeVault) -> None:
    kept = [of_vault(vault, key=f"{vault.url}/v1/team/transit/keys/k{number}") for number in range(11)]
    copies = {"hc_vault": [{**vault.copy(data_key()), "key_name": f"k{number}"} for number in range(11)]}
    said = refusal(copies, *kept, kind=DecryptionFailed)
    assert said.endswith("this is encrypted for 11 keys of keepers, and at most 10 are asked for a file: remove some")
    assert not vault.requests


def test_a_denial_is_the_operators_and_says_the_keepers_own_short_reason(vault: FakeVault, kms: FakeKms) -> None:
    copies: Copies = {"hc_vault": [vault.copy(data_key())]}
    end = "its operator must correct it under `decryption`"
    for other in ({"token": "hvs.another"}, {"namespace": ""}):
        said = refusal(copies, of_vault(vault, **other), kind=NotConfigured)
        assert said == f"Vault does not open staging's key (its token has expired or was revoked): {end}"
    vault.denied = True
    said = refusal(copies, of_vault(vault), kind=NotConfigured)
    assert said == f"Vault does not open staging's key (permission denied): {end}"
    vault.denied = False
    vault.troubles.append(Trouble(path="decrypt", status=400, body={"errors": ["encryption key not found"]}))
    assert "(encryption key not found): its operator" in refusal(copies, of_vault(vault), kind=NotConfigured)
    vault.troubles.append(Trouble(path="decrypt", status=403, body={"errors": [f"token {TOKEN} is not good"]}))
    assert "does not open staging's key (403)" in refusal(copies, of_vault(vault), kind=NotConfigured)
    copies = {"kms": [kms.copy(data_key())]}
    said = refusal(copies, of_kms(kms, secret_access_key="another"), kind=NotConfigured)
    assert said == f"AWS KMS does not open staging's key (InvalidSignatureException): {end}"
    for kind in ("AccessDeniedException", "DisabledException", "UnrecognizedClientException"):
        kms.says = kind
        assert f"({kind}): its operator" in refusal(copies, of_kms(kms), kind=NotConfigured)


def test_a_redirect_is_not_followed_and_no_token_goes_there(vault: FakeVault) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.setblocking(False)
        away = {"Location": f"http://127.0.0.1:{trap.getsockname()[1]}/"}
        vault.troubles.append(Trouble(status=307, headers=away))
        said = refusal({"hc_vault": [vault.copy(data_key())]}, of_vault(vault), kind=NotConfigured)
        assert "it sends us elsewhere, where we do not go" in said
        with pytest.raises(BlockingIOError):
            trap.accept()


TROUBLES = {
    "sealed": (Trouble(status=503, body={"errors": ["Vault is sealed"]}), "it answers 503"),
    "busy": (Trouble(status=429), "it answers 429"),
    "behind": (Trouble(status=412), "it answers 412"),
    "hung up": (Trouble(status=0), "the connection broke off"),
    "a page": (Trouble(status=200, body="<html>welcome"), "what comes back is no answer of Vault's"),
    "no text": (Trouble(status=200, body={"data": {"plaintext": 7}}), "what comes back is no answer of Vault's"),
    "a flood": (Trouble(status=200, body="x" * (LARGEST_ANSWER + 1)), "an answer of more than 64 KiB"),
}


@pytest.mark.parametrize(("trouble", "why"), TROUBLES.values(), ids=TROUBLES)
def test_an_outage_is_the_worlds_and_is_tried_again(trouble: Trouble, why: str, vault: FakeVault) -> None:
    copies: Copies = {"hc_vault": [vault.copy(data_key())]}
    vault.troubles.append(replace(trouble, path="decrypt"))
    said = refusal(copies, of_vault(vault), kind=KeeperUnavailable)
    assert said == f"Vault opens no key of staging at the moment: {why}"
    assert PASSWORD in opened(copies, of_vault(vault))


def test_kms_that_is_busy_says_so_with_400(kms: FakeKms) -> None:
    kms.says = "ThrottlingException"
    said = refusal({"kms": [kms.copy(data_key())]}, of_kms(kms), kind=KeeperUnavailable)
    assert "AWS KMS opens no key of staging at the moment: ThrottlingException" in said


@pytest.mark.proof
def test_one_that_never_ends_is_left(vault: FakeVault) -> None:
    vault.trickle("/v1/")
    said = refusal({"hc_vault": [vault.copy(data_key())]}, of_vault(vault), kind=KeeperUnavailable)
    assert said.endswith("no answer in time")


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_what_is_no_data_key_is_used_for_nothing(length: int, vault: FakeVault) -> None:
    """Somebody pushes what our key has encrypted for another purpose."""
    said = refusal({"hc_vault": [vault.copy(bytes(length))]}, of_vault(vault), kind=DecryptionFailed)
    assert said.endswith("its data key is none of SOPS: encrypt the file anew")


def test_from_the_operators_file_to_the_value(vault: FakeVault, kms: FakeKms, tmp_path: Path) -> None:
    """What stands in pushboat.yaml is all that it takes; nothing of a login is shown."""
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    decryption = {
        "hc_vault": [{"key": vault.key, "token": {"file": "token"}, "namespace": "team-a"}],
        "kms": [{"key": ARN, "access_key_id": {"env": "ID"}, "secret_access_key": {"env": "KEY"}, "endpoint": kms.url}],
    }
    flow = yaml.dump(decryption, default_flow_style=True, width=999).strip()
    written = f"      qa: {{cluster: dev, namespaces: [a], decryption: {flow}}}\n"
    environ = {**ENVIRON, "ID": ACCESS_KEY, "KEY": SECRET_KEY}
    found = operator.parse(FORGES + CLUSTERS + SHOP + written, tmp_path / "pushboat.yaml", environ)
    qa = found.limits("github/acme/shop", "qa")
    assert qa
    ours = opening_of(found, Key("k" * 32), "github/acme/shop", "qa")
    assert ours.opened
    for copies in ({"hc_vault": [vault.copy(data_key())]}, {"kms": [kms.copy(data_key())]}):
        file = reading.read(made_for(copies), "secret.yaml")
        assert file
        assert any(each.value.text == PASSWORD for each in ours.opened(file))
    assert not [word for word in (TOKEN, ACCESS_KEY, SECRET_KEY) if word in repr((found, Keys.of("qa", qa.decryption)))]
