"""What each of the jobs that run at once gets of a machine: GPUs and threads."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

__all__ = ["slots", "visible"]


def slots(count: int, devices: Sequence[str], cores: int, environment: Mapping[str, str]) -> list[dict[str, str]]:
    """The environment variables of `count` places for jobs.

    With at least as many devices as places each gets its share, the first places one more where that is not even;
    with fewer, devices are handed out in turn. Threads are shared out unless `environment` says how many to take.
    One place alone gets the machine as it is.
    """
    if count == 1:
        return [{}]
    threads = {} if "OMP_NUM_THREADS" in environment else {"OMP_NUM_THREADS": str(max(1, cores // count))}
    return [{**threads, **_devices(place, count, devices)} for place in range(count)]


def _devices(place: int, count: int, devices: Sequence[str]) -> dict[str, str]:
    if not devices:
        return {}
    return {"CUDA_VISIBLE_DEVICES": ",".join(devices[place % len(devices) :: count])}


def visible(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The GPUs that may be used, by the names CUDA_VISIBLE_DEVICES has for them."""
    given = environment.get("CUDA_VISIBLE_DEVICES")
    if given is None:
        import torch  # two seconds, for a sweep of several jobs at once alone

        return [str(index) for index in range(torch.cuda.device_count())]
    names: list[str] = []
    for name in given.split(","):
        if not name.strip() or name.strip() == "-1":  # CUDA ignores what follows
            break
        names.append(name.strip())
    return names
