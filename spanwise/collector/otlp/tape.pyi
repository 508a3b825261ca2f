from spanwise.collector.otlp.native import Attributes, Events, Links, Names

class Tape:
    data: list[bytes]
    events: Events
    links: Links
    scope_attributes: Attributes
    names: Names
    has_flags: bool
    has_drops: bool
    def __len__(self) -> int: ...
