"""Whom a remembered sentence concerns: the user alone, their organisation, or everybody the agent serves."""

from __future__ import annotations

import re
from collections.abc import Mapping

_EVERYBODY = re.compile(
    r"\b(?:all|any|every|each|our|your) (?:\w+ )?(?:visitors?|customers?|callers?|guests?|users?|volunteers?"
    r"|contributors?|students?|patients?|"
    r"clients?|tenants?|passengers?|members of the public|participants|subscribers?|shoppers?|people|readers?"
    r"|learners?)\b"
    r"|\b(?:whoever|anyone|anybody|everyone|everybody) (?:who )?(?:ask|asks|calls?|writes?|contacts?|you (?:talk"
    r"|speak|serve))",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(
    r"\b(?:operator|admin(?:istrator)?|maintainer|supervisor|moderator|owner|lead|manager|head of|team lead"
    r"|organi[sz]er|coordinator|director|chef|shift lead|product team|compliance)\b"
    r"[^.?!]{0,25}?(?:here|speaking|note|:|\(|,)|\bas (?:the|your) (?:operator|admin|maintainer|supervisor|owner"
    r"|manager|lead)\b|\b(?:the|this) (?:bot|assistant|agent)\b|\b\w+bot should\b",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:our|the|my|this|whole|entire) (?:[\w&'-]+ ){0,2}?(?:team|company|firm|staff|organi[sz]ation|department"
    r"|office|repo|repos|repositor(?:y|ies)|monorepo|codebase|"
    r"convention|practice|school|clinic|studio|agency|shop|kitchen|household|crew|squad|unit|policy|employees"
    r"|colleagues|business|branch|desk|editors|db|database)\b"
    r"|\b(?:bei uns (?:im|in der|in) \w+|(?:unser|notre|nuestr[oa]|noss[oa]|nostr[oa]|onze?) (?:\w+ )?(?:team|firma"
    r"|betrieb|büro|abteilung|praxis|schule|kanzlei|équipe|entreprise|société|cabinet|equipo|empresa|equipa|equipe"
    r"|azienda|studio|bedrijf|afdeling))\b|我们(?:公司|团队|部门|全家)|弊社|(?:うち|私たち)の(?:会社|チーム|部署)"
    r"|\b(?:any|each|every one|all|everyone|everybody|anyone|anybody) (?:of us|(?:from|at|in|on) (?:our"
    r"|the) (?:\w+ )?(?:team|depot|warehouse|office|department|plant"
    r"|site|branch|firm|company|crew|shop|school|hospital|lab))\b|\b(?:our|the whole|the entire) (?:warehouse|depot"
    r"|agency|plant|site|hospital|lab|factory)\b"
    r"|\bus on the \w+ team\b|\bof us on the\b|\b(?:our|the) (?:fiscal|financial|academic|school) year\b|\b(?:for"
    r"|in|on|to) (?:all )?our (?:\w+ )?(?:reports?"
    r"|sprints?|pipelines?|invoices?|clients?|customers?|meetings?|stand-?ups?|docs|documentation|releases?"
    r"|tickets?)\b"
    r"|\b(?:people|sales|support|finance|legal|marketing|hr|engineering|design|data|platform|product|ops) (?:team"
    r"|department|staff)\b"
    r"|\b(?:everyone|everybody|all of us|nobody|anybody|anyone) (?:at|here|in|on)\b|\bfor all (?:\w+ )?of us\b"
    r"|\b(?:here )?at [A-Z][\w&]+(?: [A-Z&][\w&]*)*,? (?:we|every|all|our)\b|\b(?:our|company|team|house"
    r"|office) (?:rule|policy|standard|convention)s?\b"
    r"|\bwe (?:all|as a (?:team|company|family))\b|\b(?:team|company|firm|household|office)[- ]wide\b|\bwe (?:use"
    r"|don't do|do|follow|write|ship|deploy)\b[^.?!]{0,30}\bhere\b",
    re.IGNORECASE,
)


_NAMED, _UNNAMED = -0.3, 0.0
"""The margin from which on a meaning counts: with the words, and without."""


def audience(text: str, turn: str, margins: Mapping[str, float]) -> str:
    """`agent`, `org` or `user` for the remembered `text`, said in the course of `turn`.

    `margins` tell by how much its meaning is for `agent` or `org`; without them, its words alone do.
    """
    if _AUTHORITY.search(turn) and (_EVERYBODY.search(turn) or _AUTHORITY.search(text)):
        return "agent"
    named = "org" if _ORGANISATION.search(text) else "user"
    if not margins:
        return named
    meant = max(margins, key=lambda scope: margins[scope])
    return meant if margins[meant] > (_NAMED if meant == named else _UNNAMED) else "user"
