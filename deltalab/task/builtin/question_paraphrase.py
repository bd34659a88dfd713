"""Two questions: do they want to know the same of the same?"""

from __future__ import annotations

from random import Random

from deltalab.task.builtin.recipe import words

__all__ = ["ACTIONS", "CIRCUMSTANCES", "CITIES", "INTENTS", "TRAVEL", "ask"]

# what is asked of an action, in several wordings
INTENTS = {
    "way": (
        "How do I {do}?",
        "What is the best way to {do}?",
        "Can you explain how to {do}?",
        "Which method do people use to {do}?",
    ),
    "cost": (
        "How much does it cost to {do}?",
        "What is the usual price if I want to {do}?",
        "How much money do I have to pay to {do}?",
    ),
    "duration": (
        "How long does it take to {do}?",
        "How much time do I need to {do}?",
        "How many hours will I need to {do}?",
    ),
    "permission": ("Am I allowed to {do}?", "Is it legal to {do}?", "Does the law permit me to {do}?"),
    "reason": ("Why should I {do}?", "What are good reasons to {do}?", "For what purpose do people {do}?"),
    "help": (
        "Who can help me to {do}?",
        "Is there someone who knows how to {do} for me?",
        "Whom should I call to {do}?",
    ),
    "moment": ("When should I {do}?", "What is the right moment to {do}?", "At which hour is it best to {do}?"),
    "danger": ("Is it dangerous to {do}?", "How risky is it to {do}?", "Could I get hurt when I {do}?"),
}
ACTIONS = {
    line.split(": ")[0]: words(line.split(": ")[1])
    for line in """
clean: a carpet, a fur coat, a chimney, an oven, a fish tank, a leather sofa, a swimming pool
repair: a bicycle, a roof, a clock, a radio, a washing machine, a fence, a violin
sell: a house, a stamp collection, a used car, a painting, a horse, a gold ring, a motorcycle
rent: a boat, a flat, a wedding dress, a piano, a truck, a tent, a garage
build: a bridge, a bookshelf, a snowman, a tree house, a kite, a stone wall, a raft
paint: a portrait, a ceiling, a wooden door, a garden gate, a bathtub, a toy train
cook: a lobster, a turkey, a pot of rice, a vegetable soup, a goose, a dozen eggs
grow: tomatoes, mushrooms, a lemon tree, roses, potatoes, a palm, strawberries
train: a puppy, a parrot, a young horse, a falcon, a football team, a circus bear
learn: Spanish, chess, the guitar, sign language, the alphabet, a folk dance, judo
carry: a wardrobe, a sleeping child, a heavy suitcase, a mirror, a canoe, an injured person
remove: a wasp nest, a wine stain, a tattoo, old wallpaper, a splinter, a tree stump
open: a coconut, a bank account, a jammed lock, a restaurant, an oyster, a parachute
photograph: the moon, wild deer, a waterfall, a newborn baby, a rainbow, lightning, a glacier
store: fresh milk, firewood, winter tyres, medicine, cheese, fireworks, tulip bulbs
feed: a hedgehog, a snake, ducks, a newborn lamb, goldfish, a crocodile, pigeons
wash: a silk shirt, a wool blanket, a cat, curtains, a sleeping bag, muddy boots
move: a grand piano, a greenhouse, an aquarium, a beehive, a fridge, a marble statue
send: a parcel, a telegram, flowers, a love letter, money, a complaint, fragile glass
cut: a diamond, a hedge, long hair, glass, a pineapple, sheet metal, a wedding cake
climb: a volcano, an oak tree, a lighthouse, a frozen waterfall, a steep cliff, a rope ladder
catch: a trout, a mouse, butterflies, a runaway hamster, crabs, a squirrel
decorate: a birthday cake, a Christmas tree, a classroom, a shop window, a hat, Easter eggs
measure: my blood pressure, a window frame, the wind speed, my shoe size, a field, the humidity
recycle: batteries, plastic bottles, an old phone, paint cans, newspapers, light bulbs
""".strip().splitlines()
}
CIRCUMSTANCES = (
    "",
    "",
    *words("in winter, at home, without a machine, at night, in the city, on a Sunday, in the rain, alone"),
)
CITIES = words("""
    Paris Rome Vienna Berlin Madrid London Dublin Oslo Prague Lisbon Athens Warsaw Moscow Cairo Tokyo Boston Chicago
    Toronto Sydney Delhi Zurich Naples Munich Hamburg Glasgow Geneva Budapest Seville Denver Dallas
""")
TRAVEL = words("travel, drive, fly, cycle, take the bus, hitchhike, send a truck")
TRIP = 0.2
"""How often the action is a trip, whose direction matters."""


def ask(chance: Random) -> tuple[str, str]:
    """Two questions and whether they are after the same."""
    same = chance.random() < 0.5
    intent, other_intent = chance.sample(tuple(INTENTS), 2)
    action, other_action = (_trip if chance.random() < TRIP else _action)(chance)
    one, two = chance.sample(INTENTS[intent], 2)
    asked = action
    if not same and chance.random() < 0.5:
        two = chance.choice(INTENTS[other_intent])
    elif not same:
        asked = other_action
    return f"First: {one.format(do=action)} Second: {two.format(do=asked)}", "yes" if same else "no"


def _action(chance: Random) -> tuple[str, str]:
    """Something to do, and the same with another object or circumstance, or something else."""
    verb, other_verb = chance.sample(tuple(ACTIONS), 2)
    thing, other_thing = chance.sample(ACTIONS[verb], 2)
    where = chance.choice(CIRCUMSTANCES)
    action = f"{verb} {thing} {where}".strip()
    changed = chance.random()
    if changed < 0.6:
        return action, f"{verb} {other_thing} {where}".strip()
    if changed < 0.8:
        return action, f"{other_verb} {chance.choice(ACTIONS[other_verb])} {where}".strip()
    return action, f"{verb} {thing} {chance.choice([place for place in CIRCUMSTANCES if place != where])}".strip()


def _trip(chance: Random) -> tuple[str, str]:
    """A trip, and the way back or a trip to elsewhere."""
    start, goal, elsewhere = chance.sample(CITIES, 3)
    by = chance.choice(TRAVEL)
    turned = f"from {goal} to {start}" if chance.random() < 0.7 else f"from {start} to {elsewhere}"
    return f"{by} from {start} to {goal}", f"{by} {turned}"
