"""Words that mean the same, the opposite or the same seen from the other side."""

from __future__ import annotations

from deltalab.task.builtin.recipe import words

__all__ = ["COMPARED", "GIVEN", "OPPOSITES", "PEOPLE", "PLACES", "TIMES", "TRANSFERS", "VERBS"]

PEOPLE = words("""
    nurse farmer teacher sailor baker lawyer painter hunter widow clerk doctor soldier merchant poet singer judge
    tailor gardener pilot dancer student waiter butcher priest miner plumber barber captain author actor guard banker
    chemist dentist tourist mayor shepherd cook artist librarian scientist reporter carpenter engineer athlete queen
    knight beggar monk prince princess duke wizard pirate burglar detective witness professor secretary violinist
""")
# a line: verbs in the past, also their participles, that say the same
VERBS = tuple(
    tuple(line.split())
    for line in """
helped assisted
phoned called
met encountered
thanked
praised applauded
scolded rebuked
noticed spotted
rescued saved
married wed
hired employed
dismissed fired
cheated deceived
frightened scared
visited
hurt injured
followed pursued
invited
admired respected
hated detested
surprised astonished
comforted consoled
annoyed bothered
defeated conquered
trusted believed
insulted offended
questioned interviewed
punished
amused entertained
imitated copied
guided led
pushed shoved
robbed
kissed
recognized identified
warned alerted
""".strip().splitlines()
)
# what one side did to the other, and what the other did to receive it
TRANSFERS = (
    ("sold", "to", "bought", "from"),
    ("sold", "to", "purchased", "from"),
    ("gave", "to", "received", "from"),
    ("gave", "to", "got", "from"),
    ("lent", "to", "borrowed", "from"),
    ("rented", "to", "hired", "from"),
    ("handed", "to", "took", "from"),
    ("passed", "to", "accepted", "from"),
    ("left", "to", "inherited", "from"),
)
GIVEN = words("""
    horse boat lamp watch ring coat violin piano camera bicycle carpet painting mirror basket ladder clock tent drum
    kettle guitar cart hammer necklace umbrella suitcase telescope statue puppet vase trumpet saddle bracelet globe
    candle chest sword crown blanket wagon compass
""")
COMPARED = tuple(
    tuple(line.split())
    for line in """
taller shorter
older younger
richer poorer
stronger weaker
faster slower
heavier lighter
happier sadder
tidier messier
louder quieter
luckier unluckier
thinner fatter
cleverer sillier
kinder crueller
politer ruder
calmer wilder
healthier sicklier
""".strip().splitlines()
)
# two words for one side, two for the other
OPPOSITES = tuple(
    tuple(line.split())
    for line in """
large big small little
quick fast slow sluggish
clean spotless dirty filthy
loud noisy quiet silent
cheap inexpensive expensive costly
full crowded empty vacant
broken damaged intact unbroken
cosy comfortable uncomfortable unpleasant
odd strange normal ordinary
old ancient new modern
tidy neat messy chaotic
wet damp dry parched
warm heated cold chilly
famous well-known unknown obscure
beautiful pretty ugly hideous
safe secure dangerous risky
narrow tight wide broad
bright light dark dim
""".strip().splitlines()
)
PLACES = words("""
    house room bridge tower shop garden hotel street village castle station tunnel stable theatre museum school cellar
    market harbour kitchen office temple library palace park hut church cave path barn
""")
TIMES = words("""
    on Monday, on Friday, last week, last night, in the morning, in the evening, at noon, at midnight, before dinner,
    after lunch, in spring, in autumn, during the war, two days ago, at Easter, after the storm
""")
