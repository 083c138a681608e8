"""Short names that the articles give to longer ones, 《…若干措施》(又称“11条”): a question or a text may use either."""

import re
from collections.abc import Sequence

from index.fold import fold
from index.synonyms import Rephrase
from rag.types import Hit

_GIVEN = re.compile(
    r"《(?P<title>[^《》]{6,60})》\s*[（(](?:以下)?(?:又|也|亦|简|合)?称为?(?P<alias>[^（）()]{2,24})[）)]"
    r"|(?P<name>[\u3400-\u9fffA-Za-z0-9·]{4,30})[（(](?:以下)?(?:又|也|亦|简|合)称为?(?P<short>[^（）()]{2,24})[）)]"
)
_INNER = re.compile(r"[“「『\"《]([^”」』\"》]{2,20})[”」』\"》]")
_BRACKETED = re.compile(r"\s*[（(][^（）()]*[）)]\s*$")  # the years of a plan: 《…措施（2023-2025年）》
_AS_LONG = 4  # characters of a short name


def with_aliases(hits: Sequence[Hit], question: str, rephrase: Rephrase) -> Rephrase:
    """What puts a folded text into the question's words, and the short name that the folded question uses beside the
    long one for which the passages found say that it stands.
    """
    known = {long: short for long, short in _given(hits) if short in question and long not in question}
    if not known:
        return rephrase

    def rephrased(text: str) -> str:
        text = rephrase(text)
        for long, short in known.items():
            if long in text and short not in text:
                text = text.replace(long, f"{long} “{short}” ")
        return text

    return rephrased


def _given(hits: Sequence[Hit]) -> list[tuple[str, str]]:
    """Long and short names, folded."""
    found = []
    for hit in hits:
        for match in _GIVEN.finditer(hit.passage.text):
            long, short = match["title"] or match["name"], match["alias"] or match["short"]
            inner = _INNER.search(short)
            names = fold(_BRACKETED.sub("", long)), fold(inner.group(1) if inner else short)
            if len(names[0]) > len(names[1]):
                found.append(names)
    return found
