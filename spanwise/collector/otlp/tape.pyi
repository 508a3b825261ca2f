from spanwise.collector.otlp.native import Names

class Tape:
    data: list[bytes]
    names: Names
    def __len__(self) -> int: ...
