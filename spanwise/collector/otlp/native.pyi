import enum

class Kind(enum.IntEnum):
    NOTHING = 0
    STRING = 1
    BOOLEAN = 2
    INTEGER = 3
    DOUBLE = 4
    ARRAY = 5
    KEY_VALUES = 6
    BYTES = 7
    UNREAD = 8

class Events:
    count: int

class Links:
    count: int

class Attributes:
    count: int

class Numbers:
    def __init__(self, count: int) -> None: ...
    def __len__(self) -> int: ...
    def __getitem__(self, index: int) -> int: ...
    def __setitem__(self, index: int, value: int) -> None: ...

class Names:
    def __len__(self) -> int: ...
    def __getitem__(self, number: int) -> bytes: ...
    def texts(self) -> list[str]: ...

class Buffer:
    def __init__(self, capacity: int = ...) -> None: ...
    def __len__(self) -> int: ...
    def view(self) -> memoryview: ...
