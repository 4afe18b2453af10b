"""A Vault token lives as long as it is used, and the doctor tries each login before a deployment has to."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from cli.doctor.decryption import check_decryption
from pushboat.config import operator
from pushboat.config.keepers import VaultKey
from pushboat.errors import KeeperUnavailable, NotConfigured
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP
from tests.fakes.door import Trouble
from tests.fakes.keepers import ACCESS_KEY, ARN, SECRET_KEY, TOKEN, FakeKms, FakeVault
from tests.sops.vectors import data_key, made_for
from workers.checks.words import Result
from workers.sops import reading
from workers.sops.keys import Keys


@pytest.fixture
def vault() -> Iterator[FakeVault]:
    with ExitStack() as ending:
        fake = FakeVault()
        ending.callback(fake.close)
        yield fake


@pytest.fixture
def kms() -> Iterator[FakeKms]:
    with ExitStack() as ending:
        fake = FakeKms()
        ending.callback(fake.close)
        yield fake


def opened(vault: FakeVault) -> bytes:
    """Open a file as a deployment does."""
    found = reading.read(made_for({"hc_vault": [vault.copy(data_key())]}), "secret.yaml")
    assert found
    return Keys("staging", kept=(VaultKey(key=vault.key, token=TOKEN),)).data_key(found)


@pytest.mark.parametrize(
    ("lasts", "renewable", "renewed"),
    [(3600, True, 0), (1801, True, 0), (1799, True, 1), (60, False, 0), (0, False, 0)],
)
def test_a_token_is_renewed_when_less_than_half_is_left(
    lasts: int, renewable: bool, renewed: int, vault: FakeVault
) -> None:
    """Whoever deploys keeps it alive; one that never ends, or that cannot be renewed, is used as it is."""
    vault.lasts, vault.renewable = lasts, renewable
    assert opened(vault) == data_key()
    assert opened(vault) == data_key()
    assert vault.renewed == renewed


def test_one_login_a_deployment_asks_about_itself_once(vault: FakeVault) -> None:
    keys = Keys("staging", kept=(VaultKey(key=vault.key, token=TOKEN),))
    for number in range(3):
        found = reading.read(made_for({"hc_vault": [vault.copy(data_key())]}), f"{number}.yaml")
        assert found
        assert keys.data_key(found)
    assert [each.path.rpartition("/")[2] for each in vault.requests].count("lookup-self") == 1


def test_a_token_that_may_not_ask_about_itself_is_used_all_the_same(vault: FakeVault) -> None:
    """Its policy may be for the one key alone; where that denies it, both reasons are told."""
    for status in (403, 404):
        vault.troubles.append(Trouble(path="lookup-self", status=status, body={"errors": ["permission denied"]}))
        assert opened(vault) == data_key()
    vault.lasts = 1
    vault.troubles.append(Trouble(path="renew-self", status=403, body={"errors": ["permission denied"]}))
    assert opened(vault) == data_key()
    vault.denied = True
    vault.troubles.append(Trouble(path="lookup-self", status=403, body={"errors": ["permission denied"]}))
    with pytest.raises(NotConfigured) as refused:
        opened(vault)
    assert refused.value.summary == (
        "Vault does not open staging's key (permission denied, or its token has expired): its operator must correct it "
        "under `decryption`"
    )


def test_an_expired_token_is_the_operators(vault: FakeVault) -> None:
    vault.expired = True
    with pytest.raises(NotConfigured, match=r"\(its token has expired or was revoked\): its operator must correct it"):
        opened(vault)


@pytest.mark.parametrize("path", ["lookup-self", "renew-self", "decrypt"])
def test_wherever_it_is_sealed_it_is_the_worlds(path: str, vault: FakeVault) -> None:
    vault.lasts = 1
    vault.troubles.append(Trouble(path=path, status=503, body={"errors": ["Vault is sealed"]}))
    with pytest.raises(KeeperUnavailable, match="Vault opens no key of staging at the moment: it answers 503"):
        opened(vault)


def lines(folder: Path, vault: FakeVault, kms: FakeKms, secret: str = SECRET_KEY) -> list[tuple[Result, str, str]]:
    """Let the doctor look at an environment with a key of each."""
    decryption = {
        "kms": [{"key": ARN, "access_key_id": {"env": "ID"}, "secret_access_key": {"env": "KEY"}, "endpoint": kms.url}],
        "hc_vault": [{"key": vault.key, "token": {"env": "VAULT_TOKEN"}}],
    }
    flow = yaml.dump(decryption, default_flow_style=True, width=999).strip()
    text = FORGES + CLUSTERS + SHOP + f"      qa: {{cluster: dev, namespaces: [a], decryption: {flow}}}\n"
    environ = {**ENVIRON, "ID": ACCESS_KEY, "KEY": secret, "VAULT_TOKEN": TOKEN}
    found = list(check_decryption(operator.parse(text, folder / "pushboat.yaml", environ)))
    assert not [word for word in (TOKEN, ACCESS_KEY, SECRET_KEY) if word in repr(found)]
    assert {each.check for each in found} == {"github/acme/shop qa: decryption"}
    return [(each.result, each.sentence, each.fix) for each in found[1:]]


def test_the_doctor_tries_each_key_with_its_login(vault: FakeVault, kms: FakeKms, tmp_path: Path) -> None:
    """Nothing of ours is opened for that: each is given what it never encrypted, and says so."""
    assert lines(tmp_path, vault, kms) == [
        (Result.PASS, f"AWS KMS {ARN} opens with this login", ""),
        (Result.PASS, f"Vault {vault.key} opens with this login", ""),
    ]
    vault.lasts, vault.renewable = 7200, False
    assert lines(tmp_path, vault, kms)[1][:2] == (
        Result.WARN,
        f"Vault {vault.key} opens with this login, but its token ends in 2 h, and cannot be renewed",
    )


def test_the_doctor_says_what_is_wrong_with_a_login_and_what_mends_it(
    vault: FakeVault, kms: FakeKms, tmp_path: Path
) -> None:
    vault.denied = True
    first, second = lines(tmp_path, vault, kms, "another")
    assert first == (
        Result.FAIL,
        f"AWS KMS {ARN} does not open with this login: InvalidSignatureException",
        f"allow `kms:Decrypt` with {ARN} to this login, in its policy and in the key's",
    )
    mend = (
        "put a token that counts in VAULT_TOKEN, with a policy that has: "
        'path "team/transit/decrypt/staging" { capabilities = ["update"] }'
    )
    assert second == (Result.FAIL, f"Vault {vault.key} does not open with this login: permission denied", mend)
    vault.denied, vault.expired = False, True
    (_, (result, said, fix)) = lines(tmp_path, vault, kms)
    assert (result, fix) == (Result.FAIL, mend)
    assert said.endswith("does not open with this login: its token has expired or was revoked")
    vault.down = True
    assert lines(tmp_path, vault, kms)[1][:2] == (
        Result.UNKNOWN,
        f"Vault {vault.key} does not answer: it answers 503",
    )
