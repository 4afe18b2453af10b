"""A file whose key Google or Microsoft keeps is opened by asking there, with the login that the operator lists."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from cli.doctor.decryption import check_decryption
from pushboat.config import operator
from pushboat.config.keepers import AzureKey, GoogleAccount, GoogleKey, Kept
from pushboat.config.operator import Operator
from pushboat.errors import DecryptionFailed, KeeperUnavailable, NotConfigured, PushboatError
from pushboat.sealing import Key
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP
from tests.fakes.clouds import CLIENT, CLIENT_SECRET, EMAIL, GOOGLE_KEY, TENANT, FakeAzure, FakeGoogle
from tests.fakes.door import Trouble
from tests.sops.vectors import Copies, data_key, made_for
from workers.checks.words import Result
from workers.deploying.keyed import opening_of
from workers.sops import reading
from workers.sops.keys import Keys
from workers.sops.proving import decrypted

PASSWORD = "stage-0nly-Pa55word!"


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    with ExitStack() as ending:
        fake = FakeGoogle()
        ending.callback(fake.close)
        yield fake


@pytest.fixture
def azure() -> Iterator[FakeAzure]:
    with ExitStack() as ending:
        fake = FakeAzure()
        ending.callback(fake.close)
        yield fake


def installed(folder: Path, google: FakeGoogle, azure: FakeAzure, secret: str = CLIENT_SECRET) -> Operator:
    """Write an operator's file that lists both keys, and read it."""
    (folder / "account.json").write_text(google.account)
    decryption = {
        "gcp_kms": [{"key": GOOGLE_KEY, "account": {"file": "account.json"}, "endpoint": google.url}],
        "azure_kv": [
            {
                "key": azure.key,
                "tenant": TENANT,
                "client": CLIENT,
                "client_secret": {"env": "SECRET"},
                "endpoint": azure.url,
            }
        ],
    }
    flow = yaml.dump(decryption, default_flow_style=True, width=999).strip()
    text = FORGES + CLUSTERS + SHOP + f"      qa: {{cluster: dev, namespaces: [a], decryption: {flow}}}\n"
    return operator.parse(text, folder / "pushboat.yaml", {**ENVIRON, "SECRET": secret})


@pytest.fixture
def kept(google: FakeGoogle, azure: FakeAzure, tmp_path: Path) -> tuple[GoogleKey, AzureKey]:
    found = installed(tmp_path, google, azure).projects["github/acme/shop"].environments["qa"].decryption.kept
    first, second = found
    assert isinstance(first, GoogleKey)
    assert isinstance(second, AzureKey)
    return first, second


def opened(copies: Copies, *kept: Kept, name: str = "secret.yaml") -> str:
    found = reading.read(made_for(copies, name), name)
    assert found
    return " ".join(each.value.text for each in decrypted(found, Keys("staging", kept=kept)))


def refusal(copies: Copies, *kept: Kept, kind: type[PushboatError] = NotConfigured) -> str:
    with pytest.raises(kind) as wrong:
        opened(copies, *kept)
    said = f"{wrong.value.summary} {wrong.value.details} {wrong.value.__cause__} {wrong.value.__context__}"
    assert not [word for word in (CLIENT_SECRET, EMAIL, "PRIVATE KEY", PASSWORD) if word in said]
    return wrong.value.summary


@pytest.mark.proves("encrypted-files")
def test_google_and_azure_open_what_their_keys_have_encrypted(
    google: FakeGoogle, azure: FakeAzure, kept: tuple[GoogleKey, AzureKey]
) -> None:
    """A service account signs its own token, an application logs in once; in every form of a file."""
    for copies in ({"gcp_kms": [google.copy(data_key())]}, {"azure_kv": [azure.copy(data_key())]}):
        assert PASSWORD in opened(copies, *kept)
    for copies in ({"gcp_kms": [google.copy(data_key("app.env"))]}, {"azure_kv": [azure.copy(data_key("app.env"))]}):
        assert "env-Pa55word=with=signs" in opened(copies, *kept, name="app.env")


def test_from_the_operators_file_to_the_value(google: FakeGoogle, azure: FakeAzure, tmp_path: Path) -> None:
    """Nothing of a login is shown, and a file of several keys asks until one opens it."""
    found = installed(tmp_path, google, azure)
    qa = found.limits("github/acme/shop", "qa")
    assert qa
    ours = opening_of(found, Key("k" * 32), "github/acme/shop", "qa")
    assert ours.opened
    assert not [word for word in (CLIENT_SECRET, "PRIVATE KEY") if word in repr((found, Keys.of("qa", qa.decryption)))]
    google.says = "PERMISSION_DENIED"
    for number in range(2):
        copies = {"gcp_kms": [google.copy(data_key())], "azure_kv": [azure.copy(data_key())]}
        file = reading.read(made_for(copies), f"{number}.yaml")
        assert file
        assert PASSWORD in [each.value.text for each in ours.opened(file)]
    assert [each.path.partition("?")[0].rpartition("/")[2] for each in azure.requests] == [
        "token",
        "decrypt",
        "decrypt",
    ]


def test_whose_a_refusal_is(google: FakeGoogle, azure: FakeAzure, kept: tuple[GoogleKey, AzureKey]) -> None:
    """The operator's, the author's or the world's, with the keeper's own short word."""
    of_google, of_azure = {"gcp_kms": [google.copy(data_key())]}, {"azure_kv": [azure.copy(data_key())]}
    end = "its operator must correct it under `decryption`"
    for says in ("PERMISSION_DENIED", "FAILED_PRECONDITION"):
        google.says = says
        assert refusal(of_google, *kept) == f"Google Cloud KMS does not open staging's key ({says}): {end}"
    google.says, azure.denied = "", True
    assert refusal(of_azure, *kept) == f"Azure Key Vault does not open staging's key (Forbidden): {end}"
    azure.denied = False
    bent = {"gcp_kms": [{**google.copy(data_key()), "enc": "AAAA"}]}
    assert "Google Cloud KMS does not open its data key (INVALID_ARGUMENT)" in refusal(
        bent, *kept, kind=DecryptionFailed
    )
    bent = {"azure_kv": [{**azure.copy(data_key()), "enc": "AAAA"}]}
    assert "Azure Key Vault does not open its data key (BadParameter)" in refusal(bent, *kept, kind=DecryptionFailed)
    for fake, copies in ((google, of_google), (azure, of_azure)):
        for trouble in (Trouble(status=429), Trouble(status=503), Trouble(status=200, body="<html>")):
            fake.troubles.append(trouble)
            assert "opens no key of staging at the moment" in refusal(copies, *kept, kind=KeeperUnavailable)
    azure.troubles.append(Trouble(path="decrypt", status=200, body={"value": 7}))
    assert "what comes back is no answer of Azure's" in refusal(of_azure, *kept, kind=KeeperUnavailable)


def test_whom_a_file_names_is_not_asked_unless_the_operator_lists_it(
    google: FakeGoogle, azure: FakeAzure, kept: tuple[GoogleKey, AzureKey]
) -> None:
    for bent in ({"resource_id": f"{GOOGLE_KEY}/../production"}, {"resource_id": 7}):
        said = refusal({"gcp_kms": [{**google.copy(data_key()), **bent}]}, *kept, kind=DecryptionFailed)
        assert "this is encrypted for Google Cloud KMS" in said
    for bent in ({"vault_url": "http://127.0.0.1:1"}, {"name": "production"}, {"version": ""}, {"version": ["a"]}):
        said = refusal({"azure_kv": [{**azure.copy(data_key()), **bent}]}, *kept, kind=DecryptionFailed)
        assert "this is encrypted for Azure Key Vault" in said
    assert not google.requests
    assert not azure.requests


def test_the_doctor_tries_them(google: FakeGoogle, azure: FakeAzure, tmp_path: Path) -> None:
    _, *found = check_decryption(installed(tmp_path, google, azure))
    assert [(each.result, each.sentence) for each in found] == [
        (Result.PASS, f"Google Cloud KMS {GOOGLE_KEY} opens with this login"),
        (Result.PASS, f"Azure Key Vault {azure.key} opens with this login"),
    ]
    google.says = "PERMISSION_DENIED"
    _, *found = check_decryption(installed(tmp_path, google, azure, "another"))
    assert [(each.sentence.partition(": ")[2], each.fix) for each in found] == [
        ("PERMISSION_DENIED", f"give {EMAIL} the role roles/cloudkms.cryptoKeyDecrypter of {GOOGLE_KEY}"),
        (
            "its login is refused: invalid_client",
            f"give the application {CLIENT} a secret that counts, and the right to decrypt with {azure.key}",
        ),
    ]
    assert all(each.result is Result.FAIL for each in found)


def test_a_private_key_that_is_none_is_told_without_it(google: FakeGoogle) -> None:
    account = GoogleAccount(email=EMAIL, key_id="1", private_key="-----BEGIN PRIVATE KEY-----")
    found = GoogleKey(key=GOOGLE_KEY, account=account, endpoint=google.url)
    said = refusal({"gcp_kms": [google.copy(data_key())]}, found)
    assert "(the private key of its account is none): its operator" in said
