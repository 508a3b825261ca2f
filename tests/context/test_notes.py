"""What models ask to have remembered: it is judged, and people decide."""

from __future__ import annotations

from datetime import timedelta

import pytest

from spanwise.collector.access import Caller, Denied
from spanwise.collector.context.desk import ContextDesk
from spanwise.collector.context.fenced import FencedDesk, Forgetting
from spanwise.collector.context.log import ContextLog
from spanwise.collector.context.policy import Consent
from spanwise.collector.context.policy_file import parse_policy
from spanwise.collector.context.reviewing import Verdict
from spanwise.collector.errors import NotFound, Rejected
from spanwise.collector.model import Intent, Origin, RecordKind, Scope, Status
from spanwise.collector.store import Store
from tests.context.conftest import Setting

TEA = "The user likes tea."
TRUSTING = """
[[rule]]
name = "trusting"
signal = ["note", "note.own"]
then = "activate"
"""


@pytest.fixture
def desk(setting: Setting, org: str) -> FencedDesk:
    return setting.desk_of(Caller(org))


@pytest.fixture
def ada(org: str) -> Scope:
    return Scope("", org, "ada")


@pytest.mark.parametrize("own", [True, False])
async def test_a_note_is_proposed_and_told_to_no_agent(desk: FencedDesk, ada: Scope, own: bool) -> None:
    noted = await desk.note(ada, TEA, "they said so", own=own)
    assert (noted.status, noted.kind, noted.intent) == (Status.PROPOSED, RecordKind.MEMORY, Intent.IMPLICIT)
    assert {item.said_by for item in noted.evidence} == {Origin.AGENT}
    assert not (await desk.get(ada)).prompt_section
    await desk.decide(noted.id, Verdict.APPROVE, person="ada")
    assert TEA in (await desk.get(ada)).prompt_section


@pytest.mark.parametrize(("own", "status"), [(True, Status.ACTIVE), (False, Status.PROPOSED)])
async def test_a_policy_can_trust_the_models_of_the_users_own_credential_alone(
    store: Store, setting: Setting, ada: Scope, own: bool, status: Status
) -> None:
    log = ContextLog(store, lambda: setting.now, setting.publish, parse_policy(TRUSTING))
    noted = await ContextDesk(log).note(ada, TEA, own=own)
    assert (noted.status, noted.kind) == (status, RecordKind.MEMORY)


async def test_what_a_person_rejected_no_model_brings_back(desk: FencedDesk, ada: Scope) -> None:
    noted = await desk.note(ada, TEA, own=True)
    await desk.decide(noted.id, Verdict.REJECT)
    assert (await desk.note(ada, TEA, "again", own=True)).status is Status.REJECTED


async def test_asking_twice_is_one_piece_of_evidence(desk: FencedDesk, ada: Scope) -> None:
    await desk.note(ada, TEA, own=True)
    assert len((await desk.note(ada, TEA, "again", own=True)).evidence) == 1


async def test_what_was_forgotten_can_be_noted_again(desk: FencedDesk, setting: Setting, ada: Scope) -> None:
    noted = await desk.note(ada, TEA, own=True)
    setting.now += timedelta(seconds=1)
    (gone,) = await desk.forget_note(ada, Forgetting(content="the user likes TEA"))
    setting.now += timedelta(seconds=1)
    again = await desk.note(ada, TEA, own=True)
    assert [(one.id, one.status) for one in (gone, again)] == [
        (noted.id, Status.RETIRED),
        (noted.id, Status.PROPOSED),
    ]


async def test_a_note_leaves_alone_what_the_user_said_themselves(desk: FencedDesk, ada: Scope) -> None:
    said = await desk.remember(ada, TEA)
    assert (await desk.note(ada, TEA, own=False)).status is Status.ACTIVE
    assert (await desk.history(said.id))[0].producer == "application"


@pytest.mark.parametrize("consent", [Consent.OFF, Consent.EXPLICIT_ONLY])
async def test_nothing_is_noted_of_a_user_who_does_not_want_it(desk: FencedDesk, ada: Scope, consent: Consent) -> None:
    await desk.set_consent("ada", consent)
    with pytest.raises(Rejected, match="consent"):
        await desk.note(ada, TEA, own=True)
    assert not await desk.records(ada)


async def test_what_is_refused(desk: FencedDesk, ada: Scope, org: str) -> None:
    for content, reason in (
        ("The key is AKIAIOSFODNN7EXAMPLE.", ""),
        (TEA, "The key is AKIAIOSFODNN7EXAMPLE."),
        ("", ""),
    ):
        with pytest.raises(Rejected):
            await desk.note(ada, content, reason, own=True)
    with pytest.raises(Rejected, match="user"):
        await desk.note(Scope("planner", org), TEA, own=False)
    with pytest.raises(Denied, match="single records"):
        await desk.forget_note(ada, Forgetting(everything=True))
    shared = await desk.remember(Scope("", org), "Everybody gets tea.")
    with pytest.raises(NotFound):
        await desk.forget_note(ada, Forgetting(record_id=shared.id))
