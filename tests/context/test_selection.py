"""What an agent is told when scopes disagree, and when there is too much to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spanwise.collector.context.policy_file import default_policy, parse_policy
from spanwise.collector.context.records import fold
from spanwise.collector.context.render import line_of, tokens
from spanwise.collector.context.selection import choose
from spanwise.collector.model import ContextUpdate, Scope
from tests.context.examples import learned, logged, quote

RUN = Scope("planner", "acme", "alice")
USER, AGENT, ORG = Scope("", "acme", "alice"), Scope("planner", "acme"), Scope("", "acme")


def about(content: str, scope: Scope, subject: str = "", said: Sequence[str] = ("c1",)) -> ContextUpdate:
    evidence = [quote(content, conversation) for conversation in said]
    return replace(learned(content, scope=scope, evidence=evidence), subject=subject)


def test_a_narrower_scope_overrides_and_says_so() -> None:
    records = fold(logged([about("Answer in English.", ORG, "language"), about("Answer in German.", USER, "language")]))
    choice = choose(records, RUN, default_policy())
    assert [one.content for one in choice.chosen] == ["Answer in German."]
    ((lost),) = choice.overridden
    assert (lost.record.content, lost.by.content) == ("Answer in English.", "Answer in German.")
    assert [one.content for one in choose(records, AGENT, default_policy()).chosen] == ["Answer in English."]


def test_different_subjects_stand_side_by_side() -> None:
    records = fold(logged([about("Answer in English.", ORG, "language"), about("Be brief.", USER, "length")]))
    assert choose(records, RUN, default_policy()).overridden == []


def test_a_budget_leaves_out_what_has_the_least_evidence() -> None:
    policy = parse_policy("[budget.user]\nrecords = 2")
    facts = [about("a", USER, said=["c1", "c2"]), about("b", USER), about("c", USER, said=["c1", "c2", "c3"])]
    choice = choose(fold(logged(facts)), RUN, policy)
    assert [one.content for one in choice.chosen] == ["c", "a"]
    assert [one.content for one in choice.left_out] == ["b"]


def test_a_budget_of_tokens_is_kept_by_each_scope() -> None:
    policy = parse_policy("[budget.user]\ntokens = 100\n[budget.org]\ntokens = 50")
    facts = [about(f"fact {number} " + "word " * 10, scope) for number in range(20) for scope in (USER, ORG)]
    choice = choose(fold(logged(facts)), RUN, policy)
    for scope, budget in ((USER, 100), (ORG, 50)):
        kept = [one for one in choice.chosen if one.scope == scope]
        assert 0 < sum(tokens(line_of(one)) + 1 for one in kept) <= budget
    assert len(choice.chosen) + len(choice.left_out) == len(facts)


def test_tokens_of_scripts() -> None:
    assert tokens("word" * 10) == 10
    assert tokens("你好") == 2
    assert tokens("") == 0
