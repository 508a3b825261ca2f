"""Signed webhooks: a CloudEvent for each change, in JSON, signed as Standard Webhooks has it.

`https://host/path` (`http://` on loopback only) and `secret = "whsec_…"`. At least once: an event that is sent again
has the same `id` and `webhook-id`. The events of one record come in order, each after the one before was taken.

| answer | what becomes of the event |
|---|---|
| 2xx | it is taken |
| 408, 425, 429, 5xx, none | it is sent again, when `Retry-After` says so |
| other 4xx | it is a dead letter; if a receiver refuses everything, delivery waits instead: then the URL is wrong |
| 3xx, 410 | delivery waits: the receiver has moved, or wants no more |

`events` makes and signs the event of a change, `answers` knows what an answer means, `store` sends.
"""

from spanwise.collector.deliver.webhook.store import open_webhook

__all__ = ["open_webhook"]
