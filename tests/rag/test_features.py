"""features(): each kind of evidence is higher for the passage that it speaks for, and lies between 0 and 1."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from index.dates import find_dates
from index.embed import StaticEmbedder, load_embedder
from index.fold import fold
from index.reader import Found
from index.types import Article, Passage
from rag.asked_when import asked_when
from rag.candidates import Candidate
from rag.features import FEATURES, Sought, features


@pytest.fixture(scope="module")
def tokens() -> StaticEmbedder:
    shipped = load_embedder("shipped")
    assert isinstance(shipped, StaticEmbedder)
    return shipped


def passage(
    text: str,
    *,
    title: str = "",
    heading: str | None = None,
    of: int = 0,
    published: str | None = None,
    cosine: float = 0.5,
    words: float = 0.5,
) -> Candidate:
    """A candidate of the article in row `of`, whose whole text it is."""
    article = Article(f"a{of}", title, text, "s", published=published)
    own = Passage(article.id, text, 0, len(text), heading, find_dates(text, published))
    return Candidate(Found(1, own, article, of, b"", np.zeros(1, np.float32)), cosine, words, cosine + words)


def values(
    tokens: StaticEmbedder,
    question: str,
    *candidates: Candidate,
    rarity: Mapping[str, float] | None = None,
    today: str | None = None,
) -> dict[str, list[float]]:
    """By feature, its values for the candidates."""
    folded = fold(question)
    found = features(Sought(folded, rarity or {}, asked_when(folded, today)), candidates, tokens)
    assert found.shape == (len(candidates), len(FEATURES)) and found.dtype == np.float32
    assert ((found >= 0) & (found <= 1.0001)).all()
    return dict(zip(FEATURES, found.T.tolist(), strict=True))


def one(tokens: StaticEmbedder, name: str, question: str, *texts: str) -> list[float]:
    """One feature of passages without a title, each of an article of its own."""
    return values(tokens, question, *(passage(text, of=at) for at, text in enumerate(texts)))[name]


def test_no_candidates_have_no_features(tokens: StaticEmbedder):
    assert features(Sought("桥", {}, asked_when("桥", None)), [], tokens).shape == (0, len(FEATURES))


@pytest.mark.parametrize("question", ["青石桥", "", "？？", "2024年5月6日", "现在", "the bridge " * 150, "长" * 2000])
def test_whatever_is_asked_each_value_lies_between_nothing_and_everything(tokens: StaticEmbedder, question: str):
    odd = ("", "。", "青石桥", "the bridge", "长" * 900, "2024年5月6日发布1.5亿元", "\n")
    candidates = [passage(text, title=text, of=at, published="2024") for at, text in enumerate(odd)]
    found = values(tokens, question, *candidates, rarity={"桥": 3.0, "": 0.0})
    assert all(np.isfinite(column).all() for column in found.values())


def test_words_and_cosine_are_those_with_which_a_candidate_was_found(tokens: StaticEmbedder):
    found = values(tokens, "桥", passage("桥", words=0.25, cosine=0.75), passage("茶", words=0.0, cosine=0.125))
    assert found["words"] == [0.25, 0.0] and found["cosine"] == [0.75, 0.125]


def test_late_interaction_finds_the_tokens_of_the_question(tokens: StaticEmbedder):
    right, wrong = one(tokens, "late", "青石桥的桥孔", "青石桥有五个桥孔。", "云岫茶厂的春茶上市了。")
    assert right > wrong + 0.3


def test_telling_tokens_count_more_than_what_all_candidates_share(tokens: StaticEmbedder):
    texts = ("上海人工智能的算力补贴", "上海人工智能的新闻发布", "上海人工智能的产业规模")
    found = values(tokens, "上海人工智能的算力补贴", *(passage(t, of=at) for at, t in enumerate(texts)))
    gap = {name: found[name][0] - max(found[name][1:]) for name in ("late", "telling")}
    assert gap["telling"] > gap["late"] > 0


def test_a_window_prefers_what_is_said_together(tokens: StaticEmbedder):
    rest = "秋天的田野里一片金黄，农民们正在收割稻谷，孩子们放学以后也来帮忙，" * 4
    near, far, _ = one(tokens, "window", "青石桥的馆长", f"青石桥的馆长{rest}", f"青石桥{rest}馆长", "茶")
    assert near > far


def test_an_article_whose_passages_say_it_together_counts_as_a_whole(tokens: StaticEmbedder):
    found = values(
        tokens,
        "青石桥的铜钱",
        passage("青石桥有五个桥孔。", of=1),
        passage("工人发现了一枚铜钱。", of=1),
        passage("青石桥有五个桥孔。", of=2),
        passage("茶厂", of=3),
    )["article"]
    assert found[0] == found[1] > found[2] > found[3]


def test_a_title_or_heading_that_the_question_says_counts(tokens: StaticEmbedder):
    text = "建于1912年。"
    found = values(
        tokens,
        "青石桥建于哪一年",
        passage(text, title="青石桥", of=1),
        passage(text, heading="青石桥", of=2),
        passage(text, title="云岫茶厂", of=3),
        passage(text, of=4),
    )
    title, heading, other, none = found["title"]
    assert title == heading > other + 0.3 and none == 0
    assert found["named"] == [1, 0, 0, 0]


def test_a_title_is_named_in_whatever_script_and_of_more_than_one_character(tokens: StaticEmbedder):
    named = values(tokens, "青石橋有多長", passage("文", title="青石桥"), passage("文", title="桥"))["named"]
    assert named == [1, 0]


def test_coverage_is_the_share_of_the_rarity_of_the_words_held(tokens: StaticEmbedder):
    found = values(
        tokens,
        "青石桥的铜钱",
        passage("铜钱"),
        passage("青石桥"),
        passage("铜钱", title="青石桥"),
        passage("茶"),
        rarity={"青石桥": 1.0, "铜钱": 3.0},
    )["coverage"]
    assert found == pytest.approx([0.75, 0.25, 1.0, 0.0])


def test_shared_phrases_count_wherever_they_stand(tokens: StaticEmbedder):
    # 青石桥 石桥有 桥有五 有五个 五个孔
    found = one(tokens, "phrases", "青石桥有五个孔", "五个孔的青石桥", "青石桥有五个孔", "五孔")
    assert found == pytest.approx([0.4, 1.0, 0.0])
    assert one(tokens, "phrases", "桥", "桥") == [0.0]


def test_a_date_of_the_passage_speaks_for_it_within_the_date_asked_about(tokens: StaticEmbedder):
    texts = ("2024年5月6日开馆。", "2024年5月开馆。", "2024年开馆。", "2023年5月6日开馆。", "开馆。")
    found = values(tokens, "2024年5月谁开馆？", *(passage(text) for text in texts))
    assert found["day"] == [1, 1, 0, 0, 0], "a year may lie in another month"
    assert found["another_day"] == [0, 0, 0, 1, 0], "a year may be that month's, and who names none denies none"


def test_of_several_dates_each_counts_for_its_share(tokens: StaticEmbedder):
    found = values(tokens, "2024年5月和2023年6月各有多少？", passage("2024年5月有34款。"), passage("2020年有1款。"))
    assert found["day"] == [0.5, 0] and found["another_day"] == [0.5, 1]


def test_where_a_passage_names_no_date_its_articles_date_is_the_one(tokens: StaticEmbedder):
    dates = ("2024-05-06", "2024-05", "2024", "2023", None)
    found = values(tokens, "2024年5月谁开馆？", *(passage("开馆。", published=day) for day in dates))
    assert found["day"] == [1, 1, 0, 0, 0] and found["another_day"] == [0, 0, 0, 1, 0]
    found = values(tokens, "2024年5月谁开馆？", passage("2020年开馆。", published="2024-05-06"))
    assert found["day"] == [0] and found["another_day"] == [1]


def test_relative_dates_are_those_of_the_asker_and_of_the_article(tokens: StaticEmbedder):
    candidates = passage("去年9月开馆。", published="2024-05-06"), passage("去年9月开馆。", published="2023-05-06")
    found = values(tokens, "去年9月谁开馆？", *candidates, today="2024-01-01")
    assert found["day"] == [1, 0] and found["another_day"] == [0, 1]


PUBLISHED = ("2024-05-06", "2022", "2023-05-07", None)


def published(tokens: StaticEmbedder, question: str, name: str, dates: Sequence[str | None] = PUBLISHED) -> list[float]:
    return values(tokens, question, *(passage("开馆。", published=day, of=at) for at, day in enumerate(dates)))[name]


def test_the_newest_article_counts_most_where_now_is_asked_about(tokens: StaticEmbedder):
    newest, oldest, between, undated = published(tokens, "现在有多少款？", "newest")
    assert (newest, oldest, undated) == (1, 0, 0) and 0.4 < between < 0.7
    assert published(tokens, "有多少款？", "newest") == [0, 0, 0, 0]
    assert published(tokens, "2024年现在有多少款？", "newest") == [0, 0, 0, 0]
    assert published(tokens, "现在有多少款？", "newest", ["2024", "2024"]) == [0, 0]


def test_what_appeared_later_than_the_day_as_of_which_is_asked_is_known(tokens: StaticEmbedder):
    dates = ("2024-06-01", "2024-05-31", "2024", "2025", None)
    assert published(tokens, "截至2024年5月有多少款？", "later", dates) == [1, 0, 0, 1, 0]
    assert published(tokens, "2024年5月有多少款？", "later", dates) == [0, 0, 0, 0, 0]


def test_length_counts_up_to_four_hundred_characters(tokens: StaticEmbedder):
    assert one(tokens, "length", "桥", "茶" * 100, "茶" * 400, "茶" * 900) == pytest.approx([0.25, 1.0, 1.0])


def test_a_passage_is_weighed_in_the_words_of_the_question(tokens: StaticEmbedder):
    looked_for = Sought("经信委的补贴", {"经信委": 1.0}, asked_when("", None))
    candidates = [passage("市经济信息化委发放补贴。", title="市经济信息化委")]
    plain = features(looked_for, candidates, tokens)[0]
    rephrased = features(looked_for, candidates, tokens, lambda text: text.replace("市经济信息化委", "经信委"))[0]
    for name in ("late", "title", "coverage", "phrases"):
        assert rephrased[FEATURES.index(name)] > plain[FEATURES.index(name)]
