"""What of that which learners suggest comes into the log, and with which status.

Pure: the log calls it with all that there is to know. What people and applications decide passes; what learners suggest
is judged by the policy, kept free of secrets and of what was erased, and takes the place of what it contradicts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spanwise.collector.context.guards.personal import PAYMENT, masked, personal_data_in
from spanwise.collector.context.guards.secrets import secret_in
from spanwise.collector.context.policy import Consent, Handling, Policy, Verdict
from spanwise.collector.context.records import Key, Library, key_of
from spanwise.collector.context.story import is_decision, valid_from
from spanwise.collector.model import ContextUpdate, Evidence, Operation, Status
from spanwise.processors import derive_id, update

SUPERSEDING = "superseding"
VERSION = "1"
REASONED = frozenset({Operation.ADD, Operation.UPDATE})
"""What a policy judges. A user's wish to have something forgotten needs nobody's leave."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known beside the log itself."""

    consents: Mapping[tuple[str, str], Consent] = field(default_factory=dict)
    """By organisation and user; those who did not say are not in it."""
    erased: Collection[str] = ()
    """The ids of evidence that was erased, as `evidence_id` makes them."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was not kept. Its content is nobody's business any more."""

    org: str
    record_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Admission:
    updates: Sequence[ContextUpdate]
    dropped: Sequence[Dropped]


def evidence_id(org: str, evidence: Evidence) -> str:
    """Remembers that evidence was erased without remembering the evidence."""
    return derive_id("evidence", org, *evidence.source)


def admit(
    history: Iterable[ContextUpdate], updates: Sequence[ContextUpdate], policy: Policy, knowledge: Knowledge
) -> Admission:
    """Those of `updates` that say something new after `history`, and what follows from them, in order.

    `history` holds all updates of the records that are changed, and of those about the same subjects. Every update has
    the time `at` which it is learned.
    """
    return admit_into(Library(history), updates, policy, knowledge)


def admit_into(library: Library, updates: Sequence[ContextUpdate], policy: Policy, knowledge: Knowledge) -> Admission:
    """The same, where the library has the history; it has the admitted updates as well afterwards."""
    admitted: list[ContextUpdate] = []
    dropped: list[Dropped] = []
    for wanted in updates:
        judged = _judged(wanted, library, policy, knowledge)
        if isinstance(judged, Dropped):
            dropped.append(judged)
        elif told := library.tell(judged):
            admitted.append(told)
            admitted += _superseding(told, library)
    return Admission(admitted, dropped)


def _judged(wanted: ContextUpdate, library: Library, policy: Policy, knowledge: Knowledge) -> ContextUpdate | Dropped:
    held = replace(wanted, valid_from=valid_from(wanted))
    if is_decision(held.producer) or held.operation is Operation.ERASE or library.knows(held.id):
        return held
    kept = _without_erased(held, knowledge.erased)
    if held.evidence and not kept.evidence:
        return _dropped(held, "erased")
    if kept.operation not in REASONED:
        return kept
    verdict = policy.judge(kept, knowledge.consents.get((kept.scope.org, kept.scope.user or _user(kept))))
    return _guarded(kept, verdict, policy)


def _guarded(wanted: ContextUpdate, verdict: Verdict, policy: Policy) -> ContextUpdate | Dropped:
    if verdict.status is None:
        return _dropped(wanted, verdict.policy.partition(": ")[2])
    texts = (wanted.content, *(item.quote for item in wanted.evidence))
    if any(map(secret_in, texts)):
        return _dropped(wanted, "secret")
    ruled = replace(wanted, status=verdict.status, policy=verdict.policy, recurrence=verdict.recurrence)
    handling = _handling(ruled, policy)
    match handling:
        case Handling.DROP:
            return _dropped(wanted, "personal data")
        case Handling.MASK:
            evidence = tuple(replace(item, quote=masked(item.quote)) for item in ruled.evidence)
            return replace(ruled, content=masked(ruled.content), evidence=evidence)
        case Handling.PROPOSE if ruled.status is Status.ACTIVE:
            return replace(ruled, status=Status.PROPOSED, policy=f"{ruled.policy}, but has personal data")
    return ruled


def _handling(wanted: ContextUpdate, policy: Policy) -> Handling:
    """The strictest of what the policy says about the kinds of personal data in the update."""
    rules = policy.personal_data
    whose = rules.own if wanted.scope.user else rules.shared
    texts = (wanted.content, *(item.quote for item in wanted.evidence))
    found = {rules.payment if kind == PAYMENT else whose for text in texts for kind, _ in personal_data_in(text)}
    return max(found, key=tuple(Handling).index, default=Handling.KEEP)


def _without_erased(wanted: ContextUpdate, erased: Collection[str]) -> ContextUpdate:
    org = wanted.scope.org
    return replace(wanted, evidence=tuple(item for item in wanted.evidence if evidence_id(org, item) not in erased))


def _user(wanted: ContextUpdate) -> str:
    return next((item.user for item in wanted.evidence if item.user), "")


def _dropped(wanted: ContextUpdate, why: str) -> Dropped:
    return Dropped(wanted.scope.org, wanted.record_id, why)


def _superseding(told: ContextUpdate, library: Library) -> Iterable[ContextUpdate]:
    """The retractions that follow from what `told` says: of what it contradicts, or of its own record.

    Whichever of two is learned first, the one that was said later holds in the end, and the other one until then.
    """
    key = key_of(told)
    record = library.record(key)
    if record is None or not record.subject or told.operation not in REASONED:
        return
    rivals = library.rivals(record)
    for winner, loser in [*((key, rival) for rival in rivals), *((rival, key) for rival in rivals)]:
        for claim in library.claims(winner):
            retraction = _retraction(library, loser, claim, told)
            if retraction and (settled := library.tell(retraction)):
                yield settled


def _retraction(library: Library, loser: Key, claim: ContextUpdate, told: ContextUpdate) -> ContextUpdate | None:
    """Of the loser at the time of the claim, if it held until then."""
    id_ = derive_id(SUPERSEDING, *loser, claim.id)
    record = None if library.knows(id_) else library.before(loser, claim)
    if record is None or record.status is not Status.ACTIVE:
        return None
    retraction = update(
        Operation.RETRACT,
        record_id=record.id,
        kind=record.kind,
        scope=record.scope,
        content=record.content,
        status=Status.RETIRED,
        intent=told.intent,
        confidence=told.confidence,
        evidence=claim.evidence,
        producer=SUPERSEDING,
        version=VERSION,
        reason=f"the newer record {claim.record_id} is about the same: {record.subject}",
        subject=record.subject,
        superseded_by=claim.record_id,
        valid_from=valid_from(claim),
    )
    return replace(retraction, id=id_, at=told.at)
