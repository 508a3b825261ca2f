"""What Redis does with a page, all at once."""

from __future__ import annotations

from collections.abc import Mapping

from spanwise.collector.deliver import Change
from spanwise.collector.deliver.documents import document
from spanwise.collector.deliver.redis.names import Names

APPLY = """
local reached = tonumber(redis.call('GET', KEYS[1]) or '0')
local guarded = ARGV[1] == '1'
for _, change in ipairs(cjson.decode(ARGV[4])) do
  if not guarded or change.position > reached then
    local before = redis.call('HGET', change.key, 'scope')
    if before then redis.call('SREM', before, change.key) end
    redis.call('DEL', change.key)
    redis.call('SREM', KEYS[2], change.key)
    if #change.fields > 0 then
      redis.call('HSET', change.key, 'scope', change.scope, unpack(change.fields))
      redis.call('SADD', change.scope, change.key)
      redis.call('SADD', KEYS[2], change.key)
    end
    if change.erased then redis.call('SET', KEYS[4], '1') end
    redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[3], '*', 'org', change.org, 'record_id', change.record,
      'operation', change.operation, 'position', string.format('%.0f', change.position))
  end
end
if tonumber(ARGV[2]) > reached then redis.call('SET', KEYS[1], ARGV[2]) end
"""


def told(change: Change, names: Names) -> Mapping[str, object]:
    """A change as the script reads it."""
    record, scope = change.record, change.update.scope
    fields = [text for pair in document(record).items() for text in map(str, pair)] if record else []
    return {
        "key": names.key(change.key),
        "scope": names.scope(scope.org, scope.agent, scope.user),
        "fields": fields,
        "erased": change.erased,
        "org": change.key.org,
        "record": change.key.record,
        "operation": "erase" if change.erased else ("put" if record else "remove"),
        "position": change.position,
    }
