"""The routes of the context: translations between HTTP and the desk, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Header, Path, Query, Request
from fastapi.security import HTTPBearer
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import AwareDatetime

from spanwise.collector.context.fenced import FencedDesk, Forgetting
from spanwise.collector.context.http.bodies import (
    ConsentBody,
    ContextBody,
    EditBody,
    EvidenceBody,
    ExplanationBody,
    ForgetBody,
    OverriddenBody,
    RateBody,
    RatesBody,
    Reasoned,
    RecordBody,
    RecordsBody,
    RememberBody,
    ReviewBody,
    ReviewItemBody,
    SetConsentBody,
    UpdatesBody,
    record_body,
    update_body,
)
from spanwise.collector.context.http.problems import RESPONSES
from spanwise.collector.context.reviewing import Verdict
from spanwise.collector.context.wire import position_from_wire, position_to_wire
from spanwise.collector.errors import Busy
from spanwise.collector.model import Record, Scope, Status

User = Annotated[str, Query(max_length=1_000, description="For whom the agent runs.")]
Agent = Annotated[str, Query(max_length=1_000, description="The agent's name.")]
RecordId = Annotated[str, Path(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=10_000)]
AGAIN_MILLISECONDS = 1_000
"""After which a client comes back whose stream of changes has ended."""


@dataclass(frozen=True)
class Following:
    """What to follow, and from where on."""

    user: User = ""
    agent: Agent = ""
    after: Annotated[str, Query(description="A position, from an event or from `GET /v1/context`.")] = ""
    include_narrower: Annotated[bool, Query(description="Also the updates of narrower scopes.")] = False
    last_event_id: Annotated[str, Header(description="As `after`, and wins over it.")] = ""

    @property
    def scope(self) -> Scope:
        return Scope(self.agent, user=self.user)

    @property
    def position(self) -> int:
        return position_from_wire(self.last_event_id or self.after)


class ContextRoutes:
    """`/v1/context…`. `desk_of` gives the desk as the caller of a request may use it."""

    def __init__(self, desk_of: Callable[[Request], FencedDesk]) -> None:
        self._desk_of = desk_of

    def router(self) -> APIRouter:
        bearer = HTTPBearer(auto_error=False, description="Where credentials are configured.")
        router = APIRouter(prefix="/v1/context", responses=RESPONSES, dependencies=[Depends(bearer)])
        router.add_api_route("", self.get, methods=["GET"])
        router.add_api_route("/remember", self.remember, methods=["POST"])
        router.add_api_route("/forget", self.forget, methods=["POST"])
        router.add_api_route("/records", self.records, methods=["GET"])
        router.add_api_route("/records/{record_id}", self.explain, methods=["GET"])
        router.add_api_route("/records/{record_id}/history", self.history, methods=["GET"])
        router.add_api_route("/records/{record_id}/approve", self.approve, methods=["POST"])
        router.add_api_route("/records/{record_id}/reject", self.reject, methods=["POST"])
        router.add_api_route("/records/{record_id}/edit", self.edit, methods=["POST"])
        router.add_api_route("/review", self.review, methods=["GET"])
        router.add_api_route("/rates", self.rates, methods=["GET"])
        router.add_api_route("/consent", self.consent, methods=["GET"])
        router.add_api_route("/consent", self.set_consent, methods=["PUT"])
        router.add_api_route(
            "/changes",
            self.changes,
            methods=["GET"],
            response_class=EventSourceResponse,
            dependencies=[Depends(self.followable)],
        )
        return router

    async def get(
        self,
        request: Request,
        user: User = "",
        agent: Agent = "",
        as_of: Annotated[AwareDatetime | None, Query(description="What it would have been then.")] = None,
        include_proposed: Annotated[bool, Query(description="Also what waits for approval.")] = False,
    ) -> ContextBody:
        """What holds for an agent and a user, and the same as text for a prompt."""
        desk = self._desk_of(request)
        answer = await desk.get(Scope(agent, user=user), include_proposed=include_proposed, as_of=as_of)
        return ContextBody(
            records=_bodies(answer.records),
            prompt_section=answer.prompt_section,
            position=position_to_wire(answer.position),
            overridden=[OverriddenBody(record=record_body(one.record), by=one.by.id) for one in answer.overridden],
            left_out=[record.id for record in answer.left_out],
        )

    async def remember(self, request: Request, body: RememberBody) -> RecordBody:
        """Make a memory active at once. Answers once it is durable; may be repeated."""
        scope = Scope(body.agent, user=body.user)
        return record_body(await self._desk_of(request).remember(scope, body.content, body.person, body.reason))

    async def forget(self, request: Request, body: ForgetBody) -> RecordsBody:
        """Retire records: what is forgotten now, also if it was before."""
        scope, what = Scope(body.agent, user=body.user), Forgetting(body.record_id, body.content, body.everything)
        forgotten = await self._desk_of(request).forget(scope, what, body.person, body.reason)
        return RecordsBody(records=_bodies(forgotten))

    async def records(
        self,
        request: Request,
        user: User = "",
        agent: Agent = "",
        status: Annotated[list[Status] | None, Query(description="May be repeated; not given: any.")] = None,
        limit: Limit = 1_000,
    ) -> RecordsBody:
        """The records within a scope, whatever their status, the most recently changed first."""
        found = await self._desk_of(request).records(Scope(agent, user=user), status or (), limit)
        return RecordsBody(records=_bodies(found))

    async def explain(self, request: Request, record_id: RecordId) -> ExplanationBody:
        """One record and everything that it came from, down to the spans."""
        explained = await self._desk_of(request).explain(record_id)
        return ExplanationBody(
            record=record_body(explained.record),
            updates=[update_body(one) for one in explained.updates],
            evidence=[EvidenceBody.model_validate(one) for one in explained.evidence],
        )

    async def history(self, request: Request, record_id: RecordId) -> UpdatesBody:
        """All updates of one record, in order of position."""
        return UpdatesBody(updates=[update_body(one) for one in await self._desk_of(request).history(record_id)])

    async def approve(self, request: Request, record_id: RecordId, body: Annotated[Reasoned, Body()]) -> RecordBody:
        """Make a proposed or rejected record active."""
        decision = (record_id, Verdict.APPROVE, "", body.person, body.reason)
        return record_body(await self._desk_of(request).decide(*decision))

    async def reject(self, request: Request, record_id: RecordId, body: Annotated[Reasoned, Body()]) -> RecordBody:
        """Decide against a proposed or active record: it does not return unless something new is seen."""
        decision = (record_id, Verdict.REJECT, "", body.person, body.reason)
        return record_body(await self._desk_of(request).decide(*decision))

    async def edit(self, request: Request, record_id: RecordId, body: EditBody) -> RecordBody:
        """Make a proposed or active record active in other words."""
        decision = (record_id, Verdict.EDIT, body.content, body.person, body.reason)
        return record_body(await self._desk_of(request).decide(*decision))

    async def review(self, request: Request, user: User = "", agent: Agent = "", limit: Limit = 100) -> ReviewBody:
        """What waits for a decision, with what it would change in the prompt."""
        queue = await self._desk_of(request).queue(Scope(agent, user=user), limit)
        items = [
            ReviewItemBody(
                record=record_body(one.record),
                section_before=one.before,
                section_after=one.after,
                supersedes=record_body(one.supersedes) if one.supersedes else None,
            )
            for one in queue.items
        ]
        return ReviewBody(items=items, waiting=queue.waiting)

    async def rates(self, request: Request) -> RatesBody:
        """How often people rejected what each detector proposed."""
        return RatesBody(rates=[RateBody.model_validate(one) for one in await self._desk_of(request).rates()])

    async def consent(self, request: Request, user: User = "") -> ConsentBody:
        """What may be learned from a user."""
        holds, since = await self._desk_of(request).consent(user)
        return ConsentBody(consent=holds, since=since)

    async def set_consent(self, request: Request, body: SetConsentBody) -> ConsentBody:
        """Say what may be learned from a user from now on, as the user wants it."""
        desk = self._desk_of(request)
        await desk.set_consent(body.user, body.consent, body.person)
        holds, since = await desk.consent(body.user)
        return ConsentBody(consent=holds, since=since)

    async def followable(self, request: Request, following: Annotated[Following, Depends()]) -> None:
        """Refuse before the answer begins what cannot be followed."""
        await self._desk_of(request).followable(following.scope, following.position)

    async def changes(
        self, request: Request, following: Annotated[Following, Depends()]
    ) -> AsyncIterator[ServerSentEvent]:
        """Every update of a scope after a position: first those already in the log, then new ones as they come.

        None is left out and none comes twice. The id of an event is its position: come back with it as `Last-Event-ID`.
        Comments keep an idle connection alive; the stream ends when the server stops.
        """
        yield ServerSentEvent(comment="following", retry=AGAIN_MILLISECONDS)
        desk, narrower = self._desk_of(request), following.include_narrower
        try:
            async for update in desk.watch(following.scope, following.position, include_narrower=narrower):
                data = update_body(update).model_dump_json()
                yield ServerSentEvent(raw_data=data, event="update", id=position_to_wire(update.position))
        except Busy:
            return  # the status is sent already; the client comes back with the position that it has reached


def _bodies(records: Sequence[Record]) -> Sequence[RecordBody]:
    return [record_body(record) for record in records]
