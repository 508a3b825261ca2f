"""Which statements the embedded engine runs for somebody else.

The engine is a library: inside a process it lets through what a server would not, and reaches the files and the
network of that process. So a statement is looked at as the engine formats it, where neither comments nor spelling hide
anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spanwise.collector.errors import Rejected

if TYPE_CHECKING:
    from chdb.state.sqlitelike import Connection

READING = frozenset({"SELECT", "WITH", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN", "("})
WRITING = READING | frozenset(
    {
        *("INSERT", "CREATE", "ALTER", "DROP", "TRUNCATE", "OPTIMIZE", "RENAME", "EXCHANGE", "DELETE", "UPDATE"),
        *("UNDROP", "CHECK", "USE", "SET"),
    }
)

CREATED = re.compile(
    r"CREATE (OR REPLACE )?((TEMPORARY )?TABLE|DATABASE|(MATERIALIZED )?VIEW)\b"
    r"|(DROP|UNDROP) (TABLE|DATABASE|VIEW|TEMPORARY)\b"
)
INSIDE_ENGINES = re.compile(
    r"((Replacing|Summing|Aggregating|(Versioned)?Collapsing|Coalescing)?MergeTree|Memory|Null|Set|Join|Log|TinyLog|StripeLog"
    r"|Merge|Buffer|Atomic)"
)
INSIDE_FUNCTIONS = frozenset(
    {
        *("dictionary", "format", "generaterandom", "generateseries", "generate_series", "input", "loop", "merge"),
        *("null", "numbers", "numbers_mt", "primes", "sqlstandardvalues", "values", "view", "viewifpermitted"),
        *("zeros", "zeros_mt"),
    }
)
"""Table functions that reach nothing but tables. Whatever else the engine has, it does not have here."""

QUOTED = re.compile(r"(?P<text>'(?:[^'\\]|\\.|'')*')|`(?:[^`\\]|\\.|``)*`|\"(?:[^\"\\]|\\.|\"\")*\"", re.DOTALL)
CALL = re.compile(r"(\w+)[`\"]?\s*\(")
ROWS = re.compile(r"INSERT INTO (?!(TABLE )?FUNCTION\b)[^()]+(\([^()]*\))?( SETTINGS [^()]*)? FORMAT \w+$")
ENGINE = re.compile(r"\bENGINE = [`\"]?(\w+)")
OUTSIDE = re.compile(r"\bINTO\s+OUTFILE\b|\bFROM\s+INFILE\b|[`\"]?\b(?:file|disk)\b[`\"]?\s*\(", re.IGNORECASE)


def ensure_reading(connection: Connection, sql: str) -> None:
    """Raise `Rejected` if `sql` does more than read tables, in a session whose `readonly` is 1.

    That setting refuses everything that writes to tables, and every table function that reaches outside. What it lets
    through inside a process, a server would not: `INTO OUTFILE`, the function `file()`, `KILL QUERY`.
    """
    text = _formatted(connection, sql)
    first = re.match(r"\w+|\(", text)
    if first is None or first.group().upper() not in READING:
        raise Rejected(f"only statements that read are served here, not {text.split()[0]}")
    _ensure_inside(text)


def ensure_writing(connection: Connection, sql: str) -> None:
    """Raise `Rejected` if `sql` does more than read and change tables."""
    text = _formatted(connection, sql)
    first = text.split()[0].upper()
    if first not in WRITING and not text.startswith("("):
        raise Rejected(f"statements about tables are served here, not {first}")
    if first in ("CREATE", "DROP", "UNDROP") and not CREATED.match(text):
        raise Rejected(f"tables, views and databases can be made here, not {' '.join(text.split()[1:3])}")
    _ensure_inside(text)
    bare = _bare(text)
    if ROWS.match(bare):  # nothing but a table is named in it, so the frequent statement is done with
        return
    for engine in ENGINE.findall(bare):
        if not INSIDE_ENGINES.fullmatch(engine):
            raise Rejected(f"the engine {engine} is not served here: it would reach out of the store")
    called = {name.lower() for name in CALL.findall(bare)} - INSIDE_FUNCTIONS
    if outside := called & _table_functions(connection):
        raise Rejected(f"the table function {min(outside)} is not served here: it would reach out of the store")


def _ensure_inside(text: str) -> None:
    if OUTSIDE.search(_bare(text)):
        raise Rejected("OUTFILE, INFILE, file() and disk() are not served here: they would reach this process's files")


def _bare(text: str) -> str:
    """Without the content of strings. A name may hold a quote, which begins no string, so names are gone over whole."""
    return QUOTED.sub(lambda found: "''" if found["text"] else found.group(), text)


def _formatted(connection: Connection, sql: str) -> str:
    # What the engine cannot parse as one statement raises there: chDB itself would run several, one after the other.
    formatted = connection.query(
        "SELECT formatQuerySingleLine({sql:String})", "TabSeparatedRaw", params={"sql": escaped(sql)}
    )
    return str(formatted.bytes().decode().strip())


def _table_functions(connection: Connection) -> frozenset[str]:
    names = connection.query("SELECT lower(name) FROM system.table_functions", "TabSeparatedRaw").bytes()
    return frozenset(names.decode().split())


def escaped(text: str) -> str:
    """As query parameters are written: like a field of a tab-separated file."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
