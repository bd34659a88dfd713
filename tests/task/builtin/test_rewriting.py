"""The past of a sentence differs from its present in the verbs alone, a denial from its sentence in `not`."""

import random
import re

from deltalab.task.builtin.rewriting import draw, negated
from deltalab.task.builtin.verbs import VERBS
from deltalab.task.builtin.vocabulary.deeds import DEEDS


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


def test_a_denial_undone_is_the_sentence():
    chance = random.Random(0)
    past = {deed.base: deed.past for deed in DEEDS}
    kinds = set()
    for _ in range(3000):
        yes, no = negated(chance)
        subject, told = re.fullmatch(r"((?:The )?\w+) (.*)", yes).groups()
        auxiliary, verb = re.fullmatch(rf"{subject} (\w+) not (\w+) .*", no).groups()
        if auxiliary == "did":
            restored = no.replace(f"did not {verb}", past[verb])
        elif auxiliary in ("does", "do"):
            form = next(word for word in told.split() if word.startswith(verb[:-1])) if auxiliary == "does" else verb
            assert form.endswith("s") or auxiliary == "do"
            restored = no.replace(f"{auxiliary} not {verb}", form)
        else:
            restored = no.replace(" not ", " ", 1)
        assert restored == yes
        kinds.add(auxiliary)
    assert kinds == {"did", "does", "do", "is", "are", "was", "were", "will", "can", "must", "may", "should"}
