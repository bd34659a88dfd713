"""Words and what they mean, by genus."""

from __future__ import annotations

__all__ = ["DEFINITIONS"]

_PERSONS = """
baker: makes bread; butcher: sells meat; tailor: sews suits; farmer: grows corn; fisher: catches fish with a net
sailor: works on a ship; pilot: flies a plane; teacher: gives lessons; doctor: heals the sick
dentist: looks after teeth; judge: decides in court; lawyer: pleads for others; thief: takes what belongs to others
clown: makes a circus laugh; author: writes novels; poet: writes verses; painter: makes pictures
sculptor: carves statues; composer: invents music; carpenter: builds with wood; mason: builds with stone
plumber: repairs pipes; barber: cuts hair; gardener: looks after plants; shepherd: looks after sheep
soldier: fights in a war; spy: finds out secrets; king: rules a country; monk: lives in a convent
priest: preaches in a church; banker: lends money; merchant: buys and sells goods; waiter: serves guests
cook: prepares meals; miner: digs for coal; hunter: shoots deer; pupil: goes to school; orphan: has lost both parents
widow: has lost her husband; twin: was born with another; beggar: asks strangers for coins
liar: does not tell the truth; coward: lacks courage; fool: lacks sense; hermit: lives alone
tourist: travels for pleasure; rival: wants to beat you; tenant: pays rent
"""
_THINGS = """
knife: cut with; hammer: drive nails with; needle: sew with; pen: write with; broom: sweep with; spade: dig with
oar: row with; comb: tidy hair with; towel: dry hands with; soap: wash with; key: unlock doors with
scales: weigh with; clock: tell time by; compass: find north with; map: find roads on; lamp: switch on in the dark
candle: burn on a cake; match: light fires with; stove: heat a room with; kettle: boil water in; oven: bake in
cup: drink from; spoon: eat soup with; plate: put food on; bed: sleep in; chair: sit on; mirror: see your own face in
curtain: hide a window with; carpet: lay on the floor; purse: carry money in; suitcase: pack for a journey
umbrella: stay dry under; glove: wear on a hand; boot: wear on a foot; hat: wear on the head
belt: hold trousers up with; ring: wear on a finger; necklace: wear round the throat; bell: ring
drum: beat with sticks; violin: play with a bow; flute: blow into; piano: play on with all fingers
camera: take photographs with; telescope: look at stars through; letter: send by post; stamp: stick on an envelope
book: read; ladder: climb up; rope: tie knots in; anchor: hold a ship with; kite: fly on a string; ball: kick
medal: win
"""
_ANIMALS = """
dog: barks; cat: purrs; cow: moos; hen: lays eggs for breakfast; sheep: gives wool; horse: neighs; donkey: brays
pig: grunts; lion: roars and has a mane; tiger: has stripes; elephant: has a trunk; camel: has a hump
giraffe: has a very long neck; monkey: swings through trees; bear: loves honey and fish; wolf: howls in a pack
fox: is said to be sly; rabbit: hops and eats carrots; squirrel: gathers nuts; mouse: is afraid of cats
mole: lives under the ground; bat: hangs upside down; owl: hoots at night; eagle: has the sharpest eyes
parrot: repeats words; swan: is white and glides on lakes; penguin: waddles on the ice
ostrich: runs fast but is a bird; cuckoo: leaves its egg to others; peacock: shows its tail feathers; frog: croaks
snake: crawls without legs; turtle: wears a shell; crocodile: waits in rivers with huge jaws
whale: is the largest of all; shark: has a feared fin; bee: makes honey; ant: builds hills; spider: spins webs
butterfly: was a caterpillar; moth: flies to lamps; kangaroo: jumps and has a pouch; hedgehog: is covered with spines
beaver: builds dams; goat: has a beard; deer: has antlers
"""
_PLACES = """
bakery: bread is sold; library: books are lent; school: children learn; hospital: the sick are nursed
prison: criminals are kept; church: people pray; theatre: plays are shown; museum: old things are shown
station: trains stop; harbour: ships lie; airport: planes land; bank: money is kept; market: farmers sell fruit
restaurant: meals are served; hotel: travellers sleep; kitchen: the stove stands; bedroom: beds at home stand
bathroom: one washes; cellar: wine is stored; attic: old trunks are forgotten; stable: horses stand
barn: hay is stored; kennel: dogs live; nest: eggs are hatched; zoo: wild animals are shown; garden: flowers grow
orchard: fruit trees grow; vineyard: grapes grow; forest: many trees grow; desert: hardly any rain falls
island: water is on every side; beach: the sea meets the sand; summit: a mountain is highest
valley: rivers run between hills; cave: rock hides the sun; mine: coal is dug; mill: grain is ground
factory: machines are made; court: trials are held; cemetery: the dead are buried; palace: a queen lives
border: two countries meet; bridge: a road crosses a river; stadium: matches are played
laboratory: experiments are made; studio: artists work; pharmacy: medicine is sold
"""


def _read(table: str) -> dict[str, str]:
    entries = (entry.split(": ") for line in table.strip().splitlines() for entry in line.split("; "))
    return {word: meaning for word, meaning in entries}


DEFINITIONS = {
    "somebody who {}": _read(_PERSONS),
    "a thing to {}": _read(_THINGS),
    "an animal that {}": _read(_ANIMALS),
    "a place where {}": _read(_PLACES),
}
"""Words with their meanings, under the frame that makes a definition of a meaning."""
