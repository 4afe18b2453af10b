"""A credential beside the manifests is found, too: whoever reads the repository has it, deployed or not."""

import re

from tests.stories.conftest import Shop
from tests.stories.test_a_pull_request_is_planned import opened
from tests.stories.test_the_sticky_comment import says, sticky
from tests.written import config_map, repository_file

TOKEN = f"ghp_{'cD5eF7gH9i' * 3}jK1lM3"
NPM = f"//npm.test/:_authToken={TOKEN}\n"


def page_of(shop: Shop, sha: str) -> str:
    return shop.served.page(f"/deployments/{shop.ended(sha)['id']}")


def test_in_the_environments_folder_it_refuses_and_elsewhere_it_is_said_once(shop: Shop) -> None:
    """No render reads `.npmrc` and `app.env`; what ran before the push is no news, and nobody is shown any value."""
    first = shop.push({"deploy/a.yaml": config_map("a"), "README.md": "# Shop\n", ".npmrc": NPM})
    assert shop.status(first, "success").startswith("1 object: 1 created")
    assert "npmrc" not in page_of(shop, first), "at first only the folder is looked through"
    second = shop.push({"deploy/b.yaml": config_map("b"), ".npmrc": f"# ours\n{NPM}"})
    assert shop.status(second, "success").startswith("2 objects: 1 created")
    page = page_of(shop, second)
    assert "warning: .npmrc:2:24: this looks like a GitHub token (40 characters) in plain text" in page
    third = shop.push({"deploy/c.yaml": config_map("c")})
    assert shop.status(third, "success").startswith("3 objects: 1 created")
    assert "this looks like" not in page_of(shop, third)
    fourth = shop.push({"deploy/app.env": f"TOKEN={TOKEN}\n"})
    assert re.match(r"deploy/app\.env:1:7: this looks like a GitHub token", shop.status(fourth, "failure"))
    fifth = shop.push({"README.md": "# Our shop\n"})
    assert shop.status(fifth, "failure").startswith("deploy/app.env:1:7: "), "it is still there"
    assert shop.status(shop.push({"deploy/app.env": "TOKEN_FILE=/run/secrets/token\n"}), "success")
    for sha in (second, fourth):
        assert TOKEN not in page_of(shop, sha)


def test_a_folder_that_is_rendered_already_is_no_way_past(shop: Shop) -> None:
    """What lies beside a render is looked through each time, also where the render is one that was kept."""
    files = {
        ".pushboat.yaml": repository_file(path="deploy/app.yaml"),
        "deploy/app.yaml": config_map("a"),
    }
    assert shop.status(shop.push(files), "success")
    changed = shop.push({"deploy/app.yaml": config_map("a", v="2")})
    assert shop.status(changed, "success")
    back = shop.push({"deploy/app.yaml": config_map("a"), "deploy/id": f"{TOKEN}\n"})
    assert shop.status(back, "failure").startswith("deploy/id:1:1: this looks like a GitHub token")


def test_a_plan_says_it_before_the_merge(shop: Shop) -> None:
    """Elsewhere a warning beside what would change; in the folder the plan is red, and the comment names the line."""
    shop.ended(shop.push({"deploy/a.yaml": config_map("a"), "old.sh": f"TOKEN={TOKEN}\n"}))
    base = shop.forge.projects[shop.name].bare.resolve("refs/heads/main")
    shop.push({"deploy/b.yaml": config_map("b"), "tools.sh": f"TOKEN={TOKEN}\n"}, branch="one", parent=base)
    sha = shop.forge.open_pull_request(shop.name, "one").sha
    assert shop.status(sha, "success", context="pushboat/plan/staging").startswith("1 to create")
    address = shop.forge.statuses(shop.name, sha, "pushboat/plan/staging")[-1][3]
    page = shop.served.page(address.removeprefix(shop.served.url))
    assert "warning: tools.sh:1:7: this looks like a GitHub token" in page
    assert "old.sh" not in page, "that has run before"
    shop.push({"deploy/b.yaml": config_map("b"), "deploy/key.txt": f"\n{TOKEN}\n"}, branch="two", parent=base)
    sha = shop.forge.open_pull_request(shop.name, "two").sha
    said = shop.status(sha, "failure", context="pushboat/plan/staging")
    assert said.startswith("deploy/key.txt:2:1: this looks like a GitHub token")
    assert TOKEN not in page + said


def test_the_comment_of_a_pull_request_names_the_line(shop: Shop) -> None:
    """Whoever reviews reads where it stands, whether it refuses or warns, and what it is in no comment."""
    shop.ended(shop.push({"deploy/a.yaml": config_map("a")}))
    refused, _ = opened(shop, {"deploy/b.yaml": config_map("b"), "deploy/key.txt": f"\n{TOKEN}\n"})
    text = says(shop, refused, "deploy/key.txt:2:1: this looks like a GitHub token (40 characters)")
    assert "take it out, revoke it" in text
    warned, _ = opened(shop, {"deploy/c.yaml": config_map("c"), "tools.sh": f"TOKEN={TOKEN}\n"})
    says(shop, warned, "1 to create", "tools.sh:1:7: this looks like a GitHub token")
    assert TOKEN not in sticky(shop, refused) + sticky(shop, warned)
