"""Which tokens the embedder knows.

The tokenizer is WordPiece without a continuation sign: in a run of Han characters, of letters or of digits it takes the
longest known token again and again. Signs and characters it does not know vanish; nothing becomes [UNK].
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import jieba
import rjieba
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from index.train.material import Gloss, Task

_HAN, _WORDS, _ENGLISH, _FORMS = 6_500, 28_900, 27_000, 3_500
_COUNTED = 20_000  # texts of a task; more of a law teaches no more words
_WORTH = {"dictionary": 10, "spoken": 10, "titles": 1}  # an English word there; titles are mostly names
_ELSEWHERE = 2
_NUMBERS = [*map(str, range(1000)), *(f"0{n}" for n in range(10)), *map(str, range(1000, 2051))]
_RUNS = re.compile(r"[\u4e00-\u9fff]+|[a-z]+")


def choose_tokens(tasks: Iterable[Task], glosses: list[Gloss]) -> list[str]:
    """[PAD] and [UNK], numbers, Han characters, Chinese words and English words; the place is the id."""
    han: Counter[str] = Counter()
    chinese: Counter[str] = Counter()
    english: Counter[str] = Counter()
    for task in tasks:
        step = 1 if task.name in _WORTH else 1 + len(task.left) // _COUNTED
        for run in (run for text in task.left[::step] + task.right[::step] for run in _RUNS.findall(text)):
            if run[0] >= "\u4e00":
                han.update(run)
                chinese.update(rjieba.cut(run, False))
            else:
                english[run] += _WORTH.get(task.name, _ELSEWHERE)
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    tokens = ["[PAD]", "[UNK]", *_NUMBERS, *letters, *(c for c, _ in han.most_common(_HAN))]
    tokens += [*_best_words(chinese, glosses), *_best_english(english, glosses)]
    return list(dict.fromkeys(tokens))


def _best_words(seen: Counter[str], glosses: list[Gloss]) -> list[str]:
    """Words of two to six characters: modern terms, then what is frequent here or in jieba's dictionary, or glossed."""
    common = _jieba_frequencies()
    listed = Counter(gloss.word for gloss in glosses)
    modern = {gloss.word for gloss in glosses if gloss.source == "terms"}

    def worth(word: str) -> float:
        return math.log1p(seen[word]) + 0.5 * math.log1p(common.get(word, 0)) + 1.5 * math.log1p(listed[word])

    words = {w for w in seen if seen[w] >= 3} | {w for w in common if common[w] >= 200} | set(listed)
    han = [w for w in words if 2 <= len(w) <= 6 and all("\u4e00" <= char <= "\u9fff" for char in w)]
    return sorted(han, key=lambda word: (word not in modern, -worth(word), word))[:_WORDS]


def _best_english(seen: Counter[str], glosses: list[Gloss]) -> list[str]:
    """Frequent words, and regular forms of those that render Chinese ones: "defended" where "defend" is known.

    A verb has its forms whether they occur or not; a plural must occur.
    """
    frequent = sorted((w for w in seen if seen[w] >= 3 and 1 < len(w) < 20), key=lambda w: (-seen[w], w))[:_ENGLISH]
    known = set(frequent)
    verbs = {gloss.english for gloss in glosses if gloss.verb}
    rendering = {gloss.english for gloss in glosses if gloss.source in ("dictionary", "terms")}
    stems = [word for word in frequent if word in rendering and len(word) > 2]
    forms = [form for stem in stems for form in inflected(stem, verb=stem in verbs) if stem in verbs or seen[form]]
    return frequent + [form for form in dict.fromkeys(forms) if form not in known][:_FORMS]


def inflected(word: str, *, verb: bool) -> list[str]:
    """The regular forms of an English verb, or the plural of another word, without asking whether it has one."""
    if word.endswith("y") and word[-2:-1] not in ("", *"aeiou"):
        return [word[:-1] + "ies", *([word[:-1] + "ied", word + "ing"] if verb else [])]
    if word.endswith("e"):
        return [word + "s", *([word + "d", word[:-1] + "ing"] if verb else [])]
    plural = word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")
    return [plural, *([word + "ed", word + "ing"] if verb else [])]


def _jieba_frequencies() -> dict[str, int]:
    lines = (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count, *_ in (line.split(" ") for line in lines)}


def make_tokenizer(tokens: list[str]) -> Tokenizer:
    """The fast tokenizer over these tokens."""
    known = "".join(sorted(token for token in tokens if len(token) == 1 and token >= "\u4e00"))
    tokenizer = Tokenizer(
        models.WordPiece(
            {token: number for number, token in enumerate(tokens)},
            unk_token="[UNK]",
            continuing_subword_prefix="",
            max_input_chars_per_word=100,
        )
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]
    )
    # Runs are cut at 40 characters because WordPiece tries every length: quadratic in the run.
    runs = Regex(f"[0-9]{{1,40}}|[a-z]{{1,40}}|[{_ranges(known)}]{{1,40}}")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(runs, "removed", invert=True)
    return tokenizer


def _ranges(characters: str) -> str:
    """A character class of a regular expression: neighbours become a range."""
    codes = [ord(char) for char in characters]
    members = set(codes)
    starts = [code for code in codes if code - 1 not in members]
    ends = [code for code in codes if code + 1 not in members]
    return "".join(chr(a) if a == b else f"{chr(a)}-{chr(b)}" for a, b in zip(starts, ends, strict=True))
