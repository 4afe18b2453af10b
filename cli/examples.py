"""Examples for every command, which its help ends with. A test reads each of them as the command would."""

from collections.abc import Mapping

import click

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "serve": ("serve", "serve --config /etc/pushboat/pushboat.yaml"),
    "demo": ("demo", "demo --keep"),
    "devcluster up": ("devcluster up", "devcluster up --state devcluster --json"),
    "devcluster status": ("devcluster status",),
    "devcluster down": ("devcluster down",),
    "init": ("init", "init shop"),
    "check": ("check", "check deploy --kubernetes-version 1.36", "check --sarif > findings.sarif"),
    "plan": (
        "plan github/acme/shop staging",
        "plan github/acme/shop staging --sha v1.4.0",
        "plan github/acme/shop staging --here",
    ),
    "policy list": ("policy list",),
    "policy test": ("policy test", "policy test rules"),
    "status": ("status", "status github/acme/shop --json"),
    "history": (
        "history github/acme/shop staging",
        "history --state failed --limit 5",
        "history --sha 1a2b3c4",
    ),
    "show": ("show latest", "show 42 --json"),
    "diff": (
        "diff github/acme/shop staging",
        "diff github/acme/shop staging 7",
        "diff github/acme/shop staging 7 12",
    ),
    "open": ("open github/acme/shop staging", "open 42"),
    "holds": ("holds", "holds github/acme/shop staging", "holds --end 3"),
    "why": ("why deployment/web", "why pod/web-7f9 -n shop-staging --json"),
    "drift": ("drift github/acme/shop staging", "drift github/acme/shop staging --to-git"),
    "logs": ("logs github/acme/shop staging", "logs github/acme/shop staging --all --no-follow", "logs latest"),
    "deliveries list": ("deliveries list", "deliveries list --repository github/acme/shop --limit 5"),
    "deliveries show": ("deliveries show latest",),
    "deliveries replay": ("deliveries replay 17",),
    "audit list": ("audit list", "audit list github/acme/shop --verdict refused --since 7d"),
    "audit verify": ("audit verify", "audit verify --noted 17:5d41402abc4b2a76b9719d911017c592 --json"),
    "audit stamp": ("audit stamp",),
    "audit record": ("audit record 42", "audit record latest --json"),
    "sources lock": ("sources lock", "sources lock --upgrade podinfo"),
    "renderers install": ("renderers install", "renderers install helm"),
    "token create": (
        "token create ci --repository github/acme/shop --role deployer --for 90d",
        "token create eyes --all-repositories",
    ),
    "token list": ("token list",),
    "token revoke": ("token revoke ci",),
    "mcp": ("mcp", "mcp --allow-asks"),
    "letters list": ("letters list", "letters list --json"),
    "letters resend": ("letters resend 17", "letters resend --all"),
    "notify test": ("notify test", "notify test team-slack --json"),
    "doctor": ("doctor", "doctor --json"),
    "rbac": ("rbac github/acme/shop staging", "rbac github/acme/shop staging --here", "rbac --all --cluster dev"),
    "explain": ("explain unknown-field", "explain doctor-disk hold-pin", "explain --json"),
    "recover": (
        "recover --to-cluster --dry-run",
        "recover github/acme/shop --to-cluster --cluster dev --yes",
        "recover --from-cluster --dry-run",
    ),
    "repository accept": ("repository accept github/acme/shop 4711",),
    "hook install": ("hook install github/acme/shop",),
    "hook doctor": ("hook doctor", "hook doctor github/acme/shop"),
    "hook rotate": ("hook rotate github/acme/shop", "hook rotate github/acme/shop --now"),
    "simulate": (
        "simulate payload.json --kind github --event push",
        "simulate payload.json --headers headers.txt",
    ),
    "gate ask": ("gate ask github/acme/shop production", "gate ask github/acme/shop production tests"),
    "gate answer": ("gate answer allow --secret-file secret --once",),
    "health": ("health objects.yaml", "health objects.yaml --json"),
    "completion": ("completion bash", "completion fish"),
    "db upgrade": ("db upgrade",),
    "db vacuum": ("db vacuum",),
    "db copy": ("db copy pushboat.yaml file:new-store", "db copy pushboat.yaml env:NEW_STORE_URL --json"),
    "db reopen": ("db reopen",),
    "approve": ("approve github/acme/shop production", "approve github/acme/shop production --sha 1a2b3c4"),
    "cancel": ("cancel github/acme/shop staging",),
    "deploy": (
        "deploy github/acme/shop staging",
        "deploy github/acme/shop staging --sha v1.4.0 --timeout 30m",
        'deploy github/acme/shop production --break-glass "customers cannot order"',
    ),
    "destroy": ("destroy github/acme/shop staging", "destroy github/acme/shop staging --yes staging"),
    "lock": (
        "lock github/acme/shop staging --for 2h --reason migration",
        'lock github/acme/shop production --reason "until Monday"',
    ),
    "pause": ('pause github/acme/shop staging --reason "we migrate" --for 1h',),
    "promote": ("promote github/acme/shop staging production",),
    "resume": ("resume github/acme/shop staging",),
    "rollback": ("rollback github/acme/shop staging", "rollback github/acme/shop staging 7 --reason slow --yes"),
    "unapprove": ("unapprove github/acme/shop production",),
    "unlock": ("unlock github/acme/shop staging",),
}
"""By what people type behind `pushboat`, which each example begins with too."""


def example_of(path: str) -> str:
    """Give the first example of a command by its path, such as `pushboat hook install`; empty where there is none."""
    found = EXAMPLES.get(path.partition(" ")[2])
    return f"pushboat {found[0]}" if found else ""


def with_examples(name: str, command: click.Command) -> click.Command:
    """Let a command's help end with its examples, and those of all commands below it."""
    if isinstance(command, click.Group):
        for below, each in command.commands.items():
            with_examples(f"{name} {below}", each)
    elif found := EXAMPLES.get(name):
        lines = "\n".join(f"  pushboat {each}" for each in found)
        command.epilog = f"\b\nExamples:\n{lines}"
    return command
