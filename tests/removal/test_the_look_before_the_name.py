"""Before the name is typed I read what the removal then does: the same objects go, and the same stay for the same
reason."""

from dataclasses import replace

from cli.confirming import look
from pushboat.config.operator import Project
from pushboat.model.deployment import Lane
from pushboat.model.repository import Identity
from pushboat.model.state import State
from pushboat.store import repositories
from tests.removal.conftest import STAGING, Site
from tests.removal.test_what_stays_is_said import MERGE, PART_OF, both, pushed, with_production
from tests.store.repository import NAME
from tests.waves.conftest import config_map
from workers.cluster.removing.foreseeing import Foreseen
from workers.deploying.last_release import last_release


def foreseen(site: Site, lane: Lane = STAGING) -> Foreseen:
    """Look, as the command does."""
    tools = site.yard.tools
    last = last_release(tools.operator, tools.store, tools.key, lane)
    return look(tools.operator, tools.store, lane, last)


def names(found: Foreseen) -> tuple[set[str], dict[str, str]]:
    """Name what goes, and say why what stays does."""
    stays = {f"{each.ref.kind}/{each.ref.name}": f"stays: {each.kept}" for each in found.stays}
    return {f"{each.kind}/{each.name}" for each in found.goes}, stays


def test_what_a_neighbour_has_is_not_said_to_go(site: Site) -> None:
    """Production's release has an object that still bears staging's label: the look says that it stays, and it does."""
    site.settle()
    yard = with_production(site.yard)
    here, there = {"deploy/c.yaml": config_map("moved")}, {"production/c.yaml": config_map("moved")}
    rest = {"deploy/a.yaml": config_map("of-staging"), "production/b.yaml": config_map("of-production")}
    for made in both(yard, pushed(yard, {**rest, **here})):
        assert yard.carry_out(made).state is State.SUCCEEDED
    label = labelled(site, "moved")
    for made in reversed(both(yard, pushed(yard, {**rest, **there}))):
        assert yard.carry_out(made).state is State.SUCCEEDED
    assert labelled(site, "moved") != label
    path = f"/api/v1/namespaces/{yard.namespace}/configmaps/moved"
    yard.cluster.request("PATCH", path, {"metadata": {"labels": {PART_OF: label}}}, MERGE)

    goes, stays = names(foreseen(site))
    assert (goes, stays["ConfigMap/moved"]) == (
        {"ConfigMap/of-staging"},
        "stays: environment production has it and takes it over",
    )
    ended = yard.carry_out(site.asked())
    assert ended.state is State.SUCCEEDED, ended.reason
    assert (site.gone(ended), site.stays(ended)) == (goes, stays)


def test_what_runs_under_an_earlier_name_is_seen(site: Site) -> None:
    """The forge renamed my repository and nothing was deployed since: nobody says that nothing is there."""
    site.settle()
    site.yard.push(config_map("a"))
    tools, new = site.yard.tools, "github/acme/store"
    for name in (NAME, new):
        repositories.keep(tools.store, Identity(name=name, forge="github", id="7", path=name.partition("/")[2]))
    project = Project(repository=new, environments=tools.operator.projects[NAME].environments)
    site.yard.tools = replace(tools, operator=replace(tools.operator, projects={new: project}))
    goes, _ = names(foreseen(site, replace(STAGING, repository=new)))
    assert goes == {"ConfigMap/a"}


def labelled(site: Site, name: str) -> str:
    """Give the inventory that an object says it is part of."""
    live = site.yard.find("configmaps", name)
    assert live
    return str(live["metadata"]["labels"][PART_OF])
