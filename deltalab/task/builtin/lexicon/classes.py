"""Classes of things with their subclasses, where they are and what can be said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from deltalab.task.builtin.recipe import words

__all__ = ["CLASSES", "Class"]


@final
@dataclass(frozen=True)
class Class:
    """The `general` noun, its `kinds`, `qualities` that narrow any of them, `places`, and `predicates`."""

    general: str
    kinds: tuple[str, ...]
    qualities: tuple[str, ...]
    places: tuple[str, ...]
    predicates: tuple[str, ...]


CLASSES = (
    Class(
        "animals",
        words("dogs cats horses cows goats rabbits donkeys pigs foxes monkeys camels lions"),
        words("black white old young hungry wild"),
        words("at the zoo, on the farm, in the valley, at the circus, in the village"),
        words("""
            sleep in the shade, drink from the pond, are afraid of thunder, need a vet, eat apples, have fleas,
            wake up before dawn, are hard to catch, hate the cold, follow the keeper, limp, look thin
        """),
    ),
    Class(
        "workers",
        words("nurses bakers tailors plumbers drivers waiters gardeners painters carpenters clerks cooks guards"),
        words("young experienced foreign married tired retired"),
        words("in the town, at the meeting, on the bus, at the airport, in the union"),
        words("""
            drink tea at noon, own a bicycle, are members of a club, speak Spanish, earn enough, play chess,
            came to the picnic, voted for the mayor, live near the station, read the newspaper, want longer holidays,
            smoke
        """),
    ),
    Class(
        "vehicles",
        words("cars buses trucks trams taxis motorcycles bicycles tractors vans ambulances scooters wagons"),
        words("red blue old modern expensive rented"),
        words("in the street, on the bridge, in the garage, at the crossing, in the yard"),
        words("""
            need new tyres, are covered with snow, have broken lights, belong to the city, are insured, were stolen,
            make a lot of noise, have a flat wheel, were built in Japan, stopped at the sign, are for sale, leak oil
        """),
    ),
    Class(
        "fruits",
        words("apples pears plums peaches cherries lemons oranges bananas melons apricots mangoes figs"),
        words("green small large ripe cheap organic"),
        words("in the basket, at the market, in the kitchen, on the plate, in the crate"),
        words("""
            taste sour, have worms, come from Italy, are wrapped in paper, smell sweet, were picked yesterday,
            are rotten, cost one coin, go into the pie, feel soft, fell on the floor, are washed
        """),
    ),
    Class(
        "buildings",
        words("houses churches schools hotels museums factories hospitals cottages palaces theatres barns libraries"),
        words("brick wooden old tall empty famous"),
        words("in the city, on the hill, along the river, in the district, by the lake"),
        words("""
            have a flat roof, were damaged by the storm, are open to visitors, have a cellar, will be torn down,
            are heated with gas, have white walls, were built by monks, face the square, have a lift, need repair,
            are haunted
        """),
    ),
    Class(
        "clothes",
        words("shirts coats dresses jackets skirts gloves scarves trousers socks sweaters hats vests"),
        words("woollen striped yellow cheap borrowed new"),
        words("in the wardrobe, on the line, in the shop, in the suitcase, on the shelf"),
        words("""
            are too small, have holes, are still wet, were made in Portugal, were a gift, need ironing,
            have silver buttons, smell of soap, shrank in the wash, are out of fashion, have a stain, are on sale
        """),
    ),
    Class(
        "instruments",
        words("violins pianos guitars flutes drums trumpets harps cellos clarinets organs banjos horns"),
        words("antique polished cheap French heavy rare"),
        words("on the stage, in the music room, in the museum, in the orchestra, at the auction"),
        words("""
            are out of tune, were made by hand, are covered with dust, sound dull, belong to the school,
            have a scratch, are worth a fortune, were sold today, hang on the wall, are played every day,
            came from Vienna, lack a part
        """),
    ),
    Class(
        "plants",
        words("roses tulips lilies daisies orchids ferns cactuses violets poppies sunflowers nettles ivies"),
        words("tall potted exotic tiny dry purple"),
        words("in the garden, on the balcony, in the greenhouse, along the path, at the exhibition"),
        words("""
            need more water, attract bees, are poisonous, bloom in May, grow slowly, survived the frost, smell strong,
            have lost their leaves, were planted by Grandma, like the sun, are eaten by snails, are in blossom
        """),
    ),
    Class(
        "birds",
        words("eagles crows owls swans robins sparrows hawks pigeons gulls storks parrots geese"),
        words("grey spotted noisy injured large migrating"),
        words("on the island, in the park, on the cliff, near the harbour, in the wood"),
        words("""
            sing at night, wear a ring, fly south in autumn, build nests in trees, hunt mice, avoid people,
            have chicks, eat seeds, are counted each year, are sick, left before the rain, rest on the roof
        """),
    ),
    Class(
        "tools",
        words("hammers saws axes knives shovels drills spades rakes chisels wrenches files pliers"),
        words("rusty sharp electric heavy Swedish sturdy"),
        words("in the shed, on the bench, in the toolbox, in the workshop, in the catalogue"),
        words("""
            have a wooden handle, were left in the rain, are made of steel, need oil, are missing,
            were lent to a neighbour, hang on hooks, have never been used, come with a manual, are broken,
            are too dull, weigh little
        """),
    ),
    Class(
        "dishes",
        words("soups salads pies stews puddings omelettes pizzas curries sandwiches pancakes dumplings cakes"),
        words("spicy hot cold vegetarian homemade frozen"),
        words("on the menu, on the table, at the buffet, in the oven, at the fair"),
        words("""
            contain garlic, are too salty, were made by the chef, cost little, taste great, are served with rice,
            come in small bowls, were burnt, are ready, contain nuts, smell of onions, won a prize
        """),
    ),
    Class(
        "children",
        words("girls boys twins pupils toddlers orphans scouts teenagers singers goalkeepers beginners newcomers"),
        words("shy blond clever barefoot left-handed noisy"),
        words("in the camp, in the classroom, on the playground, in the choir, at the party"),
        words("""
            wear a cap, can swim, like spinach, caught a cold, brought a present, want to go home, know the song,
            forgot their lunch, speak two languages, collect stamps, are afraid of spiders, won a balloon
        """),
    ),
)
