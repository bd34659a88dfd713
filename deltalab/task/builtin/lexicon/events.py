"""What happens to people, by the emotion that it leaves; {he}, {him} and {his} stand for the person."""

from __future__ import annotations

from deltalab.task.builtin.recipe import words

__all__ = ["EVENTS", "ROUTINE"]

EVENTS = {
    "anger": words("""
        waited two hours because the clerk was gossiping, found a deep scratch on {his} new car,
        was swindled by the salesman, heard the neighbours drumming at midnight again,
        was insulted by a stranger on the bus, discovered that someone had read {his} diary,
        was blamed for a mistake of the boss, paid for a ticket and got no seat, was pushed out of the queue,
        learned that the landlord had lied again, had {his} parking space taken once more,
        caught a boy throwing stones at {his} cat, was charged twice for one meal, got a rude reply from the office
    """),
    "fear": words("""
        heard footsteps behind {him} in the dark alley, met a growling bear in the woods,
        was alone in the house when the lights went out, felt the plane shake and drop,
        stood at the edge of a steep cliff, saw a snake under {his} bed, noticed a masked man at the window,
        had to have a dangerous operation, got lost in the dark forest, smelled smoke on the stairs,
        was chased by a pack of wild dogs, watched a spider crawl up {his} arm, felt the ground tremble and crack,
        saw a shark near the boat
    """),
    "guilt": words("""
        broke a precious vase and hid the pieces, forgot the birthday of {his} best friend, lied to {his} old teacher,
        copied the answers of a classmate, ate the pie that was meant for the guests,
        let {his} little brother take the punishment, told a secret {he} had promised to keep,
        took coins from the wallet of {his} father, left the gate open so that the rabbit escaped,
        did not visit {his} sick aunt, ran over a neighbour's hen, kept the purse {he} found,
        yelled at a child who had done nothing, cheated {his} partner at cards
    """),
    "joy": words("""
        got a puppy for {his} birthday, was invited to a big party, danced all night at the wedding,
        heard that {his} brother was coming home, got a free trip to the seaside,
        found the toy {he} had always wanted, woke up on the first day of the holidays, met {his} old friends again,
        heard that the illness was over, received a long letter from {his} sweetheart,
        splashed in the lake with {his} cousins, was told that the school was closed for snow,
        opened a wonderful present, got two tickets for the circus
    """),
    "pride": words("""
        won the gold medal, got the best mark of the whole class, finished {his} first marathon,
        was praised by the president, built a boat with {his} own hands, saw {his} daughter graduate with honours,
        repaired the old engine without any help, was chosen captain of the team,
        had {his} painting shown in a museum, solved the riddle nobody else could solve,
        received an award for bravery, baked a perfect cake for the first time, published {his} own novel,
        beat the chess champion
    """),
    "sadness": words("""
        buried {his} old dog, said goodbye to {his} best friend for ever, lost {his} beloved grandmother,
        found the little birds dead in the nest, spent the feast all alone, saw {his} childhood home torn down,
        sat at the bedside of a dying friend, was left by {his} sweetheart,
        looked at a photograph of {his} late father, heard that the baby had not survived,
        had to give away {his} beloved pony, missed {his} family on the other side of the ocean,
        found an old letter from {his} late uncle, attended the funeral of a neighbour
    """),
}
ROUTINE = words("""
    bought a newspaper, watered the plants, parked the van, put on a grey coat, made some tea, opened the mailbox,
    waited for the tram, folded the laundry, read the timetable, peeled potatoes, swept the floor, typed a report,
    carried the groceries upstairs, set the table, turned on the radio, counted the chairs, sharpened a pencil,
    changed a light bulb, stirred the soup, locked the bicycle
""")
