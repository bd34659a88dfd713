"""Two texts are paraphrases exactly where an independent reader takes the same meaning from both."""

import random
import re
from collections import Counter

from deltalab.task.builtin.lexicon.sameness import COMPARED, OPPOSITES, TIMES, TRANSFERS, VERBS
from deltalab.task.builtin.paraphrase import tell
from deltalab.task.builtin.question_paraphrase import INTENTS, ask

TIME = re.compile(f" ?({'|'.join(TIMES)}) ?", re.IGNORECASE)


def meaning(text: str) -> tuple[object, ...]:
    """Read a sentence: what it tells of whom, the same for all ways to tell it."""
    time = TIME.search(text)
    assert time, text
    told = TIME.sub("", text, count=1)
    told = told[:1].lower() + told[1:]
    if match := re.fullmatch(r"(?:the|it was the) (\w+) (?:who )?was (\w+) by the (\w+)", told):
        told = f"the {match[3]} {match[2]} the {match[1]}"
    if match := re.fullmatch(r"(?:the|it was the) (\w+) (?:who )?(\w+) the (\w+)", told):
        return time[1].lower(), match[1], next(verbs for verbs in VERBS if match[2] in verbs), match[3]
    if match := re.fullmatch(r"the (\w+) (\w+) the (\w+) (to|from) the (\w+)", told):
        kinds = [kind for kind in TRANSFERS if match[2] in kind]
        giver, receiver = (match[1], match[5]) if match[4] == "to" else (match[5], match[1])
        return time[1].lower(), giver, kinds[0][0], match[3], receiver
    if match := re.fullmatch(r"the (\w+) was (\w+) than the (\w+)", told):
        number, side = next((n, pair.index(match[2])) for n, pair in enumerate(COMPARED) if match[2] in pair)
        return time[1].lower(), number, *((match[1], match[3]) if side == 0 else (match[3], match[1]))
    match = re.fullmatch(r"the (\w+) was (not )?([\w-]+)", told)
    assert match, text
    number, side = next((n, scale.index(match[3]) // 2) for n, scale in enumerate(OPPOSITES) if match[3] in scale)
    return time[1].lower(), match[1], number, side != bool(match[2])


def test_sentences_are_the_same_where_their_meanings_are():
    chance = random.Random(0)
    overlap: Counter[str] = Counter()
    for _ in range(4000):
        text, label = tell(chance)
        pair = re.fullmatch(r"First: (.*)\. Second: (.*)\.", text)
        assert pair, text
        assert pair[1] != pair[2], text
        assert (meaning(pair[1]) == meaning(pair[2])) == (label == "yes"), text
        one, other = (set(sentence.lower().split()) for sentence in pair.groups())
        overlap[label] += len(one & other) / len(one | other) > 0.6
    assert min(overlap.values()) > 300  # many common words on both sides


def test_questions_are_the_same_where_wish_and_action_are():
    patterns = {
        re.compile(re.escape(frame).replace(r"\{do\}", "(.*)")): intent
        for intent, frames in INTENTS.items()
        for frame in frames
    }
    chance, changes = random.Random(1), Counter()
    for _ in range(3000):
        text, label = ask(chance)
        pair = re.fullmatch(r"First: (.*\?) Second: (.*\?)", text)
        assert pair, text
        read = []
        for question in pair.groups():
            found = [
                (intent, match[1]) for pattern, intent in patterns.items() if (match := pattern.fullmatch(question))
            ]
            assert len(found) == 1, text
            read.append(found[0])
        (intent, action), (other_intent, other_action) = read
        assert pair[1] != pair[2], text
        assert (read[0] == read[1]) == (label == "yes"), text
        changes[(intent != other_intent, action != other_action)] += 1
        changes["turned"] += label == "no" and sorted(action.split()) == sorted(other_action.split()) != action.split()
    assert not changes[True, True]
    assert min(changes[True, False], changes[False, True]) > 600
    assert changes["turned"] > 0


def test_no_word_has_two_meanings():
    for table in (VERBS, COMPARED, OPPOSITES):
        entries = [word for row in table for word in row]
        assert len(entries) == len(set(entries)), Counter(entries).most_common(3)
