"""What `pushboat doctor` asks about our App: may it write check runs, and does what is pressed reach us?"""

from pushboat.errors import ForgeRefused
from pushboat.forges.github.api import Api, get
from pushboat.forges.protocol import Check

SETTINGS = "the App's settings page"


def examine_app(api: Api, repository: str, hook_url: str) -> tuple[Check, ...]:
    """Make the checks that only concern an App; none with a token.

    Raises:
        ForgeUnavailable: nobody knows how it is.
    """
    if not api.as_app:
        return ()
    if not api.may_write_checks(repository):
        return (_without(repository),)
    sentence = f"statuses on {repository} are check runs, with lines and buttons"
    return (Check(name="check runs", passed=True, sentence=sentence), _buttons(api, hook_url))


def _without(repository: str) -> Check:
    sentence = (
        f"the App may not write check runs on {repository}: commit statuses, without lines and buttons, are posted"
    )
    return Check(
        name="check runs",
        passed=False,
        sentence=sentence,
        fix=f"set the repository permission Checks to Read and write on {SETTINGS}, and accept it in the installation",
    )


def _buttons(api: Api, hook_url: str) -> Check:
    """Compare the App's own webhook: a repository's never hears of what people press."""
    fix = f"on {SETTINGS} set the webhook, active, to {hook_url}, with a secret that pushboat.yaml names"
    try:
        config = api.ask_as_app("read the App's webhook", lambda github: get(github, "/app/hook/config"))
    except ForgeRefused as trouble:
        return Check(name="buttons", passed=False, sentence=f"the App has no webhook: {trouble.summary}", fix=fix)
    url = str(config.get("url") or "")
    for wrong, sentence in (
        (
            url.rstrip("/") != hook_url.rstrip("/"),
            f"what people press goes to {url or 'nobody'}, and not to {hook_url}",
        ),
        (config.get("content_type") != "json", "the App's webhook sends forms: set its content type to JSON"),
        (not config.get("secret"), "the App's webhook has no secret"),
    ):
        if wrong:
            return Check(name="buttons", passed=False, sentence=sentence, fix=fix)
    return Check(name="buttons", passed=True, sentence="what people press below a check reaches us")
