"""The organisation's dictionary, a text file: words that are kept whole, and groups of words that mean the same."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import ConfigError
from index.fold import fold

_COMMENT = re.compile(r"(?:^|\s)[#＃].*")
_EQUALS = re.compile("[=＝]")
_LONGEST = 100  # characters of a word: beyond it, the file is something else
Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Words in search form, synonyms among them; each group of synonyms in the order of its line."""

    words: frozenset[str] = frozenset()
    synonyms: tuple[Names, ...] = ()


def read(file: Path, *, common: Container[str]) -> Dictionary:
    """One word a line, or synonyms joined by "="; from "#" on, a comment.

    What follows a word without synonyms on its line (jieba's frequency and tag) is ignored. No synonym may be among the
    `common` words, which the index does not hold. Raises ConfigError, which names the line.
    """
    words: set[str] = set()
    synonyms: list[Names] = []
    line_of: dict[str, int] = {}
    for number, line in _lines(file):
        forms = tuple(dict.fromkeys(_forms(line, file, number)))
        words.update(forms)
        if len(forms) > 1:
            synonyms.append(_checked(forms, file, number, line_of=line_of, common=common))
    return Dictionary(frozenset(words), tuple(synonyms))


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines that say something, without their comments, and their numbers."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(
            f"读不了用户词典 {file}（{cause}）：应为 UTF-8 文本，每行一个词；请改正它或配置里的 index.dictionary",
            f"cannot read the dictionary {file} ({cause}), a UTF-8 text with one word a line: mend it, or "
            "correct index.dictionary",
        ) from error
    said = ((number, _COMMENT.sub("", line).strip()) for number, line in enumerate(lines, 1))
    return ((number, line) for number, line in said if line)


def _forms(line: str, file: Path, number: int) -> Iterator[str]:
    """The words of a line in search form, for they are looked for in folded text."""
    sides = _EQUALS.split(line)
    for side in sides if len(sides) > 1 else line.split()[:1]:
        form = " ".join(fold(side).split())
        if not any(c.isalnum() for c in form):
            raise _wrong(file, number, f"“{side.strip()}”里没有字，“=”两边都应是词", f'"{side.strip()}" is no word')
        if len(form) > _LONGEST:
            raise _wrong(file, number, f"词长于 {_LONGEST} 个字", f"a word is longer than {_LONGEST} characters")
        yield form


def _checked(forms: Names, file: Path, number: int, *, line_of: dict[str, int], common: Container[str]) -> Names:
    for form in forms:
        if form in common:
            zh = f"“{form}”是英文虚词，不能作同义词（检索不分大小写）"
            raise _wrong(file, number, zh, f'"{form}" is an English function word, for letters have no case here')
        if line_of.setdefault(form, number) != number:
            before = line_of[form]
            raise _wrong(
                file, number, f"“{form}”已经在第 {before} 行有同义词", f'"{form}" has synonyms in line {before}'
            )
    return forms


def _wrong(file: Path, number: int, zh: str, en: str) -> ConfigError:
    return ConfigError(
        f"用户词典 {file} 第 {number} 行不对：{zh}；请改正这一行",
        f"the dictionary {file} is wrong in line {number}: {en}; correct that line",
    )
