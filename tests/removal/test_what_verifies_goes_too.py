"""`verify` and `pushboat destroy`: the Job that verifies is no object of anybody else's, and afterwards all is new."""

from pushboat.model.state import State
from tests.fakes.prometheus import FakePrometheus
from tests.removal.conftest import Site
from tests.waves.conftest import config_map, job


def test_an_environment_that_verifies_is_destroyed_whole_and_begins_anew(site: Site) -> None:
    """The Job goes and is not said to stay; what is deployed next is compared with no number, as the first one."""
    site.settle()
    yard, prometheus = site.yard, FakePrometheus()
    try:
        compared = {"promql": "errors", "at": prometheus.url, "against": "previous", "within": "10%"}
        yard.more = {"verify": [{"job": "smoke"}, compared]}
        yard.allowing(verify_hosts=(prometheus.url,))
        assert yard.push(config_map("a"), job("smoke", {})).state is State.SUCCEEDED
        assert yard.job("smoke")

        ended = site.destroyed()
        assert ended.state is State.SUCCEEDED, ended.reason
        assert yard.job("smoke") is None
        assert "Job/smoke" not in site.stays(ended)
        assert "smoke" not in ended.details

        anew = yard.push(config_map("a", v="2"), job("smoke", {}))
        assert anew.state is State.SUCCEEDED, anew.reason
        assert prometheus.queries == []
    finally:
        prometheus.close()
