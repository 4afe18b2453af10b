"""What people commit beside their manifests, and did not mean to, is found; what everybody has there is not."""

import base64
import json
import random
import string
from pathlib import Path

import pytest

from tests.review.test_credentials_are_found import CREDENTIALS, drawn
from tests.sops.vectors import encrypted
from workers.manifests.credentials import OF_EXAMPLES, variables_in
from workers.review.credentials import Credential, credentials_beside

CHANCE = random.Random(63)
TOKEN, KEY = CREDENTIALS["a GitHub token"], CREDENTIALS["a private key"].replace("\\n", "\n")
NPM = drawn(CHANCE, 36)
ADDRESS = CREDENTIALS["a password in an address"]


def looked(file: str, text: str | bytes, *, own: bool = True, folder: str = "deploy") -> list[Credential]:
    raw = text if isinstance(text, bytes) else text.encode()
    return list(credentials_beside(file, raw, folder if own else "elsewhere", own=own))


SLIPS: dict[str, tuple[str, str]] = {
    "deploy/app.env": ("a GitHub token", f"# of the shop\nGITHUB_TOKEN={TOKEN}\n"),
    "deploy/.env": ("a variable's password", "DB_HOST=db\nDB_PASSWORD=kV7#pq2xLw9!\n"),
    "deploy/.env.production": ("a variable's password", f'export SESSION_SECRET="{drawn(CHANCE, 32)}"\n'),
    "deploy/values-secret.json": ("a GitHub token", json.dumps({"git": {"token": TOKEN}})),
    "deploy/id_rsa": ("a private key", KEY),
    "deploy/.npmrc": ("an npm token", f"//registry.npmjs.org/:_authToken=npm_{NPM}\n"),
    "deploy/nested/.npmrc": ("an npm token", f"//npm.shop.test/:_authToken={drawn(CHANCE, 36)}\n"),
    "deploy/.docker/config.json": (
        "a registry's login",
        json.dumps({"auths": {"registry.test": {"auth": base64.b64encode(b"shop:kV7#pq2xLw9!").decode()}}}),
    ),
    "deploy/notes.txt": ("a password in an address", f"the database is {ADDRESS}\n"),
    "deploy/applied-by-hand.txt": ("a GitHub token", f"kind: Secret\nstringData: {{token: {TOKEN}}}\n"),
}


@pytest.mark.parametrize("file", SLIPS)
def test_each_slip_is_found_at_its_place_and_shown_to_nobody(file: str) -> None:
    sort, text = SLIPS[file]
    found = [each for each in looked(file, text) if each.sort == sort]
    assert found, looked(file, text)
    line = text.splitlines()[found[0].line - 1]
    secret = line[found[0].column - 1 : found[0].column - 1 + found[0].characters]
    assert len(secret) == found[0].characters
    assert secret not in str(found[0])


def test_a_mark_of_its_issuer_counts_everywhere_and_other_looks_not_in_what_explains() -> None:
    """Tests and pages have keys that open nothing; a token that somebody has issued opens something there too."""
    for place in ("tests/data/a.txt", "docs/setup.md", "README.md", "src/login_test.go", "src/login.spec.ts"):
        for sort, text in CREDENTIALS.items():
            found = {each.sort for each in looked(place, text.replace("\\n", "\n"), own=False)}
            assert found == (set() if sort in OF_EXAMPLES else {sort}), (place, sort)
    assert looked("deploy/test/app.env", f"TOKEN={TOKEN}", folder="deploy/test")
    assert looked("deploy/test/id_rsa", KEY, folder="deploy/test"), "it is the folder of environment test"


def test_a_password_for_the_container_beside_it_counts_in_the_environments_folder_alone() -> None:
    """`db` is a Service there, and in a compose file a container on somebody's laptop."""
    compose = "services:\n  web:\n    environment: {DATABASE_URL: 'postgres://shop:kV7pq2xLw9@db:5432/shop'}\n"
    assert not looked("compose.yaml", compose, own=False)
    assert looked("deploy/compose.txt", compose)
    assert looked("compose.yaml", compose.replace("@db:", "@db.shop.example.com:"), own=False)


INTEGRITY = base64.b64encode(random.Random(1).randbytes(64)).decode()
HEX = "0123456789abcdef"
ORDINARY: dict[str, str] = {
    "README.md": "# Shop\n\n```\nexport DATABASE_URL=postgres://shop:s3cretPass@localhost:5432/shop\n```\n"
    "Write `GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` into `.env`.\n",
    "package-lock.json": json.dumps(
        {
            "packages": {
                f"node_modules/{name}": {
                    "resolved": f"https://registry.npmjs.org/{name}/-/{name}-1.2.3.tgz",
                    "integrity": f"sha512-{INTEGRITY}",
                }
                for name in ("npm_config_something", "sk-loader", "pypi-parse")
            }
        },
        indent=2,
    ),
    "yarn.lock": f'left-pad@^1.3.0:\n  resolved "https://registry.yarnpkg.com/left-pad#{drawn(CHANCE, 40, HEX)}"\n'
    f"  integrity sha512-{INTEGRITY}\n",
    "poetry.lock": f'[[package]]\nfiles = [{{file = "a.whl", hash = "sha256:{drawn(CHANCE, 64, HEX)}"}}]\n',
    "go.sum": f"github.com/acme/shop v1.2.3 h1:{INTEGRITY[:43]}=\n",
    "Cargo.lock": f'[[package]]\nname = "a"\nchecksum = "{drawn(CHANCE, 64, HEX)}"\n',
    "Dockerfile": "FROM node:22@sha256:" + drawn(CHANCE, 64, HEX) + "\nARG NPM_TOKEN\nENV DB_PASSWORD=${DB_PASSWORD}\n"
    'RUN --mount=type=secret,id=npm npm config set //registry.npmjs.org/:_authToken "$NPM_TOKEN"\n',
    ".npmrc": "registry=https://registry.npmjs.org/\n//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n",
    ".env.example": "DB_PASSWORD=aGoodPassw0rd!\n"
    "STRIPE_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxx\nJWT_SECRET=Change-Me-2026!\n",
    ".env": "DB_HOST=localhost\nDB_PASSWORD=postgres\nREDIS_URL=redis://localhost:6379\nAPP_SECRET=local-Only-1234\n"
    "TOKEN_TTL=3600\nSECRET_FILE=/run/secrets/Shop-1\nACCESS_TOKEN=\nTOKEN=${GITHUB_TOKEN}\nAPI_KEY=none # later\n",
    "compose.yaml": "services:\n  db:\n    environment: {POSTGRES_PASSWORD: postgres}\n  web:\n"
    "    environment:\n    - DATABASE_URL=postgres://shop:shopPassw0rd@db:5432/shop\n",
    "src/app.py": 'PASSWORD = os.environ["PASSWORD"]\nURL = f"postgres://{user}:{password}@{host}/shop"\n'
    'HEADER = "-----BEGIN RSA PRIVATE KEY-----"\nTOKEN_PREFIX = "ghp_"\nif token.startswith("xoxb-"): pass\n',
    "src/login.ts": "const url = `https://${user}:${token}@github.com/acme/shop`;\n"
    "const KEY = process.env.AWS_SECRET_KEY;\n"
    "// eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0."
    "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c\n",
    "tests/data/server.key": KEY,
    "tests/test_login.py": f'TOKEN = "{CREDENTIALS["a signed token (JWT)"]}"\n',
    "internal/auth/auth_test.go": f"const key = `{KEY}`\n",
    "docs/setup.md": f"Connect to {ADDRESS}.\n",
    ".github/workflows/ci.yaml": "env:\n  TOKEN: ${{ secrets.GITHUB_TOKEN }}\n"
    "steps:\n- uses: actions/checkout@" + drawn(CHANCE, 40, HEX) + "\n",
    "LICENSE": "Apache License\nVersion 2.0, January 2004\nhttp://www.apache.org/licenses/\n",
    ".git-blame-ignore-revs": f"{drawn(CHANCE, 40, HEX)}\n",
    "db/migrations/0001.sql": "CREATE TABLE users (password text NOT NULL, token uuid);\n",
    "certs/ca.pem": f"-----BEGIN CERTIFICATE-----\n{INTEGRITY}\n-----END CERTIFICATE-----\n",
    "id_ed25519.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPq4V0e0X9 shop@example.com\n",
}


@pytest.mark.parametrize("file", ORDINARY)
@pytest.mark.parametrize("own", [False, True], ids=["elsewhere", "in the folder"])
def test_what_every_repository_has_is_none(file: str, *, own: bool) -> None:
    """Lock files, examples, sources and tests: a gate that cries over those is switched off, and finds nothing more."""
    if own and file == "compose.yaml":
        return  # its containers would be Services there
    assert looked(f"deploy/{file}" if own else file, ORDINARY[file], own=own) == []


@pytest.mark.parametrize("name", ["secret.yaml", "app.env", "app.json", "production.yaml", "config-map.yaml"])
def test_what_sops_has_encrypted_is_none(name: str) -> None:
    assert looked(f"deploy/{name}", encrypted(name)) == []


def test_the_sources_of_this_repository_have_none() -> None:
    """Some thousand files, sources, pages and lock files; its tests have some on purpose."""
    root = Path(__file__).resolve().parents[2]
    places = ("pushboat", "workers", "webhook", "dashboard", "cli", "devcluster", "docs", "deploy", "examples")
    files = [file for place in places for file in (root / place).rglob("*") if file.is_file()]
    names = [root / name for name in ("README.md", "CHANGELOG.md", "uv.lock", "pyproject.toml", "Makefile")]
    looked_at = [file for file in (*files, *names) if file.suffix not in (".gz", ".pyc", ".png")]
    assert len(looked_at) > 1_000
    found = [
        str(each) for file in looked_at for each in looked(str(file.relative_to(root)), file.read_bytes(), own=False)
    ]
    assert found == []


@pytest.mark.parametrize("begins", ["TOKEN=", "A" * 70, "PASSWORD = '"])
@pytest.mark.parametrize("goes_on", ["a", "A1", " ", "TOKEN=", "\t\n", "'#"])
def test_variables_that_are_made_to_be_slow_are_looked_through_at_once(begins: str, goes_on: str) -> None:
    assert len(list(variables_in(begins + goes_on * (1 << 17)))) <= 1


def test_passwords_that_people_make_up_are_told_from_words() -> None:
    """Three sorts of letters, or a long one with digits; no word with a number behind it, no place, no address."""
    for word in ("kV7#pq2xLw9!", "Tr0ub4dor&3", drawn(CHANCE, 40, HEX), drawn(CHANCE, 24, string.ascii_letters) + "1"):
        assert list(variables_in(f"DB_PASSWORD={word}\n")), word
    for word in (
        "postgres2026",
        "Development1!",
        "/run/secrets/A1",
        "https://a.test/B1",
        "db-1.shop.example",
        "shop-dev-A1",
    ):
        assert not list(variables_in(f"DB_PASSWORD={word}\n")), word


def test_a_credential_with_its_issuers_mark_is_told_once() -> None:
    """`TOKEN=ghp_…` is a GitHub token, and not another password at the same place."""
    token = f"ghp_{drawn(CHANCE, 36, string.ascii_letters)}"
    raw = f"DB_PASSWORD=kV7#pq2xLw9!\nTOKEN={token}\nAPI_KEY='{token}'\n".encode()
    found = list(credentials_beside("deploy/app.env", raw, "deploy", own=True))
    assert sorted((each.line, each.sort) for each in found) == [
        (1, "a variable's password"), (2, "a GitHub token"), (3, "a GitHub token"),
    ]  # fmt: skip
