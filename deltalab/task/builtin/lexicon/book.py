"""Books: what they tell, how they are written, the volume in the hand."""

from __future__ import annotations

from deltalab.task.builtin.lexicon.opinion import Domain, Kind
from deltalab.task.builtin.recipe import words

__all__ = ["BOOK"]

TALE = Kind(
    words(
        "the novel, the opening chapter, the last chapter, the epilogue, the romance, the murder case, the biography, "
        "the memoir, the fairy tale, the legend, the ghost story, the war diary, the adventure, the travel report, "
        "the satire, the fable, the trilogy, the anthology, the thriller, the tragedy, the childhood memory, the saga"
    ),
    words(
        "gripping touching inspiring enthralling absorbing thoughtful imaginative profound entertaining hilarious "
        "unforgettable heartwarming"
    ),
    words(
        "boring pointless predictable confusing shallow implausible tedious depressing pretentious repetitive "
        "muddled dull"
    ),
)
STYLE = Kind(
    words(
        "the prose, the narrator, the author, the language, the poetry, the humour, the translation, the preface, "
        "the description, the heroine, the essay, the argument, the first poem, the rhyme, the irony, the vocabulary, "
        "the storytelling, the commentary, the letter from the prison, the speech of the general"
    ),
    words("witty eloquent lyrical clear elegant lively honest intelligent graceful poetic"),
    words("clumsy wordy dry stilted vague sentimental long-winded pompous lifeless incoherent"),
)
VOLUME = Kind(
    words(
        "the cover, the paper, the print, the binding, the illustration, the typeface, the layout, the map, the index, "
        "the glossary, the paperback, the photograph on the jacket, the hardcover edition, the audio version, "
        "the drawing, the frontispiece, the bookmark, the gift box, the chapter list, the appendix"
    ),
    words("beautiful sturdy handsome readable stylish durable colourful tasteful neat attractive"),
    words("ugly flimsy cheap blurry unreadable sloppy crooked smudged garish tattered"),
)
BOOK = Domain(
    (TALE, STYLE, VOLUME),
    words(
        "I read it on a {word} train journey, my {person} had called it {word}, it was a gift from a {word} colleague, "
        "I bought it in a {word} little bookshop, rain had made it a {word} weekend, we discussed it at a {word} "
        "party, "
        "a {word} review had made me curious, I borrowed it from a {word} library"
    ),
)
