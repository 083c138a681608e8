"""The scoring rule, written out case by case."""

from dataclasses import replace

import pytest

from eval.metrics import common_subsequence, evidence_found, holds, judge, normalise, overlap, tally
from eval.types import Evidence, GoldItem, ItemResult, Verdict
from index.types import Article, Passage
from rag.types import Answer, Citation, Hit, Seconds, Status

ITEM = GoldItem("A", "list", "问", answerable=True, must=(("25亿", "2.5十亿"), ("上海",)), sources=("001",))
UNANSWERABLE = GoldItem("U", "unanswerable", "问", answerable=False, must=(("没有提到",),))


def citation(article: str = "001-a.md", quote: str = "无关") -> Citation:
    return Citation(1, article, f"{article}:0-2", "题", None, None, article, quote, 0, len(quote))


def answer(text: str, *citations: Citation, status: Status = "answered", hits: tuple[Hit, ...] = ()) -> Answer:
    return Answer("问", "问", text, citations, hits, status, "extractive", 0, Seconds(0, 0, 0))


def hit(article: str, text: str, start: int = 0) -> Hit:
    return Hit(Passage(article, text, start, start + len(text)), Article(article, "题", text, article), 1.0, match=1.0)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("２５億 元", "25亿元"),  # NFKC, Simplified, white space
        ("AI Lab", "ailab"),  # case
        ("發(fā)展到現(xiàn)在", "发展到现在"),  # pinyin glosses
        ("增长12,500家[3]。", "增长12500家。"),  # thousands commas, citation marks
        ("3,5两项", "3,5两项"),  # no thousands
    ],
)
def test_texts_are_compared_without_script_width_case_glosses_marks_and_commas(text, normal):
    assert normalise(text) == normal


def test_a_number_is_not_found_inside_a_longer_one():
    assert holds("投资25亿元", "25亿")
    assert not holds("投资225亿元", "25亿")
    assert not holds("投资3.25亿元", "25亿")
    assert not holds("共2490人", "249")
    assert holds("共249人", "249")
    assert not holds("任何文字", " ")


def test_right_takes_one_alternative_of_every_list_and_a_citation():
    both = "上海投资25亿元[1]。"
    assert judge(ITEM, answer(both, citation())) == Verdict(right=True, cited=True, refused=False, evidence=None)
    assert not judge(ITEM, answer("上海投资30亿元[1]。", citation())).right
    assert not judge(ITEM, answer(both)).right
    assert not judge(ITEM, answer(both, citation(), status="no_evidence")).right
    assert judge(ITEM, answer(both, citation(), status="partial")).right


def test_what_must_not_stand_makes_an_answer_wrong():
    assert not judge(replace(ITEM, must_not=("北京",)), answer("上海投资25亿元，北京也是[1]。", citation())).right


def test_an_answer_of_more_than_300_characters_is_wrong():
    text = "上海投资25亿元"
    assert judge(ITEM, answer(text + "。" * (300 - len(text)), citation())).right
    assert not judge(ITEM, answer(text + "。" * (301 - len(text)), citation())).right


def test_cited_takes_a_citation_of_a_source_or_a_quote_with_an_alternative():
    text = "上海投资25亿元[1]。"
    assert judge(ITEM, answer(text, citation("009-z.md", "投资25億元"))).cited
    verdict = judge(ITEM, answer(text, citation("009-z.md", "别的")))
    assert verdict.right
    assert not verdict.cited
    assert not judge(ITEM, answer("不知道[1]", citation())).cited


def test_an_unanswerable_item_is_right_when_refused_by_status_or_in_words():
    assert judge(UNANSWERABLE, answer("无", status="no_evidence")).right
    assert judge(UNANSWERABLE, answer("文章沒有提到此事。")).right
    assert not judge(UNANSWERABLE, answer("25亿元[1]。", citation())).right


def test_a_missing_answer_is_wrong_even_where_a_refusal_was_due():
    assert not judge(ITEM, None).right
    assert not judge(UNANSWERABLE, None).right
    assert judge(replace(ITEM, evidence=(Evidence("001", "甲"),)), None).evidence is False


def test_an_answerable_item_without_a_rule_has_no_verdict():
    assert judge(replace(ITEM, must=()), answer("上海", citation())) is None


@pytest.mark.parametrize(
    ("one", "other", "length"),
    [
        ("", "甲", 0),
        ("甲乙丙", "甲乙丙", 3),
        ("甲乙丙丁", "甲丙乙丁", 3),
        ("甲乙", "丙丁", 0),
        ("abcbdab", "bdcaba", 4),
    ],
)
def test_the_longest_common_subsequence_of_two_texts(one, other, length):
    assert common_subsequence(one, other) == length


def test_overlap_is_the_share_of_the_quote_that_stands_in_order():
    assert overlap("藏书180万册", "新馆藏书180万册，每周一闭馆") == 1.0
    assert overlap("一二三四五六七八九十", "一二三四五六七八") == 8 / 10
    assert overlap("一二三四五六七八九十", "前" * 7 + "一二三四甲五六七八九" + "后" * 30) == 9 / 10
    assert overlap("一二三四", "五六七八") == 0.0


def test_overlap_is_not_gathered_from_all_over_a_text():
    quote = "一二三四五六七八九十"
    assert overlap(quote, ("隔" * 20).join(quote)) == 1 / 10


def test_evidence_is_found_when_every_source_has_a_hit_that_holds_its_quote():
    item = replace(ITEM, evidence=(Evidence("001", "藏書180万册"), Evidence("002", "票价两元")))
    one, two = hit("001-a.md", "新馆藏书180万册。"), hit("002-b.md", "最低票价两元。")
    assert evidence_found(item, (two, one)) is True
    assert evidence_found(item, (one,)) is False
    assert evidence_found(item, (one, hit("009-z.md", "最低票价两元。"))) is False
    assert evidence_found(ITEM, (one,)) is None


def test_evidence_may_run_over_several_passages_of_one_article():
    item = replace(ITEM, evidence=(Evidence("001", "二号线全长27.5公里。全线设21座车站，九月通车。"),))
    first, second = hit("001-a.md", "二号线全长27.5公里。", 0), hit("001-a.md", "全线设21座车站，九月通车。", 13)
    assert evidence_found(item, (second, first)) is True
    assert evidence_found(item, (first,)) is False


def test_evidence_counts_among_the_best_ten_hits_only():
    item = replace(ITEM, evidence=(Evidence("001", "藏书180万册"),))
    others = tuple(hit("009-z.md", "别的", n) for n in range(10))
    found = hit("001-a.md", "新馆藏书180万册。")
    assert evidence_found(item, (*others[:9], found)) is True
    assert evidence_found(item, (*others, found)) is False


def test_a_tally_counts_what_can_be_scored_and_citations_of_answerable_items_only():
    def result(item: GoldItem, verdict: Verdict | None) -> ItemResult:
        return ItemResult(item, None, None, verdict, 0.0)

    counts = tally(
        "all",
        [
            result(ITEM, Verdict(right=True, cited=True, refused=False, evidence=True)),
            result(ITEM, Verdict(right=True, cited=False, refused=False, evidence=False)),
            result(UNANSWERABLE, Verdict(right=True, cited=True, refused=True, evidence=None)),
            result(ITEM, None),
        ],
    )
    assert (counts.n, counts.answerable, counts.right, counts.cited, counts.refused) == (3, 2, 3, 1, 1)
    assert (counts.evidenced, counts.found) == (2, 1)
