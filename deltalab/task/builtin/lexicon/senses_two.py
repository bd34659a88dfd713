"""Ambiguous words from `mine` to `yard`: what people did with one sense and with the other."""

from __future__ import annotations

__all__ = ["TABLE"]

# a line: the word; deeds in the first sense, split by semicolons; a bar; deeds in the second sense
TABLE = """
mine: dug coal in the mine; worked underground in a mine; went down into the gold mine
| said that the coat was mine; thought the red cup was mine; knew the idea was mine
mint: put mint in the tea; grew mint in the herb bed; chewed a leaf of mint
| worked where the mint makes coins; visited the mint with its gold bars; stole coins from the mint
mole: saw a mole dig in the lawn; found a mole under the grass; drove the mole out of the garden
| had a mole on the cheek; showed the doctor a dark mole; covered the mole with make-up
mouse: set a trap for the mouse; watched the cat catch a mouse; fed cheese to the mouse
| clicked with the mouse; plugged the mouse into the computer; moved the mouse to the icon
nail: hit the nail with a hammer; hung the picture on a nail; pulled a rusty nail out of the plank
| painted the nail of the thumb; bit a nail on the little finger; broke a nail and cut a finger
note: left a note on the fridge; wrote a short note to the neighbour; read the note from the teacher
| sang a high note; played a wrong note on the piano; held the last note of the song
organ: played the organ in church; heard the organ at the wedding; tuned the pipes of the organ
| donated an organ to a patient; called the liver an organ; studied each organ of the body
palm: climbed a palm on the beach; picked coconuts from the palm; rested in the shade of a palm
| held the coin in the palm; read the lines of the palm; burned the palm of the left hand
park: walked the dog in the park; sat on a bench in the park; fed the ducks in the park
| tried to park the car; had to park behind the truck; wanted to park the van near the garage
pen: wrote with a black pen; filled the pen with ink; signed the form with a pen
| locked the sheep in the pen; cleaned the pen of the pigs; drove the cattle into the pen
pipe: smoked a pipe after dinner; filled the pipe with tobacco; lit the old pipe
| repaired the leaking pipe; saw water drip from the pipe; called a plumber about the pipe
pitch: ran across the football pitch; cut the grass of the pitch; left the pitch after the goal
| sang at a high pitch; adjusted the pitch of the violin; heard the pitch of the whistle
plane: boarded the plane to Rome; watched the plane land; flew in a small plane
| smoothed the wood with a plane; sharpened the carpenter's plane; shaved the door with a plane
plant: watered the plant; put the plant in a flower pot; cut the leaves of the plant
| worked in a car plant; closed the chemical plant; was manager of the power plant
point: sharpened the point of the pencil; pricked a finger on the point of the needle; broke the point of the knife
| scored a point in the game; lost by one point; won the last point of the set
pool: swam in the pool; dived into the pool; filled the pool with water
| played pool in the pub; won a game of pool; chalked the cue for pool
port: sailed into the port; unloaded the ship in the port; anchored at the port
| drank a glass of port; ordered port with the cheese; opened a bottle of old port
pound: paid one pound for the bread; found a pound in the purse; owed the waiter a pound
| lost a pound on the diet; bought a pound of butter; weighed a pound more than before
press: spoke to the press; gave an interview to the press; was attacked by the press
| went to press the button; had to press the shirt with an iron; tried to press the pedal down
race: won the bicycle race; ran in the race; trained for the boat race
| wrote about the human race; dreamed of a race of giants; read about an alien race
racket: hit the ball with the racket; bought a tennis racket; strung the badminton racket
| complained about the racket next door; woke up from the racket in the street; made a terrible racket with drums
ring: wore a diamond ring; put the ring on a finger; sold the golden ring
| heard the phone ring; let the bell ring; waited for the alarm to ring
rock: threw a rock into the lake; climbed the steep rock; stumbled over a rock
| listened to rock on the radio; played rock on the guitar; danced to loud rock
root: dug up the root of the tree; boiled the root of a plant; tripped over a root
| found the root of the problem; saw greed as the root of evil; got to the root of the quarrel
row: sat in the first row; stood in a row with the others; planted a row of beans
| wanted to row the boat; had to row across the lake; learned to row with two oars
ruler: drew a line with the ruler; measured the page with a ruler; broke the plastic ruler
| bowed to the ruler of the country; feared the cruel ruler; overthrew the ruler of the empire
saw: cut the plank with a saw; bought a saw with sharp teeth; oiled the saw in the workshop
| saw a rainbow; saw an old friend at the station; saw the sun set
scale: stood on the scale to check the weight; put the flour on the scale; bought a kitchen scale
| practised the scale on the piano; sang a scale in C; played each scale on the flute
seal: watched a seal catch a fish; fed the seal at the zoo; photographed a seal on the ice
| broke the seal of the letter; pressed the seal into the wax; stamped the contract with a seal
sentence: wrote a long sentence; read the last sentence of the page; forgot the verb in the sentence
| served a sentence in prison; got a sentence of two years; waited for the judge's sentence
spring: planted tulips in spring; waited for spring after the winter; saw the snow melt in spring
| replaced the spring in the mattress; stretched the steel spring; oiled the spring of the watch
square: crossed the market square; met the mayor on the square; lived on the town square
| drew a square with four equal sides; cut the paper into a square; folded the cloth to a square
star: watched a star in the night sky; named a distant star; saw a star through the telescope
| interviewed the star of the film; was a star in Hollywood; asked the star for an autograph
stamp: put a stamp on the envelope; collected a rare stamp; bought a stamp at the post office
| heard the horse stamp; began to stamp with both feet; made the dancers stamp on the floor
table: sat down at the table; laid the table for dinner; bought a round oak table
| read the numbers in the table; added a column to the table; printed the table of results
tie: wore a silk tie with the shirt; bought a striped tie; loosened the tie around the neck
| ended the game in a tie; broke the tie with a late goal; settled for a tie of two to two
tip: gave the waiter a tip; left a tip on the plate; earned a generous tip
| touched the tip of the nose; broke the tip of the spear; burned the tip of the tongue
train: took the train to Vienna; missed the train at the station; travelled by night train
| had to train for the marathon; began to train a puppy; wanted to train the young athletes
trunk: packed clothes in the trunk; locked the trunk before the voyage; carried the trunk upstairs
| watched the elephant lift its trunk; fed a banana to the trunk; was sprayed by the trunk
watch: looked at the watch; wound the gold watch; wore a watch on the wrist
| wanted to watch a film; liked to watch birds; stayed up to watch the news
wave: surfed on a big wave; was knocked over by a wave; watched the wave hit the beach
| answered with a wave of the hand; gave a friendly wave; returned the wave of the child
well: drew water from the well; dropped a bucket into the well; dug a deep well
| played the piano well; slept very well; spoke Italian well
yard: played in the yard behind the house; swept the yard; parked the tractor in the yard
| bought a yard of cloth; measured one yard of ribbon; missed the target by a yard
"""
