"""Words by kind; none stands under two kinds, and kinds that could dispute a word are `CLOSE`."""

from __future__ import annotations

from deltalab.task.builtin.recipe import words

__all__ = ["CLOSE", "KINDS"]

_TABLE = """
animals: horse cow sheep pig dog cat lion tiger bear wolf fox rabbit goat donkey elephant camel monkey deer
birds: eagle crow owl swan robin sparrow hawk pigeon gull stork parrot raven dove falcon finch
fruits: apple pear plum peach lemon grape cherry banana melon fig apricot strawberry mango
drinks: tea coffee milk wine beer water juice cocoa brandy lemonade whisky gin cider
clothes: coat hat dress shirt shoe boot glove scarf jacket skirt sock trousers apron gown cap cloak
tools: hammer saw axe knife shovel drill spade rake chisel wrench file pliers
parts of the body: head arm leg hand foot nose ear eye mouth neck knee finger shoulder elbow chest stomach
colours: red blue green black white brown yellow grey purple pink scarlet crimson
professions: doctor teacher lawyer farmer baker sailor soldier nurse judge clerk tailor butcher priest barber
relatives: mother father brother sister uncle aunt cousin son daughter nephew niece wife husband grandmother
buildings: house church castle tower school hospital palace hotel barn factory temple cottage museum prison
kinds of weather: rain snow wind storm fog frost hail thunder sunshine mist drizzle breeze lightning
metals: gold silver iron copper lead tin steel bronze zinc nickel brass aluminium
vehicles: car ship train boat bus wagon bicycle cart ferry lorry tram truck taxi carriage
furniture: table chair bed desk sofa shelf cupboard stool bench wardrobe armchair bookcase cradle
musical instruments: piano violin flute drum guitar trumpet harp tuba cello horn clarinet oboe banjo
feelings: joy fear anger hope love hate shame pride grief envy jealousy despair delight sorrow
days and months: Monday Tuesday Friday Sunday January June July April August October December Saturday
countries: France Germany Spain Italy England India China Japan Russia Egypt Mexico Greece Sweden Canada
flowers: rose lily daisy tulip violet poppy orchid daffodil iris snowdrop pansy buttercup
trees: oak pine elm willow beech birch cedar maple ash poplar chestnut
school subjects: history physics chemistry biology grammar geography algebra geometry astronomy philosophy
games: chess tennis football golf cricket poker hockey dominoes rugby croquet snooker basketball
weapons: sword gun rifle spear pistol cannon dagger bow lance musket
"""
KINDS = {kind: words(members) for kind, members in (line.split(": ") for line in _TABLE.strip().splitlines())}
CLOSE = tuple(
    frozenset(pair)
    for pair in (
        ("animals", "birds"),
        ("colours", "metals"),
        ("colours", "flowers"),
        ("colours", "fruits"),
        ("fruits", "trees"),
        ("tools", "weapons"),
    )
)
"""Pairs of kinds with words that could pass for either: gold, violet, axe."""
