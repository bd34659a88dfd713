"""Hotels: rooms, people, what the house offers."""

from __future__ import annotations

from deltalab.task.builtin.lexicon.opinion import Domain, Kind
from deltalab.task.builtin.recipe import words

__all__ = ["HOTEL"]

ROOM = Kind(
    words(
        "the bedroom, the bathroom, the bed, the mattress, the pillow, the shower, the carpet, the suite, the "
        "wardrobe, "
        "the balcony, the blanket, the bathtub, the curtain, the sofa, the corridor, the lobby, the staircase, "
        "the bed linen, the towel rack, the armchair, the single room, the attic room"
    ),
    words("clean comfortable spacious cosy soft spotless tidy fresh bright luxurious modern roomy"),
    words("dirty filthy cramped mouldy smelly stained dusty shabby lumpy damp uncomfortable broken"),
)
STAFF = Kind(
    words(
        "the receptionist, the porter, the maid, the manager, the concierge, the night clerk, the doorman, "
        "the housekeeper, the front desk, the lifeguard, the shuttle driver, the masseur, the landlord, the bellboy, "
        "the tour guide, the room service, the gardener, the security guard, the chambermaid, the innkeeper"
    ),
    words("friendly helpful polite attentive courteous kind hospitable cheerful efficient gracious"),
    words("rude unfriendly arrogant lazy impatient grumpy incompetent dishonest hostile careless"),
)
HOUSE = Kind(
    words(
        "the breakfast, the pool, the view, the location, the sauna, the garden, the beach, the gym, the buffet, "
        "the elevator, the parking garage, the roof terrace, the playground, the tennis court, the neighbourhood, "
        "the minibar, the wifi, the spa, the golf course, the airport shuttle"
    ),
    words("convenient relaxing generous peaceful inviting enjoyable reliable fabulous soothing picturesque"),
    words("noisy overpriced crowded neglected unreliable outdated gloomy overrated inconvenient dismal"),
)
HOTEL = Domain(
    (ROOM, STAFF, HOUSE),
    words(
        "we arrived after a {word} flight, my {person} had called it {word}, we were in town for a {word} conference, "
        "the weather that week was {word}, a {word} travel agent had booked it, we came for a {word} wedding, "
        "the taxi ride was {word}, my {person} was in a {word} mood"
    ),
)
