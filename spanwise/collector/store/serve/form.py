"""Forms: clients send a query as one when its parameters are too long for an address."""

from __future__ import annotations

from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import HTTP

FORM = "multipart/form-data"


def fields(content_type: str, body: bytes) -> Mapping[str, str]:
    """The fields of a `multipart/form-data` body, by name."""
    head = b"Content-Type: " + content_type.encode() + b"\r\n\r\n"
    parts = BytesParser(policy=HTTP).parsebytes(head + body).iter_parts()
    found = {str(part.get_param("name", "", "content-disposition")): part.get_payload(decode=True) for part in parts}
    return {name: value.decode("utf-8", "replace") for name, value in found.items() if isinstance(value, bytes)}
