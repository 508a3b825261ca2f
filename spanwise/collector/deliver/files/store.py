"""Files as a `DownstreamStore`."""

from __future__ import annotations

import asyncio
import fcntl
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence, Set
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from spanwise.collector.deliver import Change, Destination, Document, Key, Refuse
from spanwise.collector.deliver.files.folder import RECORDS, Folder
from spanwise.collector.deliver.files.names import folder_of
from spanwise.collector.deliver.files.writing import read, write_whole
from spanwise.collector.errors import Busy, Rejected

STATE = ".spanwise"
LAYOUTS = ("scopes", "flat")
Result = TypeVar("Result")


@asynccontextmanager
async def open_files(destination: Destination) -> AsyncIterator[FileStore]:
    url = urlsplit(destination.url)
    where = f"deliver.stores.{destination.name}"
    if url.netloc or not url.path.startswith("/") or url.path == "/":
        raise Rejected(f"{where}.url: should be file:///absolute/path")
    layout = destination.options.get("layout", LAYOUTS[0])
    if layout not in LAYOUTS or set(destination.options) - {"layout"}:
        raise Rejected(f"{where}.options: files have only layout = 'scopes' or 'flat'")
    store = FileStore(Path(unquote(url.path)), flat=layout == "flat")
    await store.prepare()
    yield store


class FileStore:
    """One process at a time writes: the position is kept in `.spanwise/`, beside a lock."""

    fields: frozenset[str] = frozenset()

    def __init__(self, root: Path, *, flat: bool) -> None:
        self._root = root
        self._flat = flat
        self._seen: tuple[int, Mapping[Key, Folder]] | None = None
        """At which position, which record was in which folder: not every page of a comparison goes through all."""

    async def prepare(self) -> None:
        """Return once the directory is there."""
        await self._in_thread(lambda: (self._root / STATE).mkdir(parents=True, exist_ok=True))

    async def position(self) -> int:
        return await self._in_thread(self._position)

    async def apply(self, changes: Sequence[Change], position: int, refuse: Refuse) -> None:  # noqa: ARG002 (all is taken)
        await self._in_thread(lambda: self._apply(changes, position))

    async def mend(self, changes: Sequence[Change], refuse: Refuse) -> None:  # noqa: ARG002
        await self._in_thread(lambda: self._mend(changes))

    async def again(self, change: Change, refuse: Refuse) -> None:
        await self.mend([change], refuse)

    async def read(self, keys: Sequence[Key]) -> Mapping[Key, Document]:
        return await self._in_thread(lambda: self._documents(set(keys)))

    async def keys(self) -> AsyncIterator[Sequence[Key]]:
        for folder in await self._in_thread(self._folders):
            if held := list(await self._in_thread(folder.documents)):
                yield held

    def _apply(self, changes: Sequence[Change], position: int) -> None:
        with self._locked():
            reached = self._position()
            new = [change for change in changes if change.position > reached]
            for folder, of_folder in self._by_folder(new).items():
                folder.apply(of_folder, guarded=True)
            if position > reached:
                write_whole(self._state, json.dumps({"position": position}).encode())

    def _mend(self, changes: Sequence[Change]) -> None:
        """A record may have been planted in any folder, so it is taken away wherever it is."""
        gone = {change.key for change in changes}
        self._seen = None
        with self._locked():
            touched = self._by_folder(changes)
            for folder in {*touched, *self._folders()}:
                mine = touched.get(folder, [])
                if mine or gone & set(folder.documents()):
                    folder.apply([*_removals(changes), *mine], guarded=False)

    def _position(self) -> int:
        try:
            return int(json.loads(read(self._state) or '{"position": 0}')["position"])
        except (ValueError, KeyError, TypeError):
            return 0  # written anew from the beginning, which changes nothing of what is right

    def _documents(self, keys: Set[Key]) -> Mapping[Key, Document]:
        places = self._places()
        folders = {places[key] for key in keys if key in places}
        return {key: found for folder in folders for key, found in folder.documents().items() if key in keys}

    def _places(self) -> Mapping[Key, Folder]:
        position = self._position()
        if self._seen is None or self._seen[0] != position:
            self._seen = position, {key: folder for folder in self._folders() for key in folder.readable()}
        return self._seen[1]

    def _folders(self) -> Sequence[Folder]:
        return [Folder(file.parent, self._root) for file in sorted(self._root.rglob(RECORDS))]

    def _by_folder(self, changes: Sequence[Change]) -> Mapping[Folder, list[Change]]:
        folders: dict[Folder, list[Change]] = defaultdict(list)
        for change in changes:
            path = self._root if self._flat else self._root / folder_of(change.update.scope)
            folders[Folder(path, self._root)].append(change)
        return folders

    @property
    def _state(self) -> Path:
        return self._root / STATE / "state.json"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._root / STATE / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        try:
            return await asyncio.to_thread(work)
        except OSError as error:  # no room, no right, read-only: somebody mends it
            raise Busy(f"files: {error.strerror or error}: {error.filename}") from None


def _removals(changes: Sequence[Change]) -> Sequence[Change]:
    return [Change(change.update, None) for change in changes]
