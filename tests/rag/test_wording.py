"""wording: the lines round the quoted sentences."""

from dataclasses import replace

import pytest
from worlds import article

from index.passages import Passage, Span
from rag import wording
from rag.evidence import Sentence
from rag.excerpt import Excerpt
from rag.question import check, content_words
from rag.types import Hit


def said(text: str, **fields: object) -> Excerpt:
    source = article(text, **fields)
    sentence = Sentence(Hit(Passage(source.id, text, 0, len(text)), source, score=1.0, match=1.0), 0, len(text), text)
    return Excerpt(sentence, text, (Span(0, len(text)),))


def test_each_sentence_carries_its_mark_and_an_end():
    text = wording.answer(check("桥"), [said("桥长48米"), said("桥有五孔！")])
    assert text == "桥长48米。[1]桥有五孔！[2]"


def test_a_sentence_over_several_lines_stands_on_one():
    assert wording.answer(check("泳池"), [said("泳池\n\n小孩免票")]) == "泳池 小孩免票。[1]"


def test_what_a_source_writes_like_a_mark_is_no_mark():
    text = wording.answer(check("锅炉"), [said("锅炉[1]共12台[9]。", publisher="报[2]"), said("另有一台。", id="b")])
    assert text == "锅炉［1］共12台［9］。[1]（报［2］）另有一台。[2]（《题》）"


def test_sentences_of_several_articles_name_publisher_and_date():
    may, june = said("24款。", publisher="日报", published="2024-05"), said("34款。", id="b", published="2024-06-20")
    assert wording.answer(check("几款"), [may, june]) == "24款。[1]（日报 2024-05）34款。[2]（《题》 2024-06-20）"
    assert wording.answer(check("几款"), [may]) == "24款。[1]"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("桥有多长", "石桥长48米，门票两元。[1]"),
        ("橋有多長", "石橋長48米，門票兩元。[1]"),
        ("How long?", "The articles say: An article: 48 metres; RMB 2. 石桥长48米，门票两元。[1]"),
    ],
)
def test_the_answer_speaks_the_script_of_the_question(question: str, answer: str):
    assert wording.answer(check(question), [said("石桥长48米，门票两元。")]) == answer


def test_simplified_questions_get_simplified_text_of_traditional_articles():
    assert wording.answer(check("医院"), [said("海州醫院設有床位。")]) == "海州医院设有床位。[1]"


def test_english_sentences_end_in_a_full_stop():
    assert wording.answer(check("How many seats?"), [said("It seats 420")]) == "The articles say: It seats 420.[1]"


@pytest.mark.parametrize(
    ("question", "lacking", "refusal"),
    [
        ("桥", "北京", "文章里没有找到对得上“北京”的依据。下面是最接近的段落。"),
        ("橋", "", "文章裏沒有找到足以回答這個問題的依據。下面是最接近的段落。"),
        ("A bridge?", "", "Not found in the articles: no passage gives evidence. The nearest passages are shown."),
    ],
)
def test_a_refusal_says_what_is_missing(question: str, lacking: str, refusal: str):
    assert wording.refusal(check(question), lacking) == refusal
    assert refusal.startswith(without := wording.refusal(check(question), lacking, shown=False)) and without != refusal


def test_a_refusal_under_a_filter_speaks_of_what_the_filter_leaves():
    narrowed = replace(check("桥"), narrowed=True)
    assert wording.refusal(narrowed, "北京").startswith("筛选范围内的文章里没有找到对得上“北京”的依据。")
    assert "in the chosen articles" in wording.refusal(replace(check("A bridge?"), narrowed=True), "")


def test_words_that_only_ask_carry_no_content():
    assert content_words(["什么", "茶厂", "的", "产量", "茶厂"]) == ["茶厂", "产量"]


def test_an_english_frame_has_brackets_of_its_own():
    may, june = said("24 models.", publisher="Daily", published="2024-05"), said("34.", id="b", published="2024-06")
    answer = wording.answer(check("How many?"), [may, june])
    assert answer == "The articles say: 24 models.[1] (Daily 2024-05) 34.[2] (“题” 2024-06)"
