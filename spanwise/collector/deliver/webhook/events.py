"""A change as a CloudEvent, and its signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import quote

from spanwise.collector.deliver import Change
from spanwise.collector.deliver.documents import document, written

TYPE = "dev.spanwise.context.record"


def event(change: Change) -> Mapping[str, object]:
    """A CloudEvent. What is removed or erased is named, and nothing of it said."""
    update = change.update
    what = "erased" if change.erased else ("changed" if change.record else "removed")
    return {
        "specversion": "1.0",
        "id": update.id,
        "source": f"/spanwise/organisations/{quote(update.scope.org, safe='')}",
        "type": f"{TYPE}.{what}",
        "subject": update.record_id,
        "time": written(update.at),
        "datacontenttype": "application/json",
        "sequence": f"{change.position:020}",
        "data": {
            "org": change.key.org,
            "record_id": change.key.record,
            "position": change.position,
            "record": document(change.record) if change.record else None,
        },
    }


def signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """As Standard Webhooks, version v1, has it."""
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"
