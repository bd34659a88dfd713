"""Ambiguous words from `ball` to `match`: what people did with one sense and with the other."""

from __future__ import annotations

__all__ = ["TABLE"]

# a line: the word; deeds in the first sense, split by semicolons; a bar; deeds in the second sense
TABLE = """
ball: kicked the ball over the fence; lost the rubber ball; threw the ball to the goalkeeper
| danced at the ball; wore a silk gown to the ball; was invited to the royal ball
band: sang with the band; heard the jazz band play; played drums in a band
| put a rubber band around the letters; stretched the elastic band; wore a band around the wrist
bank: opened an account at the bank; asked the bank for a loan; put the savings in the bank
| sat on the bank of the river; fished from the muddy bank; tied the canoe to the bank
bar: drank a beer at the bar; met a friend in the bar; ordered a whisky at the bar
| bent the iron bar; ate a bar of chocolate; lifted the heavy metal bar
bark: heard the bark of the dog; was woken by a loud bark; answered the puppy's bark
| peeled the bark off the tree; carved a heart into the bark; touched the rough bark of the oak
bat: swung the bat at the baseball; hit the ball with a bat; bought a wooden cricket bat
| saw a bat fly out of the cave; feared the bat in the dark attic; watched a bat hunt moths at night
board: nailed a board to the wall; sawed the wooden board; painted the long board
| spoke to the board of the company; was elected to the board; waited for the board to vote
bolt: tightened the rusty bolt; lost a nut and a bolt; closed the door with a bolt
| saw a bolt of lightning; was struck by a bolt from the sky; watched the bolt flash in the storm
bow: tied a red bow in the ribbon; put a bow on the gift; wore a bow in the hair
| shot an arrow with the bow; hunted deer with a bow; bent the archer's bow
box: packed the books in a box; opened the cardboard box; carried the box to the attic
| learned to box in the ring; went to box with a champion; wanted to box without gloves
can: opened a can of beans; drank a can of lemonade; threw the empty can away
| asked who can swim; wondered if a pig can fly; said that everybody can help
card: wrote a birthday card; sent a card from the seaside; got a card with good wishes
| drew a card from the deck; played the highest card; hid an ace card in the sleeve
cell: was locked in a prison cell; slept in the narrow cell; escaped from the cell
| studied the cell under a microscope; drew the nucleus of a cell; watched the cell divide
chest: kept the gold in a chest; opened the lid of the chest; hid the treasure chest
| felt a pain in the chest; had hair on the chest; listened to the patient's chest
club: joined the chess club; paid the fee of the club; was president of the golf club
| hit the thief with a club; carried a heavy wooden club; swung the club like a caveman
coach: listened to the coach before the match; thanked the coach of the team; was trained by a coach
| travelled by coach to London; missed the last coach; rode in a coach with six horses
court: appeared in court before the judge; was found guilty by the court; lied to the court
| played tennis on the court; swept the clay court; missed the ball on the court
crane: lifted the steel with a crane; drove a crane at the harbour; repaired the tall crane on the site
| watched a crane catch a fish; photographed the nest of a crane; saw a crane spread white wings
date: forgot the date of the meeting; wrote the date on the letter; looked up the date in the calendar
| ate a sweet date; picked a ripe date from the palm; chewed a dried date
deck: stood on the deck of the ship; scrubbed the deck with the sailors; looked at the sea from the deck
| shuffled the deck of cards; cut the deck for poker; dealt aces from the deck
draft: wrote the first draft of the novel; corrected the draft; sent the draft to the editor
| felt a cold draft from the window; caught a chill in the draft; closed the door against the draft
drill: made a hole with the drill; plugged in the electric drill; bought a drill for concrete
| took part in the fire drill; lined up for the morning drill; marched with the soldiers at the drill
fan: turned on the fan in the heat; cooled the room with a fan; repaired the blade of the fan
| was a fan of the football team; signed an autograph for a fan; met a loyal fan of the singer
file: read the file in the office; kept the papers in a file; deleted the file from the computer
| smoothed the nail with a file; sharpened the saw with a file; rubbed the metal with a file
fly: swatted a fly on the wall; found a fly in the soup; chased the buzzing fly
| wanted to fly to Madrid; saw the plane fly away; learned to fly a jet
glass: drank a glass of milk; filled the glass with wine; washed the empty glass
| replaced the glass in the window; cut the pane of glass; stepped on a splinter of glass
ground: sat on the wet ground; dug a hole in the ground; planted seeds in the ground
| ground the coffee beans; ground pepper over the steak; ground the corn into flour
horn: blew the horn of the car; honked the horn at a cyclist; heard the horn of a taxi
| held the bull by the horn; saw the rhino's sharp horn; found the broken horn of a goat
jam: spread jam on the toast; made jam from strawberries; opened a jar of sweet jam
| sat in a traffic jam; was stuck in the jam on the highway; missed the train because of the jam
key: unlocked the door with the key; lost the key to the car; put the key into the lock
| sang the song in a low key; played in the key of G; changed the key of the melody
lead: made a pipe of lead; melted the lead; weighed the grey lead
| wanted to lead the expedition; asked the guide to lead the way; was chosen to lead the army
letter: posted a letter to the bank; opened the letter from a friend; put a stamp on the letter
| wrote the letter B; misspelled one letter of the word; learned the last letter of the alphabet
light: turned off the light; read by the light of a lamp; was blinded by the bright light
| carried a light bag; packed a light suitcase; lifted the box because it was light
log: put a log on the fire; sat on a fallen log; split the log with an axe
| wrote in the captain's log; read the log of the voyage; noted the storm in the log
match: lit the candle with a match; struck a match in the dark; burned a finger with the match
| won the football match; watched the tennis match; lost the last match of the season
"""
