"""python -m rag.train: weights from questions whose right passage is known, none of them about what an embedder saw."""

import gzip
import json
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

import numpy as np
import pytest

from rag import weigh
from rag.features import FEATURES
from rag.train.__main__ import chosen, indexed, table
from rag.train.fit import Ranked, fit
from rag.train.material import Asked, World, worlds, write_half

PENALTY = 0.01


def questions(weights: list[float], *, count: int = 120, seed: int = 7) -> list[Ranked]:
    """Questions of eight candidates, of which one is right: the best by these weights and some chance."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        values = rng.random((8, len(weights)))
        scores = values @ np.array(weights) + rng.gumbel(size=8)
        made.append(Ranked(values, scores == scores.max()))
    return made


def loss(asked: list[Ranked], weights: np.ndarray) -> float:
    """What is minimised, written out: the mean of -log of the right candidates' share, and the squared weights."""
    total = 0.0
    for one in asked:
        likely = [exp(sum(v * w for v, w in zip(row, weights, strict=True))) for row in one.values.tolist()]
        right = sum(share for share, is_right in zip(likely, one.right, strict=True) if is_right)
        total -= log(right / sum(likely))
    return total / len(asked) + PENALTY * sum(w * w for w in weights)


def test_planted_weights_are_found_with_their_signs_and_order():
    strong, weak, none, against = fit(questions([6.0, 3.0, 0.0, -4.0], count=600), penalty=0.0001)
    assert strong > weak > 1.0 and abs(none) < 1.0 and against < -2.0


def test_what_is_found_is_a_minimum():
    asked = questions([3.0, 0.0, -2.0])
    found = fit(asked, penalty=PENALTY)
    for at in range(len(found)):
        step = np.eye(len(found))[at] * 1e-4
        slope = (loss(asked, found + step) - loss(asked, found - step)) / 2e-4
        assert slope == pytest.approx(0.0, abs=1e-4)
        assert loss(asked, found + 1000 * step) > loss(asked, found) < loss(asked, found - 1000 * step)


def test_several_right_candidates_share_the_credit():
    values = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    first, second = fit([Ranked(values, np.array([True, True, False]))], penalty=PENALTY)
    assert first > 1.0 and first > second
    assert loss([Ranked(values, np.array([True, True, False]))], np.array([first, second])) < log(1.5)


def test_questions_without_a_right_or_a_wrong_candidate_teach_nothing():
    asked = questions([3.0, -2.0])
    dumb = [Ranked(np.ones((3, 2)), np.array([same] * 3)) for same in (False, True)]
    assert fit([*dumb, *asked], penalty=PENALTY).tolist() == pytest.approx(fit(asked, penalty=PENALTY).tolist())


def test_the_weights_are_written_as_the_ranking_reads_them():
    lines = table(dict.fromkeys(FEATURES, 1.0), dict.fromkeys(FEATURES, -0.51239)).splitlines()
    assert lines == ["feature\tknown\tforeign", *(f"{name}\t1.000\t-0.512" for name in FEATURES)]


@dataclass(frozen=True)
class Material:
    """A folder of made-up texts in the files that the program reads."""

    folder: Path
    passages: set[str]
    abstracts: set[str]
    pairs: set[tuple[str, str]]


@pytest.fixture
def material(tmp_path: Path) -> Material:
    folder = tmp_path / "material"
    folder.mkdir()

    def write(name: str, lines: list[str]) -> None:
        with gzip.open(folder / name, "wt", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)

    passages = [f"青石桥{n}号建于{1900 + n}年，全长{n}米，是海州的一座石桥。" for n in range(40)]
    asked = [
        {"question": f"青石桥{n}号{what}？", "passage": text, "source": ("cmrc", "web")[n % 2], "answers": [f"{n}米"]}
        for n, text in enumerate(passages)
        for what in ("有多长", "建于哪一年")
    ]
    write("zh_qa_passage.jsonl.gz", [json.dumps(one, ensure_ascii=False) for one in asked])
    papers = [(f"第{n}种茶的研究", f"本文研究了第{n}种茶的产量，并讨论了它与海州气候的关系。") for n in range(30)]
    write("head_csl_title_abstract.tsv.gz", ["\t".join(row) for row in papers])
    write("head_prclaw.tsv.gz", [f"桥梁法 第{n}条\t第{n}条 任何人不得在桥上堆放茶叶。" for n in range(9)])
    pairs: set[tuple[str, str]] = set()
    for name in ("par_pydocs", "par_twlaw_articles", "par_tico19", "par_pud_trad"):
        rows = [
            (
                f"{name}的第{n}座桥在海州的东边，由工人修建而成。",
                f"The {name} bridge {n} stands in the east of Haizhou.",
            )
            for n in range(20)
        ]
        write(f"{name}.tsv.gz", ["\t".join(row) for row in rows])
        pairs |= set(rows)
    write("other.tsv.gz", ["桥\tbridge"])
    return Material(folder, set(passages), {abstract for _, abstract in papers}, pairs)


def lines(file: Path) -> list[str]:
    with gzip.open(file, "rt", encoding="utf-8") as found:
        return found.read().splitlines()


def answers(world: World) -> set[str]:
    """The texts that the world's questions are about."""
    texts = {article["id"]: article["text"] for article in world.articles}
    return {texts[asked.article] for asked in world.questions}


def test_the_halves_share_no_text_and_are_the_whole_together(material: Material, tmp_path: Path):
    write_half(material.folder, tmp_path / "half")
    chinese, english_asks, chinese_asks = worlds(material.folder, most=10_000, seed=0)
    seen = {json.loads(line)["passage"] for line in lines(tmp_path / "half/zh_qa_passage.jsonl.gz")}
    seen |= {line.split("\t")[1] for line in lines(tmp_path / "half/head_csl_title_abstract.tsv.gz")}
    assert seen and answers(chinese) and seen & answers(chinese) == set()
    assert seen | answers(chinese) == material.passages | material.abstracts
    pairs = {tuple(line.split("\t")) for file in (tmp_path / "half").glob("par_*") for line in lines(file)}
    for world, column in ((english_asks, 0), (chinese_asks, 1)):
        half, whole = {pair[column] for pair in pairs}, {pair[column] for pair in material.pairs}
        assert half and answers(world) and half & answers(world) == set() and half | answers(world) == whole


def test_all_questions_about_a_passage_are_on_one_side(material: Material, tmp_path: Path):
    write_half(material.folder, tmp_path / "half")
    kept = [json.loads(line)["passage"] for line in lines(tmp_path / "half/zh_qa_passage.jsonl.gz")]
    assert {kept.count(passage) for passage in kept} == {2}


def test_what_the_ranking_is_not_learned_on_goes_to_the_embedder_whole(material: Material, tmp_path: Path):
    write_half(material.folder, tmp_path / "half")
    for name in ("head_prclaw.tsv.gz", "other.tsv.gz"):
        assert lines(tmp_path / "half" / name) == lines(material.folder / name)


def test_texts_of_both_halves_are_there_to_be_found(material: Material):
    chinese, english_asks, _ = worlds(material.folder, most=5, seed=0)
    texts = {article["text"] for article in chinese.articles}
    assert material.passages | material.abstracts < texts and len(texts) == len(chinese.articles)
    assert {chinese for chinese, _ in material.pairs} == {article["text"] for article in english_asks.articles}
    assert len(chinese.questions) == len(english_asks.questions) == 5


def test_some_articles_have_their_subject_for_a_title(material: Material):
    chinese, *_ = worlds(material.folder, most=5, seed=0)
    titled = [article for article in chinese.articles if article["text"] in material.passages and article["title"]]
    assert titled and all(article["text"].startswith(article["title"]) for article in titled)
    assert len(titled) < len(material.passages)


def test_a_question_across_languages_is_a_sentence_of_the_other_text(material: Material):
    _, english_asks, chinese_asks = worlds(material.folder, most=10_000, seed=0)
    for world, asks, tells in ((english_asks, 1, 0), (chinese_asks, 0, 1)):
        of = {pair[tells]: pair[asks] for pair in material.pairs}
        texts = {article["id"]: article["text"] for article in world.articles}
        assert all(asked.question in of[texts[asked.article]] for asked in world.questions)


def test_the_same_seed_gives_the_same_worlds(material: Material):
    once, again = ([*worlds(material.folder, most=20, seed=3)] for _ in range(2))
    assert once == again and once != [*worlds(material.folder, most=20, seed=4)]


def test_the_sentences_that_hold_the_answer_of_the_right_article_are_right(tmp_path: Path):
    articles = [
        {"id": "a", "title": "", "text": "青石桥横跨临江河。青石桥建于1912年。"},
        {"id": "b", "title": "", "text": "云岫茶厂建于1912年，产茶很多。"},
    ]
    asked = Asked("青石桥建于哪一年", "a", ("1912年",))
    with indexed(World("zh", False, articles, [asked]), "shipped") as index:
        (ranked,) = chosen(World("zh", False, articles, [asked]), index)
    assert ranked.values.shape[1] == len(weigh.FEATURES) and ranked.right.sum() == 1
