"""The bundled corpus and its gold set: what stands in them, and how well the shipped model answers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.run import run
from eval.types import RunReport
from index.config import IndexConfig
from index.sources import markdown, read_sources
from index.types import Article
from index.writer import update
from rag.config import Config

ROOT = Path(__file__).parents[1]
CORPUS, GOLD = ROOT / "corpus", ROOT / "eval/gold/bundled.jsonl"
ITEMS = [json.loads(line) for line in GOLD.read_text("utf-8").splitlines()]
QUOTES = [(i["id"], source, q) for i in ITEMS for k in ("evidence", "near") for source, q in (i.get(k) or {}).items()]


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    """The digests as they are indexed, by the first three digits of their names."""
    found = list(read_sources([CORPUS]))
    assert all(isinstance(article, Article) for article in found)
    return {article.id[:3]: article for article in found if isinstance(article, Article)}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunReport]:
    """A real run of the gold set."""
    folder = tmp_path_factory.mktemp("corpus")
    config = Config(index=IndexConfig(home=folder / "home", sources=(CORPUS,)))
    update(config.index)
    yield run(config, GOLD, out=folder / "answers.jsonl")


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.md")), ids=lambda path: path.name)
def test_a_digest_says_whose_report_it_retells(path: Path):
    fields, body = markdown.split(path.read_text("utf-8"))
    assert fields["title"] and fields["publisher"] and fields["digest"] is True
    assert set(fields) <= {"title", "publisher", "published", "digest", "url"}
    assert str(fields["publisher"]) in body.split("\n\n")[1] or "本文摘编自" in body[:100]


def test_there_are_five_digests_and_nothing_else():
    assert len(list(CORPUS.iterdir())) == len(list(CORPUS.glob("00[0-4]-*.md"))) == 5


def test_publisher_and_date_arrive_in_the_index(articles: dict[str, Article]):
    assert articles["000"].publisher == "澎湃新闻" and articles["000"].published == "2024-05-06"
    assert all(article.publisher for article in articles.values())


@pytest.mark.parametrize(("item", "source", "quote"), QUOTES)
def test_every_quote_of_the_gold_set_stands_in_its_digest(
    articles: dict[str, Article], item: str, source: str, quote: str
):
    assert quote in articles[source].text


def test_answers_are_right_and_cited(report: RunReport):
    answerable = [r for r in report.results if r.item.answerable]
    wrong = [r.item.id for r in answerable if not (r.verdict and r.verdict.right and r.verdict.cited)]
    assert len(answerable) == 57
    assert 1 - len(wrong) / len(answerable) >= 0.85, wrong


def test_what_no_digest_says_is_refused(report: RunReport):
    unanswerable = [r for r in report.results if not r.item.answerable]
    answered = [r.item.id for r in unanswerable if not (r.verdict and r.verdict.refused)]
    assert len(unanswerable) == 7 and len(answered) <= 2, answered


def test_every_quote_of_an_answer_stands_in_its_digest(report: RunReport, articles: dict[str, Article]):
    for result in report.results:
        for cited in result.answer.citations if result.answer else ():
            assert articles[cited.article_id[:3]].text[cited.start : cited.end] == cited.quote
