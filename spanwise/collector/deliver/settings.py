"""`[deliver]`: the downstream stores."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from spanwise.collector.model import RecordKind, Status

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Seconds = Annotated[float, Field(gt=0)]


def _with_scheme(url: SecretStr) -> SecretStr:
    if not re.match(r"[a-z][a-z0-9+.-]*:", url.get_secret_value()):
        raise ValueError("should be a URL such as postgresql://…, redis://…, file:///…, https://… or kafka:")
    return url


class StoreSettings(BaseModel):
    """`[deliver.stores.NAME]`: one downstream store, and what it gets. A list that is empty lets everything through."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[SecretStr, AfterValidator(_with_scheme)]
    """The scheme says what it is. May hold a password, so it is never shown whole."""
    secret: SecretStr = SecretStr("")
    """Of a webhook: signs the events, `whsec_…`."""
    orgs: Sequence[str] = ()
    """Only what belongs to these organisations is ever sent there."""
    agents: Sequence[str] = ()
    users: Sequence[str] = ()
    kinds: Sequence[RecordKind] = ()
    statuses: Sequence[Status] = (Status.ACTIVE,)
    """Of the records that the store holds. A record that leaves them is removed there."""
    options: Mapping[str, str] = Field(default_factory=dict)
    """What this kind of store can be told besides: see the README."""

    @property
    def scheme(self) -> str:
        return self.url.get_secret_value().partition(":")[0]


class DeliverSettings(BaseModel):
    """`[deliver]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stores: Mapping[Name, StoreSettings] = Field(default_factory=dict)
    """Downstream stores by name."""
    poll_seconds: Seconds = 0.25
    """How often the log is looked at, where another process appends to it."""
    retry_seconds: Seconds = 60.0
    """At most so long until a store that failed is tried again; the first time it is a fraction of a second."""
