"""Where the pages tell what a key is for: by the longest beginning of its place in one of the two files."""

from collections.abc import Mapping

_ENVIRONMENT = "projects[].environments.<name>."
OPERATORS: Mapping[str, str] = {
    "": "configuration/operators-file.md#top-level",
    "login": "configuration/signing-in.md#login",
    "retention": "configuration/operators-file.md#retention",
    "drift": "configuration/operators-file.md#drift",
    "notifications": "configuration/operators-file.md#notificationsname",
    "health": "configuration/health-and-gates.md#health",
    "rules": "policy.md#your-own-rules",
    "sources": "configuration/rendering.md#charts-and-bases-from-outside",
    "registries": "images.md",
    "forges": "configuration/forges.md#forgesname",
    "clusters": "configuration/clusters.md#clustersname",
    "projects": "configuration/operators-file.md#projects",
    "projects[].ci": "api.md#jobs-of-your-ci",
    "projects[].environments": "configuration/environments.md#projectsenvironmentsname",
    f"{_ENVIRONMENT}gates": "configuration/health-and-gates.md#gates",
    f"{_ENVIRONMENT}decryption": "configuration/encrypted-files.md",
    f"{_ENVIRONMENT}sign": "configuration/signatures-and-credentials.md#signed-commits",
    f"{_ENVIRONMENT}policy": "policy.md",
    f"{_ENVIRONMENT}images": "images.md",
    f"{_ENVIRONMENT}approv": "configuration/promotion-and-approvals.md#approvals",
    f"{_ENVIRONMENT}merge_queue": "configuration/forges.md#the-merge-queue",
    f"{_ENVIRONMENT}forge_": "configuration/forges.md#the-forges-own-deployments-and-environments",
    f"{_ENVIRONMENT}…": "configuration/environments.md#what-the-operators-file-fixes",
}
REPOSITORYS: Mapping[str, str] = {
    "": "configuration/repositorys-file.md#environmentsname",
    "rules": "policy.md#your-own-rules",
    "environments.<name>.include": "configuration/repositorys-file.md#which-files-are-read",
    "environments.<name>.exclude": "configuration/repositorys-file.md#which-files-are-read",
    "environments.<name>.recurse": "configuration/repositorys-file.md#which-files-are-read",
    "environments.<name>.helm": "configuration/rendering.md#helm",
    "environments.<name>.verify": "configuration/health-and-gates.md#verify",
    "environments.<name>.approvals": "configuration/promotion-and-approvals.md#approvals",
    "environments.<name>.signed_commits": "configuration/signatures-and-credentials.md#signed-commits",
}


def explained(key: str, pages: Mapping[str, str]) -> str:
    """Link to where a key is told, from a page in docs/reference."""
    place = pages[max((start for start in pages if key.startswith(start)), key=len)]
    return f"[{place.partition('.md')[0].rpartition('/')[2].replace('-', ' ')}](../{place})"
