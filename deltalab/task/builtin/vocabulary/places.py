"""Where persons are and where things lie."""

from __future__ import annotations

from deltalab.task.builtin.recipe import words

__all__ = ["CONTAINERS", "PLACES"]

PLACES = words("""
kitchen, garden, cellar, attic, library, hall, stable, barn, garage, office, school, church, market, station, harbour,
park, forest, village, castle, tower, theatre, museum, hotel, hospital, bank, bakery, shop, tavern, mill, prison,
chapel, courtyard, bedroom, bathroom, parlour, studio, factory, laboratory, meadow, orchard, field, valley, cave,
tent, palace, restaurant, gallery, classroom, workshop, kennel
""")
CONTAINERS = words("""
box, drawer, basket, chest, bag, cupboard, wardrobe, suitcase, barrel, sack, oven, cabinet, crate, trunk, desk, safe,
fridge, closet, boat, cart, wagon, van, shed, hamper, locker, carriage, train, bus, car, corner, bookcase, tub, lorry,
taxi
""")
