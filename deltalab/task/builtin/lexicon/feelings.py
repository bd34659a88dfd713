"""Emotions: the adjectives that name them, and what people do who feel them."""

from __future__ import annotations

from deltalab.task.builtin.recipe import words

__all__ = ["EMOTIONS", "FEELINGS", "REACTIONS"]

FEELINGS = {
    "anger": words("angry furious cross annoyed irritated outraged mad livid indignant enraged"),
    "fear": words("afraid scared frightened terrified anxious nervous worried alarmed panicky fearful"),
    "guilt": words(
        "guilty ashamed sorry remorseful apologetic repentant regretful contrite shamefaced conscience-stricken"
    ),
    "joy": words("happy glad cheerful delighted joyful merry overjoyed thrilled jolly elated"),
    "pride": words(
        "proud honoured triumphant self-satisfied victorious flattered boastful smug self-assured self-confident"
    ),
    "sadness": words("sad unhappy gloomy heartbroken miserable mournful sorrowful tearful downcast depressed"),
}
REACTIONS = {
    "anger": words("""
        slammed the door, clenched {his} fists, shouted at everyone, stamped {his} foot, tore the bill to pieces,
        banged on the table, cursed loudly, glared at the waiter, kicked a chair across the room,
        complained to the manager
    """),
    "fear": words("""
        trembled from head to foot, hid under the blanket, turned pale and screamed, ran away as fast as {he} could,
        checked the lock three times, did not dare to move, could not sleep without a lamp, broke into a cold sweat,
        shivered behind the curtain, called for help
    """),
    "guilt": words("""
        could not look {his} friend in the eye, begged for forgiveness, confessed everything, mumbled an apology,
        wished {he} could undo it, knew it was all {his} fault, wrote a letter to say sorry,
        was plagued by a bad conscience, offered to pay for the damage, promised never to do it again
    """),
    "joy": words("""
        laughed and sang, hugged everyone, clapped {his} hands, whistled a lively tune, danced around the kitchen,
        beamed from ear to ear, could not stop smiling, jumped up and down, giggled all evening,
        threw {his} hat into the air
    """),
    "pride": words("""
        showed the certificate to everyone, held {his} head high, hung the diploma on the wall,
        told the whole village about {his} success, walked with {his} chest out, bowed to the applause,
        framed the newspaper article, felt ten feet tall, signed autographs, polished the trophy every day
    """),
    "sadness": words("""
        wept into the pillow, sighed and stared out of the window, could not hold back {his} tears,
        did not want to eat or talk, sobbed all night, lit a candle and cried, wore black for weeks,
        stayed in bed with swollen eyes, laid flowers on the grave, spoke in a broken voice
    """),
}
EMOTIONS = tuple(sorted(FEELINGS))
