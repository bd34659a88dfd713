"""What somebody feels, told by a story or a message.

A story is asked about one person; another person may feel something else. A message says what its writer feels now,
and names a feeling that is denied, over, expected or another's.
"""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.lexicon.events import EVENTS, ROUTINE
from deltalab.task.builtin.lexicon.feelings import EMOTIONS, FEELINGS, REACTIONS
from deltalab.task.builtin.lexicon.persons import ME, MEN, NAMES, WOMEN, pronouns
from deltalab.task.builtin.recipe import Recipe, sentence, words
from deltalab.task.metric.accuracy import Accuracy

__all__ = ["RECIPES"]

RIVAL, DECOY, TOLD = 0.75, 0.8, 0.35
"""How often a story has a second feeling, and a message a second feeling or an event instead of adjectives."""

JOINTS = ("{one}. {two}.", "{one}, while {two}.", "{one}. At the same time {two}.", "{one}, and {two}.")
QUESTIONS = ("How does {name} feel? {story}", "{story} How does {name} feel?", "{story} What is the feeling of {name}?")
PLAIN = (
    "I am so {x} about {topic}",
    "I feel {x} about {topic} {when}",
    "{topic} made me {x} {when}",
    "just so you know, I am {x} about {topic}",
)
MIXED = (
    "I thought I would be {y} about {topic}, but I am {x}",
    "I am not {y} about {topic}, I am {x}",
    "I am {x} about {topic}, not {y}",
    "last week I was {y} about {topic}. Now I feel {x}",
    "{when} I feel {x} about {topic}, although I was {y} at first",
    "{name} is {y} about {topic}, but I am {x}",
    "I am no longer {y} about {topic}, only {x}",
    "{topic} used to make me {y}. Now it makes me {x}",
    "I am {x} rather than {y} about {topic}",
    "instead of being {y} about {topic}, I am {x} {when}",
    "{name} expects me to be {y} about {topic}, and yet I feel {x}",
    "{when} I am {x} about {topic}, no matter how {y} {name} is",
)
SHARED = (
    "I {x} {then}, and {name} {y}",
    "{name} {y}, and {then} I {x}",
    "{then} {name} {y}. I {x}",
    "I {x}. {name} {y} {then}",
)
GREETINGS = ("", "", "Hi {name}! ", "Dear {name}, guess what: ", "Listen, {name}. ", "Hello, it is me. ")
TOPICS = words("""
    the exam, the letter from the bank, the move to the city, the new job, the dinner, the trip to Spain, the haircut,
    the old house, the phone call, the wedding, the interview, the garden, the match, the visit of the inspector,
    the test results, the meeting, the school play, the birthday card, the photos, the train ride, the new neighbours,
    the contract, the speech, the camp, the doctor's report, the dance class, the election, the concert,
    the job offer, the rent, the football club, the new baby, the essay, the surprise guest, the driving lesson,
    the audition, the repair, the long drive, the kitten, the swimming course, the choir, the mail from college,
    the package, the noise upstairs
""")
TIMES = words("today, tonight, right now, this evening, this morning, at the moment, this week, since breakfast")
PAST = words(
    "yesterday, last night, on Sunday, on Friday, the day before yesterday, last summer, a week ago, last month"
)


def story(chance: Random) -> tuple[str, str]:
    """A little story with a question about one of its persons, and what this person feels."""
    emotion, other = chance.sample(EMOTIONS, 2)
    name, rival = chance.choice(WOMEN), chance.choice(MEN)
    if chance.random() < 0.5:
        name, rival = rival, name
    second = _sign(other, chance) if chance.random() < RIVAL else chance.choice(ROUTINE)
    parts = [_told(name, _sign(emotion, chance)), _told(rival, second)]
    chance.shuffle(parts)
    text = chance.choice(JOINTS).format(one=parts[0], two=parts[1])
    return chance.choice(QUESTIONS).format(name=name, story=text), emotion


def _sign(emotion: str, chance: Random) -> str:
    """Something that shows the emotion: what happened, what somebody did, or its name."""
    kind = chance.random()
    if kind < 0.6:
        return chance.choice(EVENTS[emotion])
    return chance.choice(REACTIONS[emotion]) if kind < 0.8 else f"was {chance.choice(FEELINGS[emotion])}"


def _told(name: str, deed: str) -> str:
    return f"{name} {deed.format(**pronouns(name))}"


def message(chance: Random) -> tuple[str, str]:
    """A message in the first person, and what its writer feels now."""
    emotion, other = chance.sample(EMOTIONS, 2)
    to, name = chance.sample(NAMES, 2)
    told = chance.random() < TOLD
    pool = EVENTS if told else FEELINGS
    own, foreign = ME if told else {}, pronouns(name)
    frame = chance.choice(SHARED if told else MIXED if chance.random() < DECOY else PLAIN)
    text = frame.format(
        x=chance.choice(pool[emotion]).format(**own),
        y=chance.choice(pool[other]).format(**foreign),
        topic=chance.choice(TOPICS),
        when=chance.choice(TIMES),
        then=chance.choice(PAST),
        name=name,
    )
    greeting = chance.choice(GREETINGS).format(name=to)
    return f"{greeting}{text if greeting.endswith(': ') else sentence(text)}.", emotion


RECIPES = {
    "story_emotion": Recipe(story, Accuracy(), EMOTIONS),
    "message_emotion": Recipe(message, Accuracy(), EMOTIONS),
}
