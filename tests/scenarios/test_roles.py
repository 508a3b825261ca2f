"""Every role a process of its own: what is acknowledged is stored once, whatever happens to whom."""

from __future__ import annotations

import time
from pathlib import Path

from tests.brokers.cluster import Cluster
from tests.scenarios.deployment import Load, deployment


def test_first(cluster: Cluster, tmp_path: Path) -> None:
    with deployment(cluster, tmp_path, "first.") as deployed:
        deployed.add("receive", "receive")
        deployed.add("store-1", "store")
        deployed.add("store-2", "store")
        deployed.add("process", "process", "context")
        with Load([f"127.0.0.1:{deployed.ports['receive'][0]}"] * 4) as load:
            time.sleep(10)
        deployed.until_stored(load.acknowledged)
        print(len(load.acknowledged), load.refusals)
        time.sleep(2)
        for name in deployed.roles:
            print(
                name,
                {
                    k: v
                    for k, v in deployed.metrics(name).items()
                    if "lag" in k or ("seconds_to" in k and "bucket" not in k)
                },
            )
            print(deployed.roles[name].log.read_text()[-3000:])
