"""Restaurants: dishes, people, rooms."""

from __future__ import annotations

from deltalab.task.builtin.lexicon.opinion import Domain, Kind
from deltalab.task.builtin.recipe import words

__all__ = ["RESTAURANT"]

FOOD = Kind(
    words(
        "the soup, the bread, the fish, the meat, the wine, the coffee, the dessert, the first course, the salad, "
        "the steak, the pizza, the chicken, the lamb, the rice, the pasta, the cheesecake, the gravy, the curry, "
        "the lobster, the omelette, the burger, the mashed potato, the salmon, the sandwich"
    ),
    words(
        "delicious fresh tender tasty juicy flavourful crisp creamy savoury mouthwatering appetizing aromatic "
        "nourishing"
    ),
    words("cold greasy stale bitter burnt soggy bland salty overcooked rancid watery rubbery lukewarm"),
)
STAFF = Kind(
    words(
        "the waiter, the service, the waitress, the chef, the manager, the barman, the hostess, the owner, the "
        "cashier, "
        "the head cook, the doorman, the wine steward, the staff, the dishwasher, the delivery boy, the barista, "
        "the pianist, the apprentice, the landlady, the busboy"
    ),
    words("friendly generous polite attentive courteous helpful cheerful efficient welcoming professional"),
    words("rude arrogant grumpy careless impatient unfriendly sluggish clueless sulky indifferent"),
)
ROOM = Kind(
    words(
        "the little room, the terrace, the dining hall, the garden, the balcony, the bar, the decoration, the lounge, "
        "the furniture, the corner table, the fireplace, the tablecloth, the entrance, the courtyard, the cellar, "
        "the counter, the patio, the window seat, the hall, the washroom"
    ),
    words("cosy clean inviting tidy elegant comfortable spotless tasteful quaint spacious"),
    words("dirty noisy gloomy cramped filthy draughty dingy sticky smelly ugly"),
)
RESTAURANT = Domain(
    (FOOD, STAFF, ROOM),
    words(
        "we came there on a {word} night, my {person} had called it {word}, it had been a {word} week for me, "
        "the traffic into town was {word}, my {person} told a {word} story at the table, the weather was {word}, "
        "we had a {word} reason to celebrate, a food critic had written something {word} about it"
    ),
)
