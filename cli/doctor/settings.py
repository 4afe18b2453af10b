"""What the operator's file says, beyond being readable: secrets that can be guessed, limits with a way around them."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from pushboat.config.operator import Operator
from pushboat.config.pages import Access
from pushboat.model.wording import listed
from workers.checks.words import Line, passed, warned

SHORTEST_SECRET = 16
"""Characters; a webhook's secret can be tried offline by whoever saw one delivery."""


def check_secrets(operator: Operator) -> Iterator[Line]:
    """Look at the length of every webhook secret; a missing one is already a mistake of the file."""
    for forge in operator.forges.values():
        check = f"forge {forge.name}: webhook secrets"
        shortest = min((len(secret.value) for secret in forge.webhook_secrets), default=0)
        if shortest < SHORTEST_SECRET:
            sentence = f"the shortest has {shortest} characters; whoever guesses it deploys"
            yield warned(check, sentence, "openssl rand -hex 32  # set it here and at the forge's webhook")
        else:
            yield passed(check, f"{len(forge.webhook_secrets)} present, none is short")


def check_pages(operator: Operator) -> Iterator[Line]:
    """Say to whom pages and API are shown, and warn where that is nobody or where the password is short."""
    pages = operator.pages
    if pages.access is Access.HIDDEN:
        sentence = (
            "pages and API are hidden: others than this machine may reach them, and nothing says who may see them"
        )
        yield warned("pages", sentence, "add pages: {password: {file: PATH}} or pages: open to pushboat.yaml")
    elif pages.access is Access.PASSWORD and len(pages.password) < SHORTEST_SECRET:
        sentence = f"the password of the pages has {len(pages.password)} characters; whoever guesses it sees everything"
        yield warned("pages", sentence, "openssl rand -hex 16  # and put it where pages.password points")
    elif pages.access is Access.PASSWORD:
        yield passed("pages", "shown to who knows the password")
    else:
        yield passed("pages", f"open to everybody who reaches {operator.public_url}")


def check_proxies(operator: Operator) -> Iterator[Line]:
    """Warn where something must stand in front of us, and nobody said whose word on senders counts."""
    if operator.trusted_proxies:
        yield passed("proxies", f"senders are told apart behind {listed(map(str, operator.trusted_proxies))}")
    elif urlsplit(operator.public_url).scheme == "https":
        shut_out = {
            Access.PASSWORD: "a hundred wrong passwords of one of them shut out all",
            Access.OPEN: "limits of one hold for all",
        }
        of_people = "thirty tries to sign in of one of them keep everybody from it for minutes"
        what = of_people if operator.login else shut_out.get(operator.pages.access, "records of refusals name none")
        sentence = f"{operator.public_url} is served through a proxy, behind which all senders count as one: {what}"
        yield warned("proxies", sentence, "name the proxy's network in pushboat.yaml: trusted_proxies: [10.0.0.0/8]")
    else:
        yield passed("proxies", "none is needed for the address that we give")


def check_deployers(operator: Operator) -> Iterator[Line]:
    """Look for environments whose comments few may write, and whose branch everyone who may push can choose."""
    for project in operator.projects.values():
        for limits in project.environments.written.values():
            strict = "write" not in limits.deployers
            if strict and limits.fixed.keys().isdisjoint(("branch", "tag")):
                yield warned(
                    f"{project.repository} {limits.environment}: deployers",
                    f"only {', '.join(limits.deployers)} may /deploy, but whoever may push a branch may push a "
                    ".pushboat.yaml by which this environment follows it",
                    f"set branch or tag for {limits.environment} in pushboat.yaml",
                )
