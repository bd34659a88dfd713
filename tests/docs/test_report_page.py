"""The committed report is what its command makes of the committed records."""

from __future__ import annotations

import re
from pathlib import Path

from deltalab.report.__main__ import main

PLACE = Path(__file__).parents[2] / "docs" / "results"
PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")


def test_it_is_made_from_the_records(monkeypatch) -> None:
    kept = (PLACE / "report.html").read_text()
    made = PLACE / "again.html"  # beside it, for the links that it has
    try:
        monkeypatch.chdir(PLACE.parents[1])
        assert main(["docs/results/records", "-o", "docs/results/again.html"]) in (0, None)
        again = made.read_text()
    finally:
        made.unlink(missing_ok=True)
    assert PICTURE.sub("", again) == PICTURE.sub("", kept)
    assert len(PICTURE.findall(again)) == len(PICTURE.findall(kept))


def test_it_names_no_place_of_the_machine_it_was_made_on() -> None:
    for path in [PLACE / "report.html", *PLACE.glob("records/**/record.json"), *PLACE.glob("records/**/*.yaml")]:
        assert not re.search(r"[\"'= ]/(tmp|home|root|work|Users)/", path.read_text()), path
