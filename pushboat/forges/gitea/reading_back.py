"""Whether Gitea or Forgejo shows what we said last."""

from pushboat.forges.gitea.api import MOST_PAGES, Api, Connection, of
from pushboat.forges.gitea.posting import STATES
from pushboat.model.deployment import short
from pushboat.model.letter import StatusLetter
from pushboat.model.status import clip


def shows(api: Api, repository: str, letter: StatusLetter, _public_url: str) -> bool:
    """Ask what a commit shows under a context; how many a page holds is for the server's settings to say."""
    status, path = letter.status, of(repository, "commits", letter.sha, "status")
    wanted = (STATES[status.state], clip(status.description))

    def read(forge: Connection) -> bool:
        for page in range(1, MOST_PAGES + 1):
            told = forge.get(path, page=str(page), limit="50").get("statuses") or ()
            for each in told:
                if each["context"] == status.context:
                    return (each["status"], each["description"] or "") == wanted
            if not told:
                break
        return False

    return api.ask(f"read {status.context} on {repository}@{short(letter.sha)}", read)
