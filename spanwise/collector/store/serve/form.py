"""Forms: clients send a query as one when its parameters are too long for an address."""

from __future__ import annotations

from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import HTTP

from spanwise.collector.store.serve.refusal import Refusal

FORM = "multipart/form-data"


def fields(content_type: str, body: bytes) -> Mapping[str, str]:
    """The fields of a `multipart/form-data` body, by name. Raises `Refusal` if there are tables in it."""
    head = b"Content-Type: " + content_type.encode() + b"\r\n\r\n"
    found: dict[str, str] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name, value = str(part.get_param("name", "", "content-disposition")), part.get_payload(decode=True)
        if name != "query" and not name.startswith("param_"):
            raise Refusal(48, "NOT_IMPLEMENTED", f"external tables are not taken here: {name[:100]!r}", status=501)
        found[name] = value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
    return found
