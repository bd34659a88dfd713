"""Films: what happens, who plays, how it is made."""

from __future__ import annotations

from deltalab.task.builtin.lexicon.opinion import Domain, Kind
from deltalab.task.builtin.recipe import words

__all__ = ["MOVIE"]

STORY = Kind(
    words(
        "the plot, the ending, the story, the script, the dialogue, the first half, the last scene, the whole film, "
        "the opening, the final twist, the courtship, the chase, the duel, the wedding scene, the prologue, "
        "the second act, the sequel, the mystery, the subplot, the farewell, the trial scene, the rescue"
    ),
    words(
        "moving clever gripping funny exciting touching original suspenseful witty inspiring thrilling heartwarming "
        "surprising"
    ),
    words(
        "boring slow clumsy silly confusing tedious shallow predictable pointless childish dull incoherent far-fetched"
    ),
)
CAST = Kind(
    words(
        "the acting, the hero, the leading lady, the villain, the young actress, the supporting cast, the detective, "
        "the narrator, the director, the comedian, the child actor, the old sheriff, the princess, the heroine, "
        "the sidekick, the stuntman, the pirate captain, the clown, the spy, the lead singer"
    ),
    words("convincing talented likeable graceful believable passionate natural captivating expressive magnetic"),
    words("wooden bland miscast unconvincing forgettable lifeless monotonous unlikeable stiff insincere"),
)
CRAFT = Kind(
    words(
        "the music, the scenery, the camera work, the soundtrack, the lighting, the costumes, the animation, "
        "the editing, the makeup, the choreography, the set design, the special effects team, the sound, the score, "
        "the photography, the title song, the landscape, the stage design, the puppetry, the colour palette"
    ),
    words("beautiful atmospheric imaginative elegant vivid polished artistic dazzling stylish rich"),
    words("ugly amateurish sloppy cheap jarring murky careless primitive garish tasteless"),
)
MOVIE = Domain(
    (STORY, CAST, CRAFT),
    words(
        "we saw it on a {word} evening, my {person} had called it {word}, I came home from a {word} day at work, "
        "the weather outside was {word}, the cinema sells {word} popcorn, after a {word} week we went to the pictures, "
        "the critic of our newspaper had promised something {word}, we sat next to a {word} stranger"
    ),
)
