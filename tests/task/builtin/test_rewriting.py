"""The past of a sentence differs from its present in the verbs alone."""

import random

from deltalab.task.builtin.rewriting import draw
from deltalab.task.builtin.verbs import VERBS


def test_only_verbs_change():
    chance = random.Random(0)
    past = {form: verb.past for verb in VERBS for form in (verb.base, verb.third)}
    for _ in range(2000):
        now, then = draw(chance)
        changed = [pair for pair in zip(now.split(), then.split(), strict=True) if pair[0] != pair[1]]
        assert len(changed) == now.count(" and ") + 1
        assert all(past[one] == other for one, other in changed)
        plural = now.split()[1].endswith("s")
        assert {one in {verb.base for verb in VERBS} for one, _ in changed} == {plural}


def test_verbs_have_distinct_forms():
    for verb in VERBS:
        assert len({verb.base, verb.third, verb.past}) == 3
        assert len(verb.objects) == len(set(verb.objects)) >= 5
