"""Stores are found like any plug-in, settings say what is wrong, and the page of an erased record tells it once."""

from __future__ import annotations

import pytest

from spanwise.collector.deliver.delivery import find
from spanwise.collector.deliver.reading import PAGE
from spanwise.collector.errors import Rejected
from spanwise.collector.settings import InvalidSettings, load_settings
from tests.deliver.examples import History


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "redis", "rediss", "file", "https", "http", "kafka"])
def test_a_built_in_store_comes_in_through_the_same_door(scheme: str) -> None:
    assert callable(find(scheme))


def test_a_store_that_nobody_offers_is_named_with_those_that_there_are() -> None:
    with pytest.raises(Rejected, match=r"begin gopher:; there are .*postgresql"):
        find("gopher")


@pytest.mark.parametrize(
    "stores", ['{"crm": {"url": "pass-word"}}', '{"crm": {"urls": "postgresql://a:pass-word@b/c"}}']
)
def test_complaints_do_not_repeat_what_may_be_secret(stores: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPANWISE_DELIVER__STORES", stores)
    with pytest.raises(InvalidSettings, match=r"deliver\.stores\.crm") as raised:
        load_settings()
    assert "pass-word" not in str(raised.value)


def test_the_topic_is_filled_without_being_told_to_where_the_bus_is_kafka(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().stores_to_deliver.stores == {}
    monkeypatch.setenv("SPANWISE_BUS", "kafka://localhost:9092")
    assert list(load_settings().stores_to_deliver.stores) == ["topic-context"]
    monkeypatch.setenv("SPANWISE_DELIVER__STORES", '{"mine": {"url": "kafka:"}}')
    assert list(load_settings().stores_to_deliver.stores) == ["mine"]


async def test_pages_tell_what_became_of_records_and_nothing_of_what_they_never_were(history: History) -> None:
    begin = await history.reader.end()
    kept = await history.say("kept")
    await history.reword(kept, "kept, in other words")
    erased = await history.say("erased")
    await history.erase(erased)
    page = await history.reader.page(begin, begin + PAGE, history.selection)
    told = [(one.key.record, one.record.content if one.record else None, one.erased) for one in page.changes]
    assert told == [
        (kept, "kept", False),
        (kept, "kept, in other words", False),
        (erased, "erased", False),
        (erased, None, True),
    ]
    assert not any(one.update.evidence or (one.record and one.record.evidence) for one in page.changes)
    elsewhere = await history.reader.page(begin, begin + PAGE, history.selection.within("somebody-else"))
    assert elsewhere.changes == []
