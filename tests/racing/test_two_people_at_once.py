"""Two people command at the same moment: one deployment runs at a time, and both are told how theirs ended."""

from concurrent.futures import ThreadPoolExecutor

from pushboat.model.ask import AskVerdict
from tests.racing.running import begin, end, taken
from tests.spoofing.scene import SHOP, WRITER, Scene
from tests.written import config_map
from workers.routing.story import route_repository

OTHER = "wendy"


def test_both_deploy_the_same_pull_request(scene: Scene) -> None:
    """Their deliveries come together and two workers read them: one deployment, and two answers with its outcome."""
    scene.project.permissions[OTHER] = "write"
    scene.forge.user_id(OTHER)
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda who: scene.forge.comment(SHOP, scene.number, who, "/deploy staging"), (WRITER, OTHER)))
        list(both.map(lambda _: route_repository(scene.tools, scene.repository), range(2)))
    scene.work()
    assert sorted(entry.who for entry in scene.audit() if entry.verdict is AskVerdict.DONE) == [WRITER, OTHER]
    claim = begin(scene)
    assert taken(scene) == []
    end(scene, claim)
    answers = [each for each in scene.replies() if "Asked for" in each]
    assert len(answers) == 2
    for each in answers:
        assert scene.head[:7] in each
        assert "healthy" in each or "runs as part of" in each


def test_each_deploys_a_pull_request_of_their_own(scene: Scene) -> None:
    """Both get an answer, and never do two deployments run in one environment."""
    scene.project.permissions[OTHER] = "write"
    scene.forge.user_id(OTHER)
    scene.forge.push(SHOP, "other", {"deploy/a.yaml": config_map("a", of="other")})
    other = scene.forge.open_pull_request(SHOP, "other", author=OTHER)
    scene.work()
    wanted = ((scene.number, WRITER), (other.number, OTHER))
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda one: scene.forge.comment(SHOP, *one, "/deploy staging"), wanted))
        list(both.map(lambda _: route_repository(scene.tools, scene.repository), range(2)))
    scene.work()
    assert sorted(entry.who for entry in scene.audit()) == [WRITER, OTHER]
    while claims := taken(scene):
        assert len(claims) == 1
        end(scene, claims[0])
    assert [each for each in scene.deployed() if not each.state.ended] == []
    assert all(scene.replies(number) for number, _ in wanted)
