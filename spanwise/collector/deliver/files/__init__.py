"""Files that coding agents read: for each scope a folder with `AGENTS.md`, `skills/<name>/SKILL.md`, `records.json`.

`file:///absolute/path`; option `layout`: `scopes` (a folder for each), or `flat` for a store whose filter lets through
one scope, whose files then lie in the directory itself:

    <org>/                       what holds for the organisation
    <org>/agents/<agent>/        for one agent
    <org>/users/<user>/          for one user
    <org>/agents/<agent>/users/<user>/

`names` makes safe names of any text, `section` keeps our part of a file that people edit, `skills` writes skills in the
open format, `folder` has one folder, `store` the `DownstreamStore`.
"""

from spanwise.collector.deliver.files.store import open_files

__all__ = ["open_files"]
