"""Bytes → text, or a refusal: garbage is never indexed.

A byte order mark is believed. Then comes strict UTF-8. What is left is tried as UTF-16, GB18030 and Big5, and
taken only if the text that comes out is made of frequent Chinese characters: wrong decodings come out rare.
"""

from index.errors import SourceError
from index.fold import fold

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_WITHOUT_BOM = ("utf-16-le", "utf-16-be", "gb18030", "cp950", "big5hkscs")
_WINDOW, _WINDOWS = 200, 50  # characters looked at, and how often
_FEW = 10  # characters that are too few to judge a window by
_OUT_OF_TUNE = 0.15  # half a file in another encoding
_ENOUGH = 0.3  # share of frequent characters; 2,000 right decodings of news had .24 to .9, 1,300 wrong ones 0
# The most frequent characters of modern Chinese, Simplified.
_FREQUENT = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行"
    "所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力"
    "它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产"
    "或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口"
    "认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区"
    "保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张"
    "该交规万取拉格望觉术领共确传师观清今切院让识候带导争运技企城近推创投智算模型支持服务训练究研始际系联网络"
)


def decode(data: bytes) -> str:
    """The text of a file. Raises SourceError if the bytes are in no known encoding."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _recognise(data)
    return _recognise(data) if "\0" in text else text


def _strict(data: bytes, name: str) -> str:
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        raise _unknown() from None
    if "\0" in text:
        raise _unknown()
    return text


def _recognise(data: bytes) -> str:
    """The text in the encoding that makes the most ordinary Chinese (or plain ASCII) of it."""
    best, text = 0.0, ""
    for name in _WITHOUT_BOM:
        try:
            candidate = data.decode(name)
        except UnicodeDecodeError:
            continue
        score = 0.0 if "\0" in candidate else _ordinary(candidate, ascii_counts=name.startswith("utf"))
        if score > best:
            best, text = score, candidate
    if best < _ENOUGH:
        raise _unknown()
    return text


def _ordinary(text: str, *, ascii_counts: bool) -> float:
    """The share of frequent Chinese characters, over windows of the whole text; 0 if one window is out of tune.

    ASCII counts only where two bytes make it, in UTF-16: elsewhere it is the same in every encoding.
    """
    step = max(_WINDOW, (len(text) - _WINDOW) // _WINDOWS)
    starts = {*range(0, max(1, len(text) - _WINDOW), step), max(0, len(text) - _WINDOW)}
    shares: list[float] = []
    for start in starts:
        window = fold(text[start : start + _WINDOW])
        if any(_is_control(char) for char in window):
            return 0.0
        counted = window if ascii_counts else [char for char in window if not char.isascii()]
        if len(counted) >= min(_FEW, len(text)):
            shares.append(sum(map(_is_frequent, counted)) / len(counted))
    if not shares:
        return _ENOUGH if text.isascii() else 0.0
    return sum(shares) / len(shares) if min(shares) > _OUT_OF_TUNE else 0.0


def _is_frequent(char: str) -> bool:
    return char in _FREQUENT or char.isascii() or "\u3000" <= char <= "\u303f" or char in "“”‘’…—·"


def _is_control(char: str) -> bool:
    return (char < " " and char not in "\t\n\r\f\x1b") or "\x7f" <= char < "\xa0" or "\ue000" <= char <= "\uf8ff"


def _unknown() -> SourceError:
    return SourceError("字节不属于任何已知编码；请另存为 UTF-8", "bytes in no known encoding; save the file as UTF-8")
