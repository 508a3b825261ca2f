"""What is forgotten is gone: from the answers, the tables, the log, the files, and for who would bring it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.erasure.disk import files_with
from tests.exporting import export
from tests.processes import CollectorProcess
from tests.requests import attributes, request_bytes, span
from tests.waiting import wait_until

SECRET = f"zorblax{uuid4().hex}"
"""Stands for what a person wants to be forgotten: nothing else says it, and no compressor can guess a part of it."""
SENTENCE = f"Remember that my favourite tea is {SECRET}."
LESSON = "Remember that I have two dogs."


def spoken(user: str, text: str, conversation: str, trace: int, **more: Any) -> Any:
    messages = [{"role": "user", "parts": [{"type": "text", "content": text}]}]
    known = {
        "gen_ai.operation.name": "chat",
        "gen_ai.agent.name": "test",
        "gen_ai.input.messages": json.dumps(messages),
        "gen_ai.conversation.id": conversation,
        "user.id": user,
    }
    return span("chat", *attributes({**known, **more}), trace_id=trace.to_bytes(16, "big"))


def send(collector: CollectorProcess, *spans: Any) -> bytes:
    data = request_bytes(*spans)
    with collector.channel() as channel:
        export(channel, data)
    return data


def run(collector: CollectorProcess, *arguments: str) -> str:
    finished = collector.run(*arguments)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def tables_with(collector: CollectorProcess, words: str) -> set[str]:
    """The tables that have parts, active or not, in whose files the words are."""
    files = files_with(collector.data, words)
    parts = collector.rows("SELECT table, path FROM system.parts WHERE database = currentDatabase()")
    return {table for table, path in parts if any(file.startswith(_below(collector, path)) for file in files)}


def _below(collector: CollectorProcess, path: str) -> str:
    return str(Path(path).resolve().relative_to(collector.data.resolve()))


def count(collector: CollectorProcess, table: str, where: str) -> int:
    ((rows,),) = collector.rows(f"SELECT count() FROM {table} WHERE {where}")
    return int(rows)


def processed(collector: CollectorProcess) -> None:
    """Wait until every trace was read."""
    due = "SELECT count() FROM (SELECT TraceId FROM otel_traces EXCEPT SELECT TraceId FROM processed)"
    wait_until(lambda: collector.rows(due) == [(0,)])


def test_after_forgetting_a_user_no_byte_is_left(collector: CollectorProcess, tmp_path: Path) -> None:
    attribute = {"shop.note": f"{SECRET} again"}
    send(collector, spoken("ada", SENTENCE, "tea", 1, **attribute), spoken("bob", LESSON, "dogs", 2))
    old = send(collector, spoken("", f"And with milk? ({SECRET})", "tea", 3))  # names no user
    wait_until(lambda: count(collector, "context", "Status = 'active'") == 2)
    processed(collector)
    assert SECRET in run(collector, "context", "get", "--user", "ada")
    assert tables_with(collector, SECRET) >= {"otel_traces", "signals", "context_updates"}, (
        "or the search finds nothing"
    )

    receipt = tmp_path / "receipt.json"
    run(collector, "context", "forget", "--user", "ada", "--reason", "asked by mail", "--receipt", str(receipt))

    assert files_with(collector.data, SECRET) == []
    assert SECRET not in collector.log.read_text() + receipt.read_text()
    assert SECRET not in run(collector, "context", "get", "--user", "ada")
    assert SECRET not in run(collector, "context", "get", "--user", "ada", "--as-of", "1s")
    assert "two dogs" in run(collector, "context", "get", "--user", "bob")
    proof = json.loads(receipt.read_text())
    assert proof["erased"] == {"traces": 2, "spans": 2, "signals": 1, "records": 1, "evidence": 0, "told": 0}
    assert proof["reason"] == "asked by mail"

    send(collector, spoken("ada", SENTENCE, "tea", 1))  # of an erased trace, as a topic read anew brings it
    with collector.channel() as channel:
        export(channel, old)
    send(collector, spoken("ada", SENTENCE, "tea", 4))  # the conversation goes on, and repeats what was said
    processed(collector)
    run(collector, "replay", "--since", "1h")
    assert count(collector, "otel_traces", f"TraceId IN ('{1:032x}', '{3:032x}')") == 0
    assert count(collector, "signals", f"position(Quote, '{SECRET}') > 0") == 0
    assert "Nothing is known" in run(collector, "context", "get", "--user", "ada")

    assert "Verified" in run(collector, "context", "forget", "--verify", str(receipt))
    send(collector, spoken("ada", f"{SENTENCE} I said it again.", "later", 5))  # another conversation is another word
    wait_until(lambda: SECRET in run(collector, "context", "get", "--user", "ada"))
    assert "Verified" in run(collector, "context", "forget", "--verify", str(receipt))


def test_a_receipt_that_was_changed_is_none(collector: CollectorProcess, tmp_path: Path) -> None:
    send(collector, spoken("eve", "Remember that I like gardens.", "garden", 20))
    wait_until(lambda: count(collector, "context", "UserId = 'eve' AND Status = 'active'") == 1)
    receipt = tmp_path / "receipt.json"
    run(collector, "context", "forget", "--trace", f"{20:032x}", "--receipt", str(receipt))
    assert "Nothing is known" in run(collector, "context", "get", "--user", "eve")
    receipt.write_text(receipt.read_text().replace('"spans": 1', '"spans": 7'))
    refused = collector.run("context", "forget", "--verify", str(receipt))
    assert refused.returncode == 1
    assert "changed after it was given out" in refused.stderr
    receipt.write_text("{}")
    assert "receipt" in collector.run("context", "forget", "--verify", str(receipt)).stderr


def test_what_others_said_as_well_stays_without_the_words_of_the_forgotten(collector: CollectorProcess) -> None:
    word = f"kitchen{uuid4().hex}"
    everybody = f"Remember for everyone on the team that the {word} closes at five."
    send(collector, spoken("carl", everybody, "k1", 30), spoken("dora", everybody, "k2", 31))
    wait_until(lambda: count(collector, "context", "position(Content, 'kitchen') > 0") == 1)
    processed(collector)
    (record,) = [
        record
        for line in run(collector, "context", "list", "--json").splitlines()
        if "kitchen" in (record := json.loads(line))["content"]
    ]
    assert {item["user"] for item in record["evidence"]} == {"carl", "dora"}
    (proof,) = [
        json.loads(line) for line in run(collector, "context", "forget", "--user", "carl", "--json").splitlines()
    ]
    assert (proof["erased"]["evidence"], proof["erased"]["records"]) == (1, 0)
    shown = json.loads(run(collector, "context", "explain", record["id"], "--json"))
    assert {item["user"] for item in shown["evidence"]} == {"dora"}
    run(collector, "context", "forget", "--user", "dora")
    assert count(collector, "context", "position(Content, 'kitchen') > 0") == 0
    assert files_with(collector.data, word) == []


def test_forgetting_a_record_leaves_tombstones_and_history_says_so(collector: CollectorProcess) -> None:
    send(collector, spoken("fred", "Remember that I prefer aisle seats.", "seats", 40))
    wait_until(lambda: count(collector, "context", "UserId = 'fred' AND Status = 'active'") == 1)
    ((record,),) = collector.rows("SELECT RecordId FROM context WHERE UserId = 'fred'")
    run(collector, "context", "forget", record)
    steps = [json.loads(line) for line in run(collector, "context", "history", record, "--json").splitlines()]
    assert {step["operation"] for step in steps} == {"OPERATION_ERASE"}
    assert not any(step.get("content") or step.get("evidence") for step in steps)
    assert count(collector, "otel_traces", f"TraceId = '{40:032x}'") == 0


def test_what_other_conversations_were_told_of_a_record_is_taken_out(collector: CollectorProcess) -> None:
    """In the words of two clients: the conventions' attribute, and a message that had to be mapped."""
    word = f"grotto{uuid4().hex}"
    send(collector, spoken("hana", f'Remember that my dog is called "Rex" {word}.', "kennel", 60))
    wait_until(lambda: count(collector, "context", "UserId = 'hana' AND Status = 'active'") == 1)
    ((record,),) = collector.rows("SELECT RecordId FROM context WHERE UserId = 'hana'")
    section = "Be kind.\n\n" + run(collector, "context", "get", "--user", "hana") + "\nBe brief."
    assert word in section
    new = json.dumps([{"type": "text", "content": section}])
    old = {"gen_ai.prompt.0.role": "system", "gen_ai.prompt.0.content": section}
    mapped = span("chat", *attributes({"user.id": "hana", **old}), trace_id=(62).to_bytes(16, "big"))
    send(collector, spoken("hana", "Hello.", "told", 61, **{"gen_ai.system_instructions": new}), mapped)
    wait_until(lambda: count(collector, "signals FINAL", "Kind = 'context.exposure' AND UserId = 'hana'") == 2)
    processed(collector)
    (proof,) = [json.loads(line) for line in run(collector, "context", "forget", record, "--json").splitlines()]
    erased = proof["receipt"]["erased"]
    assert (erased["told"], erased["traces"]) == (2, 1)
    assert files_with(collector.data, word) == []
    ((kept,),) = collector.rows("SELECT SystemInstructions FROM otel_traces WHERE ConversationId = 'told'")
    (instructions,) = json.loads(kept)
    assert instructions["content"].startswith("Be kind.\n")
    assert instructions["content"].endswith("\n\n[erased]\n\n\nBe brief.")
    assert count(collector, "signals FINAL", "Kind = 'context.exposure' AND UserId = 'hana'") == 0


def test_forgetting_the_organisation(collector: CollectorProcess) -> None:
    send(collector, spoken("gina", "Remember that I prefer window seats.", "seats", 50))
    wait_until(lambda: count(collector, "context", "UserId = 'gina' AND Status = 'active'") == 1)
    run(collector, "context", "forget", "--organisation")
    assert [count(collector, table, "1") for table in ("otel_traces", "signals")] == [0, 0]
    assert count(collector, "context_updates", "Content != '' OR Evidence != '[]'") == 0
    assert files_with(collector.data, "window seats") == []
