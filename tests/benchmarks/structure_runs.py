"""Records of structures as the runs leave them."""

from __future__ import annotations

from benchmarks.structures_table import entry


def record(task="a", test=0.5, jobs=None, steps=9):
    jobs = jobs or [{"lr": 0.1, "parameters": 30, "dev": {"value": 0.4}, "test": {"value": test}}]
    return {
        "task": {"name": task, "fingerprint": "rows"},
        "metric": "ACC",
        "majority": 0.25,
        "jobs": jobs,
        "budget": {"amount": 25.0},
        "config": {"trainer": {"max_steps": steps}, "data": {"batch_size": 8}},
        "seconds": 1.0,
        "chip": "chip",
        "versions": {},
        "revision": "0",
    }


def one(task, choice, test, seed=0, budget="b", space="mix", draw=None, source=None):
    facts = {"task": task, "budget": budget, "space": space, "choice": choice, "draw": draw, "source": source}
    return entry(record(task, test), {**facts, "seed": seed})


def full(task, test):
    return one(task, "full", test, budget=None, space=None)
