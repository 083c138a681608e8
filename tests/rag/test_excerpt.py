"""excerpt(): the clauses of a sentence that answer, with … for the others, and brackets for "he" and "last year"."""

from index.dates import find_dates
from index.fold import fold
from index.passages import Span, sentences
from index.types import Article, Passage
from rag.asked_for import asked_for
from rag.evidence import Sentence
from rag.excerpt import Excerpt, excerpt
from rag.types import Hit


def shown(text: str, question: str, *, of: int = 0, published: str | None = None, dated: bool = False) -> Excerpt:
    """The excerpt of one sentence of a text for a question; every two characters of the question are its words."""
    article = Article("a", "", text, "a.txt", published=published)
    passage = Passage("a", text, 0, len(text), None, find_dates(text, published))
    span = list(sentences(text))[of]
    folded = fold(question)
    sentence = Sentence(Hit(passage, article, 1.0, 1.0), span.start, span.end, fold(text[span.start : span.end]))
    rarity = {folded[at : at + 2]: 1.0 for at in range(len(folded) - 1)}
    return excerpt(sentence, asked_for(folded), rarity, dated=dated)


def test_clauses_that_neither_speak_of_it_nor_give_it_are_left_out():
    found = shown("海州风光秀丽，青石桥全长48米，游人很多，值得一看。", "青石桥全长多少米")
    assert found.text == "…青石桥全长48米…"
    assert found.spans == (Span(7, 16),)


def test_when_a_number_held_is_kept():
    assert "截至6月" in shown("截至6月，备案的大模型有34款，应用很多。", "备案的大模型有多少款").text


def test_before_a_figure_the_comma_stays():
    assert shown("海州风光秀丽，2022年颁布了桥梁条例，大家称好。", "桥梁条例哪一年颁布").text.startswith("…，2022年")


def test_a_reason_or_a_list_is_never_cut():
    text = "海州风光秀丽，因为山多，青石桥修得高，游人很多。"
    assert shown(text, "青石桥为什么修得高").text == text
    assert shown(text, "青石桥有哪些特点").text == text


def test_a_comma_inside_quotation_marks_parts_nothing():
    text = "称为“很高，很老”的桥长48米，游人很多。"
    assert shown(text, "桥长多少米").text == "称为“很高，很老”的桥长48米…"


def test_he_is_named_in_brackets_when_the_sentence_before_names_one_person():
    text = "汪小帆也这样看。他建议修桥。汪小帆又说了一遍。"
    assert shown(text, "修桥", of=1).text == "他（汪小帆）建议修桥。"
    assert shown("汪小帆和钱学森也这样看。他建议修桥。汪小帆和钱学森都说了。", "修桥", of=1).text == "他建议修桥。"


def test_last_year_is_told_in_brackets_where_a_date_is_asked_for():
    assert "去年9月（2023年9月）" in shown("去年9月桥建成。", "桥什么时候建成", published="2024-03").text
    assert "（" not in shown("去年9月桥建成。", "桥怎么样", published="2024-03").text
    assert "（2023年底）" in shown("去年底桥建成。", "桥什么时候建成", published="2024-03").text


def test_a_month_takes_the_year_that_its_sentence_named_before_it():
    assert "9月19日（2021年9月19日）" in shown("2021年的假期公布，9月19日开始。", "假期哪一天开始").text
    assert "（" not in shown("9月19日开始，2021年公布。", "假期哪一天开始").text
    assert "（" not in shown("2021年公布，9月19日至21日放假。", "哪一天放假").text
    assert "21日（" not in shown("2021年9月19日至21日放假。", "哪一天放假").text


def test_a_date_that_is_told_already_has_no_second_brackets():
    assert (
        shown("去年9月（2023年9月）桥建成。", "桥什么时候建成", published="2024-03").text
        == "去年9月（2023年9月）桥建成。"
    )
