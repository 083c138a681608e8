"""The training material → two halves, and questions with the articles to find them in.

An embedder has seen what it was trained on: there its cosine is far surer than it will ever be on new text, and a
ranking learned on the same texts trusts nothing else. So one half trains an embedder, and the ranking is learned from
that embedder on the other half (cross-fitting).
"""

import gzip
import json
import random
import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_QUESTIONS = "zh_qa_passage.jsonl.gz"
_PARALLEL = {"par_pydocs": 2500, "par_twlaw_articles": 2500, "par_tico19": 1500, "par_pud_trad": 500}
_PAPERS, _LAWS = "head_csl_title_abstract", "head_prclaw"
_HALVED = {_QUESTIONS, *(f"{name}.tsv.gz" for name in (*_PARALLEL, _PAPERS))}
_TITLED = 0.6  # of the encyclopaedia's passages, which come without a title
_SUBJECT = re.compile(r"[《“「]?([^（(，,。：》”」是为]{2,12})")
_SENTENCE = re.compile(r"(?<=[。；;])|(?<=[.;]) ")
_STATUTES = 6000  # in the way of the others: nobody asks about them
_LEAST, _LONGEST = 20, 300  # characters of an article, of a question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the id of the article that answers it, and the answers that stand in it, where they are known."""

    question: str
    article: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class World:
    """Articles as JSON Lines hold them, and questions about them; `foreign` ones are in another language."""

    name: str
    foreign: bool
    articles: list[dict[str, str]]
    questions: list[Asked]


def write_half(material: Path, folder: Path) -> None:
    """The material without what the ranking is learned on, for the embedder of the cross-fit."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(material.glob("*.gz")):
        if file.name not in _HALVED:
            shutil.copyfile(file, folder / file.name)
            continue
        with gzip.open(file, "rt", encoding="utf-8") as lines, gzip.open(folder / file.name, "wt", 1, "utf-8") as half:
            half.writelines(line for line in lines if not _is_held_out(_text_of(line, file.name)))


def worlds(material: Path, *, most: int, seed: int) -> Iterator[World]:
    """The held-out half: Chinese questions over Chinese articles, English over Chinese, Chinese over English."""
    rng = random.Random(seed)
    yield _chinese(material, most, rng)
    yield _across(material, "en-zh", 1, 0, most, rng)
    yield _across(material, "zh-en", 0, 1, most, rng)


def _text_of(line: str, file: str) -> str:
    """What a line is split by: the passage, so that all questions about it are on one side; of a pair, the Chinese."""
    if file == _QUESTIONS:
        return str(json.loads(line)["passage"])
    return line.rstrip("\n").split("\t")[file.startswith(_PAPERS)]


def _is_held_out(text: str) -> bool:
    return zlib.crc32(text.encode()) % 2 == 1


def _chinese(material: Path, most: int, rng: random.Random) -> World:
    """Encyclopaedia, medicine and papers with their questions, and statutes; some articles have a title, their subject.

    Articles of both halves are there to be found, questions only about the held-out one.
    """
    articles: dict[str, dict[str, str]] = {}
    asked: list[Asked] = []
    with gzip.open(material / _QUESTIONS, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            text = record["passage"]
            subject = _SUBJECT.match(text) if record["source"].startswith("cmrc") and rng.random() < _TITLED else None
            article = _add(articles, text, subject.group(1) if subject else "")
            if _is_held_out(text):
                asked.append(Asked(record["question"], article, tuple(record.get("answers") or ())))
    for title, abstract in _rows(material, _PAPERS):
        article = _add(articles, abstract, "")
        if _is_held_out(abstract):
            asked.append(Asked(title, article, ()))
    laws = _rows(material, _LAWS)
    for heading, text in rng.sample(laws, min(_STATUTES, len(laws))):
        _add(articles, text, heading.split(" ")[0])
    return World("zh", False, list(articles.values()), rng.sample(asked, min(most, len(asked))))


def _across(material: Path, name: str, asks: int, tells: int, most: int, rng: random.Random) -> World:
    """A sentence of a text stands for a question about its translation."""
    articles: dict[str, dict[str, str]] = {}
    asked: list[Asked] = []
    for file, count in _PARALLEL.items():
        rows = [row for row in _rows(material, file) if len(row[tells]) >= _LEAST]
        held_out = [row for row in rows if _is_held_out(row[0])]
        others = [row for row in rows if not _is_held_out(row[0])]
        for row in rng.sample(others, min(2 * count, len(others))):
            _add(articles, row[tells], "")
        for row in rng.sample(held_out, min(count, len(held_out))):
            question, answer = _aligned(row[asks], row[tells], rng)
            if question:
                asked.append(Asked(question[:_LONGEST], _add(articles, row[tells], ""), answer))
    return World(name, True, list(articles.values()), rng.sample(asked, min(most, len(asked))))


def _aligned(text: str, translation: str, rng: random.Random) -> tuple[str, tuple[str, ...]]:
    """Any sentence of a text, and the same of its translation if both have as many."""
    sentences, others = (
        [s.strip() for s in _SENTENCE.split(t) if sum(map(str.isalnum, s)) > 4] for t in (text, translation)
    )
    chosen = rng.randrange(len(sentences)) if sentences else 0
    question = sentences[chosen] if sentences else ""
    return question, (others[chosen],) if len(sentences) == len(others) and sentences else ()


def _rows(material: Path, file: str) -> list[list[str]]:
    with gzip.open(material / f"{file}.tsv.gz", "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def _add(articles: dict[str, dict[str, str]], text: str, title: str) -> str:
    article = {"id": f"a{len(articles)}", "title": title, "text": text}
    return articles.setdefault(text, article)["id"]
