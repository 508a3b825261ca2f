"""Kafka between the roles, each a process of its own: what is acknowledged is stored once, whatever happens to whom."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import grpc
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from spanwise.collector.otlp.traces import ENTRY, Traces
from spanwise.collector.roles.notices import to_records
from spanwise.v1 import context_pb2 as wire
from spanwise.v1.context_pb2_grpc import ContextServiceStub
from tests.brokers.cluster import Cluster, kafka_cluster
from tests.exporting import export
from tests.requests import attribute, chat, request_bytes, span
from tests.scenarios.conftest import Deploy, Scale
from tests.scenarios.deployment import Deployment, Load
from tests.scenarios.foreign import publish_foreign, publish_notices
from tests.waiting import wait_until

SEED = 9092
STORES = {"store_1": ["store"], "store_2": ["store"]}
LEARNING = ["process", "context"]

Tell = Callable[[str], None]

pytestmark = pytest.mark.timeout(3600)


@pytest.fixture(scope="module")
def stoppable(tmp_path_factory: pytest.TempPathFactory, jars: str) -> Iterator[Cluster]:
    """A broker that may be stopped, since nobody else uses it."""
    with kafka_cluster(tmp_path_factory.mktemp("stoppable"), jars) as started:
        yield started


def test_killing_roles_and_the_store_at_random_loses_nothing_and_stores_nothing_twice(
    cluster: Cluster, deploy: Deploy, scale: Scale, tell: Tell
) -> None:
    chance = random.Random(SEED)
    victims: list[str] = []
    with deploy(cluster) as deployed:
        deployed.add_all(receive=["receive"], process=LEARNING, **STORES)
        with Load([deployed.receiver] * 4) as load:
            programs = {**deployed.roles, "serve-store": deployed.store}
            for _ in range(scale.kills // len(programs)):
                victims += chance.sample(sorted(programs), len(programs))
            for name in victims:
                time.sleep(chance.random() * 3)
                programs[name].kill()
                time.sleep(chance.random() * 2)
                programs[name].start()
        deployed.until_stored(load.acknowledged)
        deployed.until_processed()
        assert load.refusals, "the kills did not hit requests in flight"
        tell(f"{len(victims)} kills, {len(load.acknowledged):,} spans stored once, {load.refusals.total()} tries again")


def test_brokers_that_are_away_are_unavailable_to_senders_until_they_are_back(
    stoppable: Cluster, deploy: Deploy, scale: Scale, tell: Tell
) -> None:
    with deploy(stoppable) as deployed:
        deployed.add_all(receive=["receive"], store=["store"])
        with Load([deployed.receiver] * 4) as load:
            time.sleep(3)
            stoppable.kill()
            time.sleep(scale.outage)
            assert load.refusals[grpc.StatusCode.UNAVAILABLE] > 0
            stoppable.start()
            before = len(load.acknowledged)
            wait_until(lambda: len(load.acknowledged) > before + 50, 90)
        assert set(load.refusals) == {grpc.StatusCode.UNAVAILABLE}
        deployed.until_stored(load.acknowledged)
        tell(f"away for {scale.outage:g} s, {len(load.acknowledged):,} spans stored once, "
             f"UNAVAILABLE {load.refusals.total()} times")  # fmt: skip


def test_while_the_store_is_away_the_lag_grows_and_the_memory_does_not(
    cluster: Cluster, deploy: Deploy, scale: Scale, tell: Tell
) -> None:
    with deploy(cluster, SPANWISE_STORING__BATCH_BYTES="200000", SPANWISE_KAFKA__FETCH_BYTES="100000") as deployed:
        deployed.add_all(receive=["receive"], store=["store"])
        with Load([deployed.receiver] * 4, spans_each=50) as load:
            time.sleep(5)
            memory = psutil.Process(deployed.roles["store"].pid).memory_info
            deployed.store.kill()
            time.sleep(scale.outage / 4)
            rss, lag = memory().rss, deployed.lag("store")
            time.sleep(scale.outage * 3 / 4)
            grown = memory().rss - rss
            wait_until(lambda: deployed.lag("store") > lag + 50, 20)
            longest = deployed.lag("store")
            deployed.store.start()
        assert grown < 30_000_000
        deployed.until_stored(load.acknowledged, 60 + 5 * scale.outage)  # in batches this small it takes its time
        wait_until(lambda: deployed.lag("store") == 0, 30)
        tell(f"away for {scale.outage:g} s: lag up to {longest:,.0f} records, {grown / 1e6:+.1f} MB; then stored once")


def test_a_sentence_becomes_a_memory_across_processes_and_its_way_is_timed(
    cluster: Cluster, deploy: Deploy, tell: Tell
) -> None:
    with deploy(cluster) as deployed:
        deployed.add_all(receive=["receive"], store=["store"], process=LEARNING)
        with grpc.insecure_channel(deployed.receiver) as channel:
            export(channel, request_bytes(chat("ada", "Remember that I prefer metric units.")))
        learned = "SELECT Content FROM context WHERE UserId = 'ada' AND Status = 'active'"
        wait_until(lambda: len(deployed.rows(learned)) == 1, 60)
        to_row = deployed.metrics("store")["spanwise_seconds_to_row_sum"][()]
        wait_until(lambda: deployed.metrics("process")["spanwise_seconds_to_update_count"][()] == 1)
        to_update = deployed.metrics("process")["spanwise_seconds_to_update_sum"][()]
        assert 0 < to_row < to_update < 60
        tell(f"from arrival to row {to_row:.2f} s, to context update {to_update:.2f} s, the first of the processes")


def test_what_one_context_process_is_told_another_answers(cluster: Cluster, deploy: Deploy, tell: Tell) -> None:
    with deploy(cluster) as deployed:
        deployed.add_all(receive=["receive"], store=["store"], process=["process"], one=["context"], two=["context"])
        one, two = (grpc.insecure_channel(f"127.0.0.1:{deployed.ports[name][0]}") for name in ("one", "two"))
        scope = wire.Scope(user="ada")
        with grpc.insecure_channel(deployed.receiver) as channel, one, two:
            watched = ContextServiceStub(two).Watch(wire.WatchRequest(scope=scope), timeout=60)
            export(channel, request_bytes(chat("ada", "Remember that I prefer metric units.")))
            assert next(watched).content == "The user prefers metric units."
            begin = time.monotonic()
            ContextServiceStub(one).Remember(wire.RememberRequest(scope=scope, content="Ada owns a boat."))
            assert next(watched).content == "Ada owns a boat."
            took = time.monotonic() - begin
            get = wire.GetRequest(scope=scope)
            assert ContextServiceStub(one).Get(get) == ContextServiceStub(two).Get(get)
        asked = {"SPANWISE_RECEIVE__LISTEN": f"127.0.0.1:{deployed.ports['one'][0]}"}
        replayed = deployed.command("replay", "--since", "1h", environment=asked)
        assert replayed.returncode == 0, replayed.stderr
        assert deployed.rows("SELECT count(), uniqExact(Position) FROM context_updates") == [(2, 2)]
        tell(f"a watcher of the other saw it after {took:.2f} s; a replay changed nothing")


def test_a_deliver_role_that_is_killed_tells_the_topic_and_a_store_each_update_once(
    cluster: Cluster, deploy: Deploy, tell: Tell, tmp_path: Path
) -> None:
    stores = json.dumps({"folders": {"url": f"file://{tmp_path / 'folders'}"}})
    with deploy(cluster, SPANWISE_DELIVER__STORES=stores) as deployed:
        deployed.add_all(receive=["receive"], store=["store"], process=LEARNING, deliver=["deliver"])
        users = {f"user-{number}" for number in range(60)}
        with grpc.insecure_channel(deployed.receiver) as channel:
            for number, user in enumerate(sorted(users)):
                export(channel, request_bytes(chat(user, "Remember that I prefer metric units.")))
                if number % 20 == 10:
                    deployed.roles["deliver"].kill()
                    deployed.roles["deliver"].start()
        log = "SELECT UserId, Position FROM context_updates ORDER BY Position"
        wait_until(lambda: {user for user, _ in deployed.rows(log)} == users, 90)
        expected = sorted(position for _, position in deployed.rows(log))
        topic = f"{deployed.settings['SPANWISE_KAFKA__TOPIC_PREFIX']}context"
        wait_until(lambda: len(asyncio.run(_positions(cluster, topic))) >= len(expected), 60)
        assert sorted(asyncio.run(_positions(cluster, topic))) == expected
        wait_until(lambda: deployed.command("deliver", "verify", "folders", "--dry-run").returncode == 0, 60)
        tell(f"killed 3 times, {len(expected)} updates on the topic once, the folders equal the log")


async def _positions(cluster: Cluster, topic: str) -> Sequence[int]:
    """Of every record that is committed on the topic."""
    reader = AIOKafkaConsumer(bootstrap_servers=list(cluster.addresses), isolation_level="read_committed")
    found: list[int] = []
    async with reader:
        at = [TopicPartition(topic, number) for number in range(3)]
        reader.assign(at)
        await reader.seek_to_beginning(*at)
        ends = await reader.end_offsets(at)
        while any([await reader.position(one) < ends[one] for one in at]):
            for records in (await reader.getmany(timeout_ms=200)).values():
                found += [int(dict(one.headers)["position"]) for one in records]
    return found


def test_consumers_come_and_go_during_load(cluster: Cluster, deploy: Deploy, tell: Tell) -> None:
    with deploy(cluster) as deployed:
        deployed.add_all(receive=["receive"], store_1=["store"])
        with Load([deployed.receiver] * 4) as load:
            for number in range(2, 5):
                deployed.add(f"store_{number}", "store")
                time.sleep(2)
                assert deployed.roles[f"store_{number - 1}"].stop() == 0
                time.sleep(2)
        deployed.until_stored(load.acknowledged)
        tell(f"3 came, 3 went, {len(load.acknowledged):,} spans stored once")


def test_a_poison_record_goes_to_the_dead_letters_and_its_neighbours_to_the_store(
    cluster: Cluster, deploy: Deploy, tell: Tell
) -> None:
    with deploy(cluster, SPANWISE_ORG="acme") as deployed:
        deployed.add_all(receive=["receive"], store=["store"])
        good = [span(f"good {number}") for number in range(50)]
        records = [request_bytes(one) for one in good]
        mixed = request_bytes(fine := span("fine"), span("bad", span_id=b"short"))
        publish_foreign(deployed, [*records[:25], b"\xffpoison", mixed, *records[25:]])
        deployed.until_stored({one.span_id.hex() for one in [*good, fine]})
        assert {org for (org,) in deployed.rows("SELECT DISTINCT Org FROM otel_traces")} == {"acme"}

        listed = wait_until(lambda: [
            letters for letters in [_dead_letters(deployed.command("dead-letters", "list", "--json").stdout)]
            if len(letters) == 2
        ])[0]  # fmt: skip
        poison = next(one for one in listed if one["part"] == "all")
        part = next(one for one in listed if one["part"] == "some spans")
        assert "'bad': span_id has 5 bytes instead of 8" in part["reason"]
        shown = deployed.command("dead-letters", "show", poison["id"], "--bytes")
        assert shown.stdout.encode(errors="surrogateescape") == b"\xffpoison"
        assert deployed.command("dead-letters", "replay", poison["id"]).returncode == 0
        # The cause is in the bytes: it comes back, from its new place, and nothing else does.
        wait_until(lambda: poison["id"] not in [one["id"] for one in _dead_letters(
            deployed.command("dead-letters", "list", "--json").stdout)])  # fmt: skip
        deployed.until_stored({one.span_id.hex() for one in [*good, fine]})
        tell("its 51 neighbours are stored; it and a bad span are dead letters")


def test_a_large_request_is_split_and_a_span_that_fits_nowhere_is_named(
    cluster: Cluster, deploy: Deploy, scale: Scale, tell: Tell
) -> None:
    with deploy(cluster) as deployed:
        deployed.add_all(receive=["receive"], store=["store"])
        small = [span("small", attribute("text", "x" * 150)) for _ in range(scale.request_bytes // 240)]
        huge = span("huge", attribute("text", "x" * 5_000_000))
        data = request_bytes(*small[: len(small) // 2], huge, *small[len(small) // 2 :])
        options = [("grpc.max_send_message_length", -1)]
        with grpc.insecure_channel(deployed.receiver, options) as channel:
            answer = export(channel, data, seconds=120)
        assert answer.partial_success.rejected_spans == 1
        assert "'huge': 5,000," in answer.partial_success.error_message
        deployed.until_stored({one.span_id.hex() for one in small}, 240)
        tell(f"{len(data) / 1e6:.0f} MB: {len(small):,} spans stored once, the one of 5 MB refused by name")


def test_stopping_while_the_brokers_are_down_takes_no_longer_than_it_may(
    stoppable: Cluster, deploy: Deploy, tell: Tell
) -> None:
    with deploy(stoppable) as deployed:
        deployed.add_all(receive=["receive"], store=["store"], process=LEARNING)
        data = request_bytes(span())
        with grpc.insecure_channel(deployed.receiver) as channel:
            export(channel, data)
            stoppable.kill()
            with pytest.raises(grpc.RpcError):
                export(channel, request_bytes(span()))
        took = 0.0
        for program in deployed.roles.values():
            begin = time.monotonic()
            assert program.stop() == 0, program.log.read_text()[-3000:]
            took = max(took, time.monotonic() - begin)
        stoppable.start()
        assert took < 25  # receive.shutdown_seconds, and five for each connection to the brokers
        tell(f"the slowest role stopped in {took:.1f} s")


def test_a_slow_processor_does_not_slow_storage(cluster: Cluster, deploy: Deploy, tell: Tell) -> None:
    with deploy(cluster) as deployed:
        deployed.add_all(receive=["receive"], store=["store"], process=LEARNING)
        deployed.roles["process"].signal(signal.SIGSTOP)  # as slow as can be
        with Load([deployed.receiver] * 4) as load:
            time.sleep(6)
        deployed.until_stored(load.acknowledged, 20)
        deployed.roles["process"].signal(signal.SIGCONT)
        deployed.until_processed()
        tell(f"{len(load.acknowledged):,} spans stored while it stood still, processed afterwards")


def test_how_far_processing_is_behind_is_told_and_no_longer_of_partitions_that_went(
    cluster: Cluster, deploy: Deploy, tell: Tell
) -> None:
    with deploy(cluster, SPANWISE_PROCESSING__PAUSE_PER_SPAN_SECONDS="2") as deployed:
        deployed.add_all(receive=["receive"], store=["store"], process=LEARNING)
        trace, waits = os.urandom(16), partial(_waiting, deployed, "process")
        with grpc.insecure_channel(deployed.receiver) as channel:
            export(channel, request_bytes(span(trace_id=trace), span(trace_id=trace)))
            deployed.until_processed()
            assert waits() == (0, 0)
            export(channel, request_bytes(span(trace_id=trace)))  # the trace has not doubled: it waits for a pause
        wait_until(lambda: waits()[0] == 1 and waits()[1] > 1)
        wait_until(lambda: waits() == (0, 0))
        deployed.until_processed()

        deployed.add("other", *LEARNING)
        lag = deployed.partitions
        wait_until(lambda: len(lag("process")) < 3 and {*lag("process"), *lag("other")} == {0, 1, 2}, 60)
        moving = set(lag("other"))
        deployed.store.kill()
        deployed.roles["other"].kill()
        (notice,) = to_records([Traces("default", ENTRY.pack(trace, 1))], datetime.now(UTC), None)
        publish_notices(deployed, [notice] * 5)
        # What came here cannot be taken over without the store, and is known to wait; what was here is scheduled.
        wait_until(lambda: [lag("process").get(one, (0, 0.0))[0] for one in moving] == [5] * len(moving), 60)
        assert all(lag("process")[one][1] > 0 for one in moving)
        assert all(lag("process")[one] == (0, 0) for one in {0, 1, 2} - moving)
        deployed.store.start()
        wait_until(lambda: set(lag("process").values()) == {(0, 0)}, 60)
        wait_until(lambda: waits() == (0, 0), 60)
        tell(f"a trace that waits, and {5 * len(moving)} records on partitions that came here while the store was away")


def _waiting(deployed: Deployment, name: str) -> tuple[float, float]:
    """Traces to be read, and seconds since the oldest was stored."""
    metrics = deployed.metrics(name)
    return metrics["spanwise_waiting_traces"][()], metrics["spanwise_waiting_seconds"][()]


def test_a_repeated_request_is_stored_once_even_by_another_consumer(
    cluster: Cluster, deploy: Deploy, tell: Tell
) -> None:
    with deploy(cluster) as deployed:
        deployed.add_all(receive=["receive"], store_1=["store"])
        requests = [[span(), span()] for _ in range(20)]
        sent = {one.span_id.hex() for spans in requests for one in spans}
        with grpc.insecure_channel(deployed.receiver) as channel:
            for spans in requests:
                export(channel, request_bytes(*spans))
            deployed.until_stored(sent)
            for spans in requests[:10]:
                export(channel, request_bytes(*spans))
            deployed.roles["store_1"].kill()
            deployed.add("store_2", "store")
            for spans in requests:
                export(channel, request_bytes(*spans))
        name = "spanwise_repeated_requests_total"
        wait_until(lambda: sum(deployed.metrics("store_2")[name].values()) >= 20, 60)
        deployed.until_stored(sent)
        tell("20 requests, 30 repetitions, a consumer killed between them: stored once")


def test_a_store_role_that_stands_still_in_the_middle_of_an_insert_stores_nothing_twice(
    cluster: Cluster, deploy: Deploy, scale: Scale, tell: Tell
) -> None:
    with deploy(cluster) as deployed:
        deployed.add_all(receive=["receive"], **STORES)
        moved = 0
        with Load([deployed.receiver] * 4) as load:
            for number in range(scale.pauses):
                victim, other = (f"store_{number % 2 + 1}", f"store_{(number + 1) % 2 + 1}")
                deployed.store.signal(signal.SIGSTOP)  # so that an insert is on its way
                time.sleep(0.5)
                deployed.roles[victim].signal(signal.SIGSTOP)
                deployed.store.signal(signal.SIGCONT)
                wait_until(lambda name=other: len(deployed.metrics(name).get("spanwise_lag_records", {})) == 3, 60)  # type: ignore[misc]
                moved += 1
                time.sleep(2)
                deployed.roles[victim].signal(signal.SIGCONT)
                wait_until(lambda name=victim: len(deployed.metrics(name).get("spanwise_lag_records", {})) > 0, 60)  # type: ignore[misc]
        deployed.until_stored(load.acknowledged)
        tell(f"{moved} times all partitions moved meanwhile; {len(load.acknowledged):,} spans stored once")


def test_one_of_three_brokers_is_killed_and_replaced(tmp_path: Path, jars: str, deploy: Deploy, tell: Tell) -> None:
    with kafka_cluster(tmp_path / "brokers", jars, 3) as three, deploy(three) as deployed:
        deployed.add_all(receive=["receive"], store=["store"])
        with Load([deployed.receiver] * 4) as load:
            time.sleep(3)
            lost = three.brokers[1]
            lost.kill()
            before = len(load.acknowledged)
            wait_until(lambda: len(load.acknowledged) > before + 100, 90)
            shutil.rmtree(lost.directory)
            lost.format()
            lost.start()
            lost.until_ready()
            time.sleep(5)
            three.brokers[0].kill()  # what is left are the new one and one that saw everything
            before = len(load.acknowledged)
            wait_until(lambda: len(load.acknowledged) > before + 100, 90)
        deployed.until_stored(load.acknowledged)
        tell(f"{len(load.acknowledged):,} spans stored once, {load.refusals.total()} tries again")


def _dead_letters(lines: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in lines.splitlines()]
