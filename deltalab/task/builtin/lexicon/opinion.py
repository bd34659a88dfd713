"""What a review judges, and the words of judgement that every domain shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from deltalab.task.builtin.recipe import words

__all__ = ["BAD", "DISLIKED", "GOOD", "LIKED", "RELATIVES", "Domain", "Kind"]


@final
@dataclass(frozen=True)
class Kind:
    """Things that are judged with the same words of praise and blame, as dishes are, or waiters."""

    aspects: tuple[str, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]


@final
@dataclass(frozen=True)
class Domain:
    """The kinds of things that a review of this domain judges; openings say something else with a strong {word}."""

    kinds: tuple[Kind, ...]
    openings: tuple[str, ...]

    @property
    def aspects(self) -> tuple[str, ...]:
        """Everything that is judged."""
        return tuple(aspect for kind in self.kinds for aspect in kind.aspects)

    @property
    def good(self) -> tuple[str, ...]:
        """Every word of praise, shared or not."""
        return GOOD + tuple(word for kind in self.kinds for word in kind.good)

    @property
    def bad(self) -> tuple[str, ...]:
        """Every word of blame, shared or not."""
        return BAD + tuple(word for kind in self.kinds for word in kind.bad)


GOOD = words(
    "wonderful excellent delightful splendid lovely superb perfect charming marvellous fantastic brilliant "
    "outstanding amazing terrific great fabulous impressive remarkable exceptional magnificent admirable pleasant "
    "flawless sensational stunning tremendous glorious agreeable adorable commendable good fine"
)
BAD = words(
    "terrible awful dreadful poor disappointing horrible miserable appalling atrocious lousy unpleasant "
    "unbearable hopeless pathetic disgraceful shocking annoying wretched ghastly abysmal inferior mediocre "
    "deplorable inadequate laughable irritating woeful unacceptable useless frustrating bad shabby"
)
LIKED = words(
    "enjoy enjoyed, love loved, like liked, praise praised, admire admired, adore adored, appreciate appreciated, "
    "recommend recommended, applaud applauded, cherish cherished"
)
DISLIKED = words(
    "hate hated, dislike disliked, regret regretted, despise despised, resent resented, loathe loathed, "
    "detest detested, criticize criticized, mock mocked, condemn condemned"
)
RELATIVES = words(
    "brother sister mother father friend uncle cousin neighbour aunt niece nephew colleague grandmother grandfather "
    "teacher roommate husband wife boss dentist"
)
