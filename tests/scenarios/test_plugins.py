"""Processors and learners of another package: found when it is installed, and harmless when they misbehave."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.exporting import export
from tests.packages import install
from tests.processes import CollectorProcess, collector_process
from tests.requests import chat, request_bytes
from tests.waiting import wait_until

SOURCE = Path(__file__).parents[1] / "plugin"
AGENT = "test"  # the name of the service, where an agent says no name
SECRET = "Zanzibar"  # a word of users, which no log may have
OURS = ["The user is courteous.", "The user loves Zanzibar."]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the package, as pip installs it."""
    directory = tmp_path_factory.mktemp("plugin")
    return install(shutil.copytree(SOURCE, directory / "source"), directory / "installed")


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory, installed: Path) -> Iterator[CollectorProcess]:
    variables = {"PYTHONPATH": str(installed), "SPANWISE_PROCESSING__PLUGIN_SECONDS": "1"}
    with collector_process(tmp_path_factory.mktemp("collector"), variables) as started:
        yield started


@pytest.fixture(scope="module")
def channel(collector: CollectorProcess) -> Iterator[grpc.Channel]:
    with collector.channel() as opened:
        yield opened


def say(channel: grpc.Channel, user: str, word: str) -> None:
    """A user who thanks, who asks something to be remembered, and who says a word that plugins look for."""
    sentence = f"Remember that I love {SECRET}. Please {word} now. Thank you!"
    export(channel, request_bytes(chat(user, sentence)))


def known(channel: grpc.Channel, user: str) -> list[str]:
    """What is known of the user, by whichever learner."""
    request = wire.GetRequest(scope=wire.Scope(agent=AGENT, user=user), include_proposed=True)
    return sorted(record.content for record in ContextServiceStub(channel).Get(request).records)


def failures(collector: CollectorProcess, plugin: str, reason: str) -> float:
    return collector.metric("spanwise_plugin_failures_total", plugin=plugin, reason=reason)


def test_a_strangers_signals_are_written_and_its_updates_arrive(
    collector: CollectorProcess, channel: grpc.Channel
) -> None:
    updates = ContextServiceStub(channel).Watch(
        wire.WatchRequest(scope=wire.Scope(agent=AGENT, user="ada")), timeout=30
    )
    say(channel, "ada", "help")
    arrived = {update.content: update for update in (next(updates), next(updates))}
    updates.cancel()
    assert sorted(arrived) == OURS
    assert arrived["The user is courteous."].producer == "learner:courtesy"
    seen = "SELECT Detector, Quote, AgentName, Confidence FROM signals WHERE UserId = 'ada' AND Kind = 'user.thanks'"
    ((detector, quote, agent, confidence),) = collector.rows(seen)
    assert (detector, agent, confidence) == ("thanks", AGENT, 1.0)
    assert quote.endswith("Thank you!")


@pytest.mark.parametrize(
    ("word", "plugin", "reason"),
    [
        ("raise", "raising", "raised"),
        ("raise", "raising_learner", "raised"),
        ("be careless", "careless", "raised"),
        ("be careless", "careless_learner", "raised"),
        ("be sloppy", "sloppy", "raised"),
        ("be sloppy", "sloppy_learner", "raised"),
        ("hang", "hanging", "hung"),
        ("die", "dying", "hung"),
    ],
    ids=lambda value: str(value).replace(" ", "-"),
)
def test_a_plugin_that_misbehaves_is_counted_and_the_others_results_for_the_trace_are_written(
    collector: CollectorProcess, channel: grpc.Channel, word: str, plugin: str, reason: str
) -> None:
    before = failures(collector, plugin, reason)
    user = f"user of {plugin}"
    say(channel, user, word)
    wait_until(lambda: known(channel, user) == OURS, 40)
    wait_until(lambda: failures(collector, plugin, reason) > before)
    assert failures(collector, "thanks", "hung") == 0
    assert failures(collector, "memory", "hung") == 0
    assert collector.alive()


def test_traces_that_are_read_together_with_one_that_hangs_lose_nothing(
    collector: CollectorProcess, channel: grpc.Channel
) -> None:
    words = {f"user {number}": "hang" if number == 3 else "help" for number in range(8)}
    trouble = [chat(user, f"Remember that I love {SECRET}. Please {word}. Thank you!") for user, word in words.items()]
    export(channel, request_bytes(*trouble))
    wait_until(lambda: all(known(channel, user) == OURS for user in words), 40)


def test_a_plugin_that_hangs_again_and_again_is_left_out(collector: CollectorProcess, channel: grpc.Channel) -> None:
    for number in range(3):
        say(channel, f"patient {number}", "hang")
        wait_until(lambda user=f"patient {number}": known(channel, user) == OURS, 40)  # type: ignore[misc]
    counted = failures(collector, "hanging", "hung")
    assert "plugin hanging hung 3 times and is left out" in collector.log.read_text()
    say(channel, "lucky", "hang")
    wait_until(lambda: known(channel, "lucky") == OURS, 40)
    assert failures(collector, "hanging", "hung") == counted == 3


def test_a_plugin_that_cannot_be_imported_is_counted_and_reported_by_check(
    collector: CollectorProcess, channel: grpc.Channel
) -> None:
    assert failures(collector, "missing", "raised") > 0
    checked = collector.run("check")
    assert checked.returncode == 1
    assert "processor missing" in checked.stderr


def test_the_log_says_which_plugin_failed_on_which_trace_and_quotes_nobody(collector: CollectorProcess) -> None:
    log = collector.log.read_text()
    learners = ("raising_learner", "careless_learner", "sloppy_learner")
    for plugin in ("raising", "hanging", "dying", "careless", "sloppy", "missing", *learners):
        assert f"plugin {plugin} on trace " in log
    assert "ValueError at spanwise_test_plugin.py:" in log
    assert SECRET not in log
