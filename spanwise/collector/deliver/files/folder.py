"""The folder of one scope."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spanwise.collector.context.render import line_of, prompt_section
from spanwise.collector.deliver import Change, Document, Key
from spanwise.collector.deliver.documents import document, parse_document
from spanwise.collector.deliver.files.section import section_of, with_section
from spanwise.collector.deliver.files.skills import skill_file, skill_name
from spanwise.collector.deliver.files.writing import read, remove, rewrite, write_whole
from spanwise.collector.errors import Busy
from spanwise.collector.model import Record, RecordKind, Status

AGENTS, RECORDS, SKILLS, SKILL = "AGENTS.md", "records.json", "skills", "SKILL.md"


@dataclass(frozen=True, slots=True)
class Folder:
    """`root` is the store's directory."""

    path: Path
    root: Path

    def apply(self, changes: Sequence[Change], *, guarded: bool) -> None:
        """Return once every file says what the changes make of the records. Again, it changes nothing."""
        held = dict(self.records() if guarded else self.readable())
        before = list(held.values())
        for change in changes:
            known = held.get(change.key)
            if guarded and known and known.position > change.position:
                continue
            if change.record:
                held[change.key] = change.record
            else:
                held.pop(change.key, None)
        self._write(list(held.values()), before)

    def records(self) -> Mapping[Key, Record]:
        """What the folder should show."""
        try:
            documents = json.loads(read(self.path / RECORDS) or "[]")
            records = [parse_document(one) for one in documents]
        except (ValueError, KeyError, TypeError):
            raise Busy(f"{self.path / RECORDS} is not as it was written; 'spanwise deliver verify' mends it") from None
        return {Key(one.scope.org, one.id): one for one in records}

    def documents(self) -> Mapping[Key, Document]:
        """What the folder shows: all of it, or nothing if a file is not as it should be."""
        records = self.readable()
        whole = self._section() == _section(records.values()) and all(
            read(self._skill(one)) == skill_file(one) for one in records.values() if _is_skill(one)
        )
        return {key: document(record) for key, record in records.items()} if whole else {}

    def readable(self) -> Mapping[Key, Record]:
        """As `records`; nothing of a file that cannot be read, so that all of it is written anew."""
        try:
            return self.records()
        except Busy:
            return {}

    def _write(self, records: Sequence[Record], before: Sequence[Record]) -> None:
        # What the folder should show is written last of what it gains, and before what it loses is taken away.
        ordered = sorted(records, key=lambda one: one.id)
        text = json.dumps([document(one) for one in ordered], ensure_ascii=False, indent=1)
        for record in filter(_is_skill, ordered):
            write_whole(self._skill(record), skill_file(record))
        kept = {self._skill(one) for one in ordered if _is_skill(one)}
        for path in {self._skill(one) for one in before} | set(self.path.glob(f"{SKILLS}/*/{SKILL}")):
            if path not in kept and self._is_ours(path, before):
                remove(path, self.root)
        agents = self._agents()
        rewrite(agents, lambda file: with_section(file, _section(ordered)))
        if not read(agents):
            remove(agents, self.root)
        if ordered:
            write_whole(self.path / RECORDS, text.encode())
        else:
            remove(self.path / RECORDS, self.root)

    def _is_ours(self, path: Path, before: Iterable[Record]) -> bool:
        """A skill that people wrote is theirs."""
        return any(_is_skill(one) and self._skill(one) == path for one in before)

    def _section(self) -> str:
        return section_of(read(self._agents()))

    def _agents(self) -> Path:
        path = self.path / AGENTS
        if path.is_symlink() and self.root not in (real := path.resolve()).parents:
            raise Busy(f"{path} is a link to {real}, which is outside of the store")
        return path.resolve() if path.is_symlink() else path

    def _skill(self, record: Record) -> Path:
        return self.path / SKILLS / skill_name(record) / SKILL


def _section(records: Iterable[Record]) -> str:
    lines = [one for one in records if not _is_skill(one) and line_of(one)]
    return prompt_section(sorted(lines, key=lambda one: (one.scope.breadth, -one.position)))


def _is_skill(record: Record) -> bool:
    return record.kind is RecordKind.SKILL and record.status is Status.ACTIVE
