"""The inverse of a tear: text whose characters were cut in two by a glosser that worked on GBK bytes.

Such a program replaces the two bytes of 驗 by the same bytes and "(yàn)" wherever they occur, also where they are
the second half of one character and the first of the next. 夠為用 is 89F2 9EE9 D3C3, and F29E is 驗: what is read
back is 89F2 夠, then 9E and "(" that no longer make a character and become "?", "yàn)", and E9D3 橛, C3.. and so
on, every following pair shifted by one byte, until an ASCII letter or a second "?" takes up the odd byte. Pairs
that GBK leaves undefined vanish without a trace.

So the bytes are put back in a row, with unknowns for what was lost; the unknown ones are searched for, under two
rules: the pair before "(yàn)" must be read yan, and the most probable words win (jieba's frequencies).
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from index.fold import simplified
from index.likelihood import is_word, log_frequency, per_character
from index.pinyin import reading, toneless

_GLOSS = "[a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]{0,3}"
_TOKEN = re.compile(rf"\?(?:({_GLOSS})\))?|[(（]({_GLOSS})[)）]|(.)", re.DOTALL)
_MAX_TOKENS = 40
_BEAM = 300
_MAX_GAPS = 4  # where a vanished pair is looked for; each costs some 20 ms
_MAX_ROWS = 12
_ALIKE = 25
_WORD = 4.0  # for a pair that is a word, while searching
_PLAUSIBLE = -6.0  # log probability a character, under which a vanished pair is thought of; good text has -3 to -6
_ACCEPTED = -6.6
_VANISHED = 0.5  # what it costs to assume a vanished pair
_BETTER = 1.0  # how much better a run must become whose "?" has no gloss: it may be a question mark
_SOUND = re.compile(rf"[(（]?{_GLOSS}[)）]")
# The lead bytes of GBK's user-defined areas.
_UNDEFINED = [*range(0xA1, 0xA8), *range(0xAA, 0xB0), *range(0xF8, 0xFF)]
_LEADS, _TRAILS = range(0x81, 0xFF), [byte for byte in range(0x40, 0xFF) if byte != 0x7F]


@dataclass(frozen=True, slots=True)
class _Row:
    """Bytes in a row, two a character, None where lost; `dropped` is the place of a lost pair, if one is assumed.

    `readings`: the character made of the bytes before position p is read so. `gaps`: where a pair may be missing.
    `rest`: an intact letter that was taken for the second byte of the last character.
    """

    slots: tuple[int | None, ...]
    readings: tuple[tuple[int, str], ...]
    gaps: tuple[int, ...]
    end: int
    rest: str = ""
    dropped: int | None = None


@dataclass(frozen=True, slots=True)
class _Guess:
    score: float
    cost: float
    text: str


@dataclass(slots=True)
class Patience:
    """How many more tears of one text are mended: each costs some ms, one with a vanished pair some 100 ms."""

    tears: int
    vanished: int


def mend(text: str, at: int, before: str, patience: Patience) -> tuple[str, int] | None:
    """What stood where `text[at]` is a "?", and the index after the torn run; None if nothing was torn there.

    `before` is the mended text before it; its last character is intact.
    """
    lead = _bytes_of(before[-1:])
    if len(lead) != 2 or patience.tears <= 0:
        return None
    patience.tears -= 1
    rows = list(islice(_rows(text, at, lead), _MAX_ROWS))
    found = _best(rows, text, before)
    if patience.vanished > 0 and (found is None or found[0].score < _PLAUSIBLE):
        patience.vanished -= 1
        wider = _best([wide for row in rows[:3] for wide in _with_dropped_pair(row)], text, before)
        found = max(filter(None, (found, wider)), key=lambda one: one[0].score, default=None)
    if found is None:
        return None
    guess, row = found
    as_it_stands = per_character(before[-3:], _SOUND.sub("", text[at : row.end]), text[row.end : row.end + 2])
    if guess.score < _ACCEPTED or (not _token(text, at).group(1) and guess.score < as_it_stands + _BETTER):
        return None
    return guess.text, row.end


def _token(text: str, at: int) -> re.Match[str]:
    found = _TOKEN.match(text, at)
    assert found
    return found


def _rows(text: str, at: int, lead: bytes) -> Iterator[_Row]:
    """The ways to read the run at `at` as shifted bytes, shortest first; `lead` is the character before."""
    slots: list[int | None] = [*lead]
    readings: list[tuple[int, str]] = []
    gaps: list[int] = []
    for _ in range(_MAX_TOKENS):
        if at >= len(text):
            return
        token = _token(text, at)
        at = token.end()
        lost_gloss, gloss, char = token.groups()
        if gloss:
            readings.append((len(slots), toneless(gloss)))
        elif char is None:
            slots.append(None)
            readings += [(len(slots), toneless(lost_gloss))] if lost_gloss else []
            if len(slots) % 2 == 0:
                yield _closed(text, at, slots, readings, gaps)
                return
            gaps.append(len(slots))
        else:
            if "@" <= char <= "~":
                yield _closed(text, at, [*slots, ord(char)], readings, gaps)
            pair = _bytes_of(char)
            if len(pair) != 2:
                return
            if chr(pair[1]).isalpha() and pair[1] < 0x80:
                yield replace(_closed(text, at, [*slots, pair[0]], readings, gaps), rest=chr(pair[1]))
            slots += pair
            gaps.append(len(slots))


def _closed(text: str, at: int, slots: list[int | None], readings: list[tuple[int, str]], gaps: list[int]) -> _Row:
    """The row of a run that ends at `at`, with the gloss of its last character."""
    after = _TOKEN.match(text, at)
    if after and after.group(2):
        readings, at = [*readings, (len(slots), toneless(after.group(2)))], after.end()
    return _Row(tuple(slots), tuple(readings), tuple(gaps), at)


def _bytes_of(char: str) -> bytes:
    """GBK bytes; ASCII signs count as the full-width ones that page scrapers turn into ASCII."""
    if "!" <= char <= "~":
        return bytes((0xA3, ord(char) | 0x80))
    try:
        return char.encode("gbk")
    except UnicodeEncodeError:
        return b""


def _with_dropped_pair(row: _Row) -> Iterator[_Row]:
    for gap in row.gaps[:_MAX_GAPS]:
        slots = (*row.slots[:gap], None, None, *row.slots[gap:])
        readings = tuple((at + 2 if at > gap else at, sound) for at, sound in row.readings)
        yield _Row(slots, readings, (), row.end, row.rest, gap)


def _best(rows: list[_Row], text: str, before: str) -> tuple[_Guess, _Row] | None:
    best: tuple[_Guess, _Row] | None = None
    for row in rows:
        for guess in _search(row):
            torn = guess.text + row.rest
            score = per_character(before[-3:-1], torn, text[row.end : row.end + 2]) - guess.cost / len(torn)
            score -= _VANISHED if row.dropped else 0.0
            if best is None or score > best[0].score:
                best = _Guess(score, guess.cost, torn[1:]), row
    return best


def _search(row: _Row) -> list[_Guess]:
    """The most promising characters for a row; the score of a guess is what its mispronounced glosses cost."""
    sounds = dict(row.readings)
    beam = [_Partial(0.0, 0.0, b"")]
    for at in range(0, len(row.slots), 2):
        across = sounds.get(at + 1)
        leads = _leads(row.slots, at, across)
        options = _options(leads, row.slots[at + 1], sounds.get(at + 2), row.dropped == at + 1)
        lost = row.dropped is not None and row.dropped + 1 == at
        grown = [_grow(one, option, across) for one in beam for option in options if not lost or _lost(one, option)]
        beam = _narrow(grown)
    return [_Guess(one.score, one.cost, one.known.decode("gbk")) for one in beam]


def _leads(slots: tuple[int | None, ...], at: int, across: str | None) -> tuple[int, ...]:
    """The first bytes that a character may have: for the first lost one those that fit its gloss, if any does."""
    lead, trail = slots[at], slots[at - 1]
    if lead is not None:
        return (lead,)
    if across is None or trail is None:
        return tuple(_LEADS) if slots[at + 1] is not None else ()
    fitting = tuple(byte for byte in _LEADS if not _mispronounced(bytes((trail, byte)), across))
    return fitting or (tuple(_LEADS) if slots[at + 1] is not None else ())


def _narrow(grown: list["_Partial"]) -> list["_Partial"]:
    """The best partial guesses, at most _ALIKE that end with the same character."""
    kept: list[_Partial] = []
    alike: Counter[bytes] = Counter()
    for one in sorted(grown, key=lambda one: one.score, reverse=True):
        end = one.known[-2:]
        alike[end] += 1
        if alike[end] <= _ALIKE:
            kept.append(one)
        if len(kept) == _BEAM:
            break
    return kept


@dataclass(frozen=True, slots=True)
class _Partial:
    """The beginning of a guess. `score` = probability of its characters and words, less `cost`."""

    score: float
    cost: float
    known: bytes
    last: str = ""  # its last two characters


@cache
def _options(leads: tuple[int, ...], trail: int | None, sound: str | None, torn_out: bool) -> tuple[_Partial, ...]:
    """The characters that two slots may hold; where a byte is unknown only those in common use.

    `torn_out`: the trail went with the lead that follows, as a pair that GBK leaves undefined.
    """
    options = []
    for lead in leads:
        for second in (_UNDEFINED if torn_out else _TRAILS) if trail is None else (trail,):
            pair = bytes((lead, second))
            char = _char(pair)
            cost = _mispronounced(pair, sound)
            is_given = len(leads) == 1 and trail is not None
            if char and (is_given or (_is_common(char) and (trail is not None or not cost))):
                options.append(_Partial(log_frequency(simplified(char)) / 3 - cost, cost, pair, char))
    return tuple(options)


def _grow(one: _Partial, option: _Partial, across: str | None) -> _Partial:
    cost = _mispronounced(one.known[-1:] + option.known[:1], across)
    words = sum(_WORD for start in range(len(one.last)) if is_word(one.last[start:] + option.last))
    return _Partial(
        one.score + option.score + words - cost,
        one.cost + option.cost + cost,
        one.known + option.known,
        one.last[-1:] + option.last,
    )


def _lost(one: _Partial, option: _Partial) -> bool:
    """Whether the pair between two characters is one that GBK leaves undefined, so that it could vanish."""
    return not _char(one.known[-1:] + option.known[:1])


@cache
def _mispronounced(pair: bytes, sound: str | None) -> float:
    """What it costs that these bytes were glossed with `sound`: little for a character of unknown reading."""
    if sound is None:
        return 0.0
    char = _char(pair)
    if not char:
        return 20.0
    known = reading(char)
    return 0.0 if known == sound else 3.0 if known is None else 6.0


@cache
def _char(pair: bytes) -> str:
    try:
        char = pair.decode("gbk")
    except UnicodeDecodeError:
        return ""
    return char if len(char) == 1 and char != "\u3000" else ""


def _is_common(char: str) -> bool:
    return char in "，。、：；（）“”" or reading(char) is not None
