"""What is taught at school."""

from __future__ import annotations

from deltalab.task.builtin.lexicon.subject import Subjects
from deltalab.task.builtin.recipe import words

__all__ = ["SCHOOL"]

THINGS = {
    "art": words("""
        watercolour, portrait, sculpture, still life, oil paint, clay vase, canvas, sketch, mosaic, brush, pottery,
        woodcut, easel, collage, self-portrait, fresco, charcoal drawing, statue, palette, engraving, etching,
        tapestry, stained glass, mural, perspective, pastel, paper mask, silk print, calligraphy, plaster bust
    """),
    "biology": words("""
        cell, heart, leaf, enzymes, butterfly, frog, genes, bacteria, skeleton, lungs, digestion, chromosomes,
        evolution, mammals, food chain, kidney, pollen, insects, reptiles, nervous system, blood vessels,
        microscope slide, larva, fungus, embryo, hormones, roots of the plant, eyelid, gills, species
    """),
    "geography": words("""
        volcano, river delta, desert, continent, glacier, equator, capital of Peru, mountain range, rainforest,
        peninsula, island, map of Asia, coastline, climate zones, canyon, population of China, longitude, Sahara,
        harbour of Hamburg, Alps, globe, atlas, tundra, savanna, Nile, plateau, border of Chile, earthquake,
        waterfall, North Pole
    """),
    "history": words("""
        pharaoh, Roman empire, crusades, castle, revolution, pyramids, Vikings, knights, Cold War, slave trade,
        plague, Middle Ages, guillotine, pilgrims, emperor, gladiators, Renaissance, colonies, Stone Age,
        peace of 1648, samurai, monastery, dynasty, ancient Greeks, civil war, Industrial Revolution, tsar,
        discovery of America, railway age, siege of Troy
    """),
    "math": words("""
        triangle, fraction, equation, square root, prime numbers, circle, algebra problem, percentages, decimals,
        long division, angle, parabola, sum, geometry proof, multiplication table, polygon, cosine, negative numbers,
        probability, diameter, cube root, graph, logarithm, rectangle, integral, number line, hypotenuse, matrix,
        remainder, ratio
    """),
    "physics": words("""
        gravity, magnet, electric current, lever, velocity, pendulum, light wave, atom, friction, acceleration,
        circuit, prism, heat, pressure, momentum, sound wave, laser, pulley, voltage, radio waves, mass, energy, lens,
        vacuum, resistance, electrons, nucleus, steam engine, vibration, density
    """),
}
SCHOOL = Subjects(
    THINGS,
    words("""
        Anna, Peter, the twins, our class, the new pupil, my sister, the substitute teacher, Miss Hall, Mr Brown,
        the headmaster, the tutor, Sophie, Daniel, the exchange student, the class below us, my desk mate, Emma,
        Oscar, the older boys, the girls in the back row
    """),
    words("""
        on Monday, before lunch, in the first lesson, after the break, all morning, for an hour, last week,
        in the afternoon, before the test, at the end of the term, yesterday, on Friday, during the lesson,
        after the holidays, for homework, one more time
    """),
    (
        "{when} {who} learned about the {a} and the {b}",
        "{who} asked a question about the {a} {when}",
        "{when} {who} made notes on the {a} and the {b}",
        "{who} read the chapter on the {a} {when}, then the one on the {b}",
        "{who} gave a talk about the {a} {when}",
    ),
    (
        "{who} gave a talk about the {a} {when}, not about the {x}",
        "{who} did not study the {x} {when}, but the {a}",
        "{when} {who} skipped the {x} and studied the {a}",
        "{when} {who} studied the {a} and skipped the {x}",
        "{who} revised the {a} {when}, and not the {x}",
        "{when} {who} wrote about the {a} rather than about the {x}",
        "{who} closed the book on the {x} {when} and opened the one on the {a}",
        "instead of the {x}, {who} revised the {a} {when}",
        "{who} revised the {a} {when} instead of the {x}",
        "{when} {who} turned away from the {x} and back to the {a}",
        "{who} knew the {x} already and studied the {a} {when}",
        "no more talk of the {x}: {when} {who} revised the {a}",
    ),
)
