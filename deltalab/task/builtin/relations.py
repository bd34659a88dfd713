"""What depends on what in everyday life, by the scale that changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from deltalab.task.builtin.recipe import words

__all__ = ["RELATIONS", "Relation", "Scale"]


@final
@dataclass(frozen=True)
class Scale:
    """`higher` and `lower` are the comparatives of the opposites `high` and `low`."""

    high: str
    higher: str
    low: str
    lower: str


@final
@dataclass(frozen=True)
class Relation:
    """Where `cause` moves up its scale, `effect` has more of the quality if it `rises`, else less."""

    scale: Scale
    cause: str
    effect: str
    quality: str
    rises: bool


# a scale, then its relations: what changes, what depends on it, the quality, its direction
_TABLE = """
heavy heavier light lighter
a suitcase, the journey, tiring, +; a bag, the walk, agreeable, -; a hammer, the blow, powerful, +;
a gate, the boy, able to open it, -; a lorry, the bridge, endangered, +; a coat, the wearer, sheltered, +;
a boat, the rower, successful, -; a blanket, the sleeper, chilled, -

long longer short shorter
a chain, the dog, mobile, +; a speech, the audience, bored, +; a queue, the customer, patient, -;
a ladder, the roof, reachable, +; a wait, the patient, nervous, +; a holiday, the worker, overworked, -;
a candle, the room, quickly dark, -; a lesson, the pupil, attentive, -

deep deeper shallow shallower
a river, the crossing, dangerous, +; a well, the water, reachable, -; a snowdrift, the traveller, delayed, +;
a wound, the recovery, rapid, -; a sleep, the sleeper, easily woken, -; a harbour, the ship, protected, +;
a hole, the ladder, necessary, +; a puddle, the shoe, presentable, -

cold colder warm warmer
a winter, the pond, frozen, +; a soup, the guest, content, -; a cellar, the milk, perishable, -;
a night, the gardener, worried, +; a fridge, the butter, solid, +; a pool, the swimmer, comfortable, -;
a morning, the street, crowded, -; a bath, the child, shivering, +

wet wetter dry drier
a road, the driver, careful, +; a towel, the bather, satisfied, -; a forest, a fire, likely, -;
a summer, the meadow, colourful, +; a log, the stove, troublesome, +; a tent, the camper, cheerful, -;
a floor, the dancer, secure, -; a field, the tractor, useless, +

loud louder quiet quieter
a machine, the worker, annoyed, +; a library, the reader, disturbed, +; a street, the flat, desirable, -;
a bell, the signal, audible, +; a whisper, the secret, hidden, -; a neighbour, the baby, peaceful, -;
an alarm, the thief, frightened, +; a radio, the conversation, possible, -

bright brighter dim dimmer
a lamp, the page, readable, +; a screen, the battery, durable, -; the moon, the burglar, visible, +;
the sun, the snowman, permanent, -; a star, the astronomer, pleased, +; a hallway, the staircase, perilous, -;
a lighthouse, the sailor, helpless, -; a torch, the path, distinct, +

sharp sharper blunt blunter
a blade, the bread, easily cut, +; a scythe, the harvest, laborious, -; a pencil, the drawing, precise, +;
a claw, the mouse, fearless, -; a saw, the carpenter, impatient, -; an axe, the tree, quickly felled, +;
a thorn, the finger, painless, -; an arrow, the armour, useless, +

steep steeper gentle gentler
a hill, the cyclist, exhausted, +; a slope, the sledge, unstoppable, +; a path, the wheelchair, helpful, -;
a cliff, the climber, relaxed, -; a roof, the attic, flooded, -; a staircase, the grandmother, breathless, +;
a garden, the mower, usable, -; a mountain, the tourist, thrilled, +

thick thicker thin thinner
a wall, the noise, noticeable, -; a jacket, the hiker, frozen, -; a fog, the pilot, uncertain, +;
a book, the shelf, packed, +; a cable, the lift, dependable, +; a curtain, the bedroom, sunlit, -;
a crust, the pie, tender, -; a plank, the platform, solid, +

rough rougher smooth smoother
a sea, the passenger, seasick, +; a track, the ride, pleasant, -; a tyre, the grip, reliable, +;
a wall, the painter, occupied, +; a board, the skater, elegant, -; a stone, the statue, finished, -;
a voice, the song, charming, -; a file, the polishing, effective, +

dirty dirtier clean cleaner
a shirt, the laundry, laborious, +; a window, the view, attractive, -; a kitchen, the cook, respected, -;
a plate, the waiter, embarrassed, +; a lake, the fish, healthy, -; a chimney, the sweep, blackened, +;
a filter, the engine, efficient, -; a wheel, the bicycle, unpleasant, +

cheap cheaper dear dearer
a ticket, the theatre, deserted, -; a meal, the student, reluctant, -; a toy, the uncle, willing to buy it, +;
a house, the buyer, indebted, -; a medicine, the patient, grateful, +; a jewel, the robber, excited, -;
a ring, the bride, disappointed, +; a phone, the shop, popular, +

old older young younger
a horse, the race, easily won, -; a wine, the taste, complex, +; a violin, the collector, interested, +;
a mule, the load, manageable, -; a bridge, the inspector, confident, -; a kitten, the owner, amused, -;
a cheese, the smell, intense, +; a castle, the historian, curious, +
"""


def _read(block: str) -> list[Relation]:
    head, *lines = block.splitlines()
    rows = (words(entry) for entry in " ".join(lines).split(";"))
    return [
        Relation(Scale(*head.split()), cause, effect, quality, sign == "+") for cause, effect, quality, sign in rows
    ]


RELATIONS = tuple(relation for block in _TABLE.strip().split("\n\n") for relation in _read(block))
