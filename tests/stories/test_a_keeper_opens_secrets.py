"""Secrets whose key Vault keeps are deployed by asking it, and who must act is told where it does not open them."""

import base64
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cluster_view import ClusterView
from tests.fakes.github import FakeGitHub
from tests.fakes.keepers import TOKEN, FakeVault
from tests.serving import Served
from tests.sops.vectors import data_key, made_for
from tests.stories.conftest import Shop, environ_of, operators_file, unused
from tests.until import until
from tests.written import config_map

PASSWORD = "stage-0nly-Pa55word!"


@pytest.fixture
def vault() -> Iterator[FakeVault]:
    """A Vault that has a key for staging."""
    with ExitStack() as ending:
        fake = FakeVault()
        ending.callback(fake.close)
        yield fake


@pytest.fixture
def kept_shop(
    vault: FakeVault, tmp_path_factory: pytest.TempPathFactory, kubeconfig: Path, cluster: ClusterView
) -> Iterator[Shop]:
    """A repository that a Pushboat with a token for it deploys."""
    with FakeGitHub(tmp_path_factory.mktemp("github")) as forge:
        written = operators_file(kubeconfig, {"github": forge}, shops={"github": 1})
        decryption = {"hc_vault": [{"key": vault.key, "token": {"env": "VAULT_TOKEN"}}]}
        written["projects"][0]["environments"]["staging"]["decryption"] = decryption
        environ = {**environ_of({"github": forge}), "VAULT_TOKEN": TOKEN}
        served = Served.start(tmp_path_factory.mktemp("pushboat"), written, environ)
        name = unused(served, "github", forge.projects)
        forge.create_repository(name)
        forge.connect(name, f"{served.url}/webhooks/github")
        yield Shop(forge=forge, forge_name="github", name=name, served=served, cluster=cluster)
        served.stop()


def encrypted_for(vault: FakeVault, name: str) -> dict[str, str]:
    """Write a Secret that is encrypted for its key."""
    return {f"deploy/{name}": made_for({"hc_vault": [vault.copy(data_key())]}).decode()}


@pytest.mark.proves("encrypted-files")
def test_vault_is_asked_waited_for_and_its_no_is_the_operators(kept_shop: Shop, vault: FakeVault) -> None:
    """I push what is encrypted for Vault's key, and it runs. While Vault is sealed my commit waits and is not to blame;
    when it opens again, it goes on by itself. Where the key is not for this token any more, I read who must act."""
    shop = kept_shop
    vault.lasts = 60
    first = shop.push(encrypted_for(vault, "secret.yaml"))
    assert shop.status(first, "success", within=120).startswith("1 object: 1 created")
    found = shop.cluster.get(f"/api/v1/namespaces/{shop.namespace}/secrets/db")
    assert found
    assert base64.b64decode(found["data"]["password"]).decode() == PASSWORD
    assert vault.renewed == 1

    vault.down = True
    second = shop.push({**encrypted_for(vault, "secret.yaml"), "deploy/more.yaml": config_map("more")})
    said = "Vault opens no key of staging at the moment: it answers 503"
    until(lambda: any(said in each for each in shop.descriptions(second)), within=60, what=said)
    assert "failure" not in shop.states(second)
    vault.down = False
    assert shop.status(second, "success", within=120).startswith("2 objects: 1 created, 1 unchanged")
    assert not {"failure", "error"} & set(shop.states(second))

    vault.denied = True
    third = shop.push({"deploy/more.yaml": config_map("more", a="2")})
    said = shop.status(third, "failure", "error", within=120)
    assert said.startswith("Vault does not open staging's key (permission denied): its operator must correct it under")
    everything = shop.served.log.read_bytes() + repr(shop.forge.statuses(shop.name, third, "pushboat/staging")).encode()
    assert TOKEN.encode() not in everything
    assert PASSWORD.encode() not in everything
