"""Which keys open an environment's files: from the operator's file, each mistake at its line; never from a push."""

from pathlib import Path

import pytest

from pushboat.config import operator, repository
from pushboat.errors import InvalidRepositoryFile
from tests.configuration.marked import unmarked
from tests.configuration.operator_mistakes import CLUSTERS, ENVIRON, FORGES, SHOP, mistakes_of
from tests.fakes.keepers import ARN
from tests.sops.vectors import DATA, key, key_file


def written(decryption: str) -> str:
    return FORGES + CLUSTERS + SHOP + f"      qa: {{cluster: dev, namespaces: [a], decryption: {decryption}}}\n"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    for name in ("staging", "next"):
        (tmp_path / name).write_bytes(key_file(name).read_bytes())
    (tmp_path / "both").write_text(key_file("staging").read_text() + key_file("next").read_text())
    (tmp_path / "public").write_text("age175ht8gm3vc78me8exl90r29k7l5xjscendzphq88yq004yccsdas0sqdqe\n")
    (tmp_path / "public.asc").write_bytes((DATA / "openpgp" / "public.asc").read_bytes())
    (tmp_path / "account").write_text('{"client_email": "a@b", "private_key_id": "1", "private_key": "x"}')
    (tmp_path / "comments").write_text("# created: never\n")
    (tmp_path / "ssh").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n")


def test_keys_are_read_from_files_and_variables_each_once(tmp_path: Path) -> None:
    text = written("{age: [{file: both}, {file: staging}, {env: AGE}, {file: ssh}]}")
    found = operator.parse(text, tmp_path / "pushboat.yaml", {**ENVIRON, "AGE": key("next")})
    decryption = found.projects["github/acme/shop"].environments["qa"].decryption
    assert decryption.age[:2] == (key("staging"), key("next"))
    assert len(decryption.age) == 3
    assert len(set(decryption.marks)) == 3


def test_a_key_is_shown_nowhere_and_another_one_is_another_setting(tmp_path: Path) -> None:
    shown = []
    for name in ("staging", "next"):
        found = operator.parse(written(f"{{age: [{{file: {name}}}]}}"), tmp_path / "pushboat.yaml", ENVIRON)
        shown.append(repr(found))
        assert key(name)[20:40] not in shown[-1]
    assert shown[0] != shown[1]


AZURE = "tenant: a, client: b, client_secret: {env: HOOK}"
MISTAKES = {
    "a literal": ("{age: [¦AGE-SECRET-KEY-1QQ]}", "is a secret and must not stand in the file"),
    "no list": ("{age: ¦{file: staging}}", "list"),
    "no key": ("{age: ¦[]}", "must not be empty"),
    "nothing there": ("{age: [¦{file: nowhere}]}", "which does not exist"),
    "a public key": ("{age: [¦{file: public}]}", "needs the secret key in public, and a public one stands there"),
    "only comments": ("{age: [¦{file: comments}]}", "needs an age key in comments, which holds none"),
    "something else": ("{age: [¦{env: HOOK}]}", "needs age keys in HOOK, lines that begin with AGE-SECRET-KEY-1"),
    "another tool": ("{age: [{file: staging}], ¦hckms: [{file: staging}]}", "hckms"),
    "no keys": ("¦{}", "needs keys: age: [{file: PATH}], pgp: [{file: PATH}], or a keeper's: kms, gcp_kms"),
    "no account": (
        "{gcp_kms: [{key: projects/a/locations/b/keyRings/c/cryptoKeys/d, account: ¦{file: staging}}]}",
        "needs the key of a service account in staging, JSON with client_email, private_key_id, private_key",
    ),
    "no key of Google's": (
        "{gcp_kms: [{key: ¦projects/a/../keyRings/c/cryptoKeys/d, account: {file: account}}]}",
        "must name a key as SOPS does: projects/P/locations/L/keyRings/R/cryptoKeys/K",
    ),
    "a key without a version": (
        "{azure_kv: [{key: ¦'https://a.vault.azure.net/keys/b', tenant: a, client: b, client_secret: {env: HOOK}}]}",
        "must name a key with its version",
    ),
    "a vault in clear": (
        f"{{azure_kv: [{{key: ¦'http://a.example/keys/b/{'0' * 32}', {AZURE}}}]}}",
        "is plain http, which shows the login to the network",
    ),
    "a tenant that is a path": (
        f"{{azure_kv: [{{key: 'https://a.example/keys/b/{'0' * 32}', {AZURE.replace('tenant: a', 'tenant: ¦a/b')}}}]}}",
        "must be an id, such as",
    ),
    "a key of no ARN": ("{kms: [{key: ¦key/1, machine: true}]}", "must be the ARN of a key: arn:aws:kms:"),
    "a region that is a host": (
        "{kms: [{key: ¦'arn:aws:kms:evil.example/:111122223333:key/1', machine: true}]}",
        "must be the ARN of a key",
    ),
    "no login": (f"{{kms: [¦{{key: '{ARN}'}}]}}", "needs a login: access_key_id and secret_access_key, or machine"),
    "two logins": (
        f"{{kms: [¦{{key: '{ARN}', machine: true, access_key_id: {{env: HOOK}}, secret_access_key: {{env: HOOK}}}}]}}",
        "needs a login",
    ),
    "half a login": (f"{{kms: [¦{{key: '{ARN}', access_key_id: {{env: HOOK}}}}]}}", "needs a login"),
    "one key twice": (f"¦{{kms: [{{key: '{ARN}', machine: true}}, {{key: '{ARN}', machine: true}}]}}", "two entries"),
    "a token in clear": (
        "{hc_vault: [{key: ¦'http://vault.example/v1/a/keys/b', token: {env: HOOK}}]}",
        "is plain http, which shows the token to the network",
    ),
    "no transit key": (
        "{hc_vault: [{key: ¦'https://vault.example/v1/a/b', token: {env: HOOK}}]}",
        "must name a transit key as SOPS does",
    ),
    "a step up": (
        "{hc_vault: [{key: ¦'https://vault.example/v1/a/../keys/b', token: {env: HOOK}}]}",
        "must name a transit key as SOPS does",
    ),
    "a token of two lines": (
        "{hc_vault: [{key: 'https://vault.example/v1/a/keys/b', token: ¦{file: comments}}]}",
        "needs one word in comments, without spaces or a second line",
    ),
    "a token that stands there": (
        "{hc_vault: [{key: 'https://vault.example/v1/a/keys/b', token: ¦hvs.x}]}",
        "is a secret and must not stand in the file",
    ),
    "a public OpenPGP key": ("{pgp: [¦{file: public.asc}]}", "a public one stands there: `gpg --export-secret-keys"),
    "no OpenPGP key": (
        "{pgp: [¦{file: staging}]}",
        "needs an OpenPGP key in staging, text that begins with -----BEGIN",
    ),
}


@pytest.mark.parametrize(("marked", "message"), MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_is_told_at_its_place(marked: str, message: str, tmp_path: Path) -> None:
    text, line, column = unmarked(written(marked))
    (mistake,) = mistakes_of(text, tmp_path)
    assert (mistake.line, mistake.column) == (line, column)
    assert message in mistake.message


def test_a_repositorys_file_names_no_key() -> None:
    text = "environments: {qa: {path: a, decryption: {age: [{env: HOME}]}}}"
    with pytest.raises(InvalidRepositoryFile, match="decryption"):
        repository.parse(text.encode())
