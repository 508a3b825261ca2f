"""The tape: what is where in the bytes of some OTLP requests, as flat tables. No Python object stands for a span.

`scan` makes one. Requests hold resources, which hold scopes, which hold spans: every entry has the number of the one
that holds it, and what an entry holds is consecutive. Texts stay in the requests' bytes.
"""

from __future__ import annotations

import cython

if not cython.compiled:
    from spanwise.collector.otlp.interpreted import (
        Attributes,
        Events,
        Links,
        Names,
        Requests,
        Resources,
        Scopes,
        Spans,
    )


class Tape:
    """An index of the bytes in `data`: of the requests themselves, which it keeps alive."""

    def __init__(self):
        self.data = []
        self.requests = Requests()
        self.resources = Resources()
        self.scopes = Scopes()
        self.spans = Spans()
        self.events = Events()
        self.links = Links()
        self.resource_attributes = Attributes()
        self.scope_attributes = Attributes()
        self.span_attributes = Attributes()
        self.event_attributes = Attributes()
        self.link_attributes = Attributes()
        self.names = Names()
        self.has_flags = False  # whether a span or a link has any
        self.has_drops = False  # whether a client says that it left something out

    def __len__(self):
        """The number of spans."""
        return self.spans.count
