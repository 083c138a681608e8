"""200 files in the encodings that offices use: how many are read exactly, and how many are indexed as garbage.

`python tests/faults/text_encodings.py [--show] [--seed N]`. The texts are slices of the bundled articles, from 20
characters to a whole one; every fourth is rich in Latin letters and digits. Target: .99 read exactly, none as garbage.
"""

import argparse
import random
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from opencc import OpenCC

from index.errors import SourceError
from index.sources.encoding import decode

CORPUS = Path(__file__).parents[2] / "corpus"
LENGTHS = (20, 25, 30, 40, 60, 100, 200, 400, 1000, 10**6)
ENCODINGS = (
    ("gb18030", "gb18030", b""),
    ("big5", "big5", b""),
    ("utf-16-le", "utf-16-le", b""),
    ("utf-16-be", "utf-16-be", b""),
    ("utf-16-le with BOM", "utf-16-le", b"\xff\xfe"),
    ("utf-16-be with BOM", "utf-16-be", b"\xfe\xff"),
    ("utf-8 with BOM", "utf-8", b"\xef\xbb\xbf"),
    ("utf-8", "utf-8", b""),
)
FILES = 200


@dataclass(frozen=True)
class Case:
    """One file: its bytes, and the text that must come out."""

    encoding: str
    text: str
    data: bytes


def texts(rng: random.Random) -> Iterator[str]:
    """Slices of the bundled articles, and of what Latin-rich lines there are, in turn; without their front matter."""
    bodies = [path.read_text("utf-8").split("\n---\n", 1)[1] for path in sorted(CORPUS.glob("*.md"))]
    for number in range(10**6):
        body = rng.choice(bodies)
        if number % 4 == 3:
            rows = enumerate(body.split("\n"))
            body = "\n".join(f"{row[:18]} GPT-4o v{n}.{n % 7} ({n * 37} GB, ID-{n:05d})" for n, row in rows)
        length = LENGTHS[number % len(LENGTHS)]
        start = rng.randrange(max(1, len(body) - length))
        text = body[start : start + length].strip()
        if len(text) >= min(length, 20) - 3 and not text.isascii():
            yield text


def cases(seed: int = 1) -> list[Case]:
    """FILES cases, every encoding in turn; Big5 in Traditional characters, without those that it lacks."""
    traditional = OpenCC("s2t")
    found: list[Case] = []
    for text in texts(random.Random(seed)):
        name, codec, mark = ENCODINGS[len(found) % len(ENCODINGS)]
        if codec == "big5":
            text = traditional.convert(unicodedata.normalize("NFC", text)).encode("big5", "ignore").decode("big5")
        found.append(Case(name, text, mark + text.encode(codec)))
        if len(found) == FILES:
            return found
    raise AssertionError("the corpus is empty")


def outcome(case: Case) -> str:
    """ "exact", "refused" or "garbage"."""
    try:
        return "exact" if decode(case.data) == case.text else "garbage"
    except SourceError:
        return "refused"


def main() -> int:
    """Print a line an encoding; 0 if the target is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    made = cases(options.seed)
    counted = Counter((case.encoding, outcome(case)) for case in made)
    for name, _, _ in ENCODINGS:
        row = ", ".join(f"{what} {counted[name, what]}" for what in ("exact", "refused", "garbage"))
        sys.stdout.write(f"{name:20} {row}\n")
    if options.show:
        for case in made:
            if outcome(case) != "exact":
                sys.stdout.write(f"{case.encoding}: {outcome(case)}: {case.text[:60]!r}\n")
    exact = sum(count for (_, what), count in counted.items() if what == "exact") / len(made)
    garbage = sum(count for (_, what), count in counted.items() if what == "garbage")
    sys.stdout.write(f"{len(made)} files: {exact:.3f} read exactly, {garbage} as garbage\n")
    return 0 if exact >= 0.99 and not garbage else 1


if __name__ == "__main__":
    sys.exit(main())
