"""The topic of a remark is that of the thing which is not set aside."""

import random
import re

from deltalab.task.builtin.topic import THINGS, draw

SET_ASIDE = re.compile(
    r"not about the (\w+)|not talk about the (\w+)|forgot the (\w+)|not at all for the (\w+)|"
    r"rather than about the (\w+)|no interest in the (\w+)|nstead of the (\w+)|away from the (\w+)"
)


def test_what_is_left_names_the_topic():
    chance = random.Random(0)
    homes = {thing: topic for topic, things in THINGS.items() for thing in things}
    opposed = 0
    for _ in range(2000):
        text, topic = draw(chance)
        found = SET_ASIDE.search(text)
        dropped = next(filter(None, found.groups())) if found else None
        kept = [word for word in re.findall(r"the (\w+)", text) if word in homes and word != dropped]
        assert {homes[word] for word in kept} == {topic}, text
        opposed += dropped is not None
    assert 0.5 < opposed / 2000 < 0.7


def test_no_thing_has_two_topics():
    things = [thing for group in THINGS.values() for thing in group]
    assert len(things) == len(set(things))
