"""Skills in the open format: a folder named like the skill, and in it `SKILL.md` with a front matter."""

from __future__ import annotations

import json

from spanwise.collector.context.render import ID, one_line
from spanwise.collector.deliver.files.names import slug
from spanwise.collector.model import Record

MOST_NAME, MOST_DESCRIPTION = 64, 1024


def skill_name(record: Record) -> str:
    """What its beginning says, and the beginning of its id: at most 64 lower-case letters, digits and hyphens."""
    short = slug(record.id, ID) or "0"
    said = slug(one_line(record.content), MOST_NAME - len(short) - 1)
    return f"{said}-{short}" if said else short


def skill_file(record: Record) -> bytes:
    """Its lines are cleaned of what could be taken for markup or another speaker, as in a prompt."""
    lines = [line for line in map(one_line, record.content.splitlines()) if line]
    # A JSON text is a YAML text, whatever is in it.
    description = json.dumps((lines or [""])[0][:MOST_DESCRIPTION], ensure_ascii=False)
    front = f"---\nname: {skill_name(record)}\ndescription: {description}\n---\n"
    return (front + "\n" + "\n".join(lines) + "\n").encode()
