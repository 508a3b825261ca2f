"""How people ask for something to be kept, in other languages than English: data that `grammar` compiles.

A new language is one more `Language` in `LANGUAGES`. English is told apart by its grammar; the others get by with their
request frames, which are more regular.
"""

from __future__ import annotations

from spanwise.processors.user.languages.germanic import DUTCH, GERMAN
from spanwise.processors.user.languages.language import Language
from spanwise.processors.user.languages.others import OTHERS
from spanwise.processors.user.languages.romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH

__all__ = ["LANGUAGES", "Language"]

LANGUAGES = (GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, DUTCH, OTHERS)
