"""gather(): the sentences of hits at their places in the article."""

from worlds import article

from index.embed import StaticEmbedder
from index.fold import fold
from index.passages import split
from index.reader import Index
from rag.config import RetrieveConfig
from rag.evidence import Sentence, gather
from rag.rerank import rerank, sought
from rag.retrieve import retrieve
from rag.types import Hit


def hits_of(text: str, passage_chars: int = 220) -> list[Hit]:
    """Every passage of an article as a hit."""
    source = article(text)
    return [Hit(p, source, score=1.0, match=1.0) for p in split(source, passage_chars=passage_chars)]


def shown(text: str, **options: bool) -> list[str]:
    return [s.text for s in gather(hits_of(text), **options)]


def found(index: Index, tokens: StaticEmbedder, question: str) -> list[Hit]:
    folded, config = fold(question), RetrieveConfig()
    return rerank(sought(folded, None, index), retrieve(index, folded, config), tokens, config)


def test_sentences_are_slices_of_their_article(index: Index, tokens: StaticEmbedder):
    sentences = gather(found(index, tokens, "海州博物馆有哪些展厅"))
    assert len(sentences) > 10
    for sentence in sentences:
        assert sentence.text == sentence.hit.article.text[sentence.start : sentence.end]
        assert sentence.hit.passage.start <= sentence.start < sentence.end <= sentence.hit.passage.end
        assert sentence.text == sentence.text.strip() and sentence.folded == fold(sentence.text)


def test_headings_are_no_sentences():
    text = "青石桥的来历\n\n青石桥建于1912年，由两位石匠主持修建。\n\n修缮\n\n桥在2021年大修，换了三块石板，加了栏杆。"
    assert shown(text) == ["青石桥建于1912年，由两位石匠主持修建。", "桥在2021年大修，换了三块石板，加了栏杆。"]


def test_scraps_go_with_the_sentence_before_them_and_short_sentences_stand_alone():
    text = "小孩免票。成人门票为二十元，月票为二百元一张。（记者 林溪）\n转自：海州日报"
    assert shown(text) == ["小孩免票。", "成人门票为二十元，月票为二百元一张。（记者 林溪）\n转自：海州日报"]


def test_long_sentences_are_taken_apart_at_semicolons_unless_a_list_is_asked_for():
    items = [f"{n}楼是{'安静的' * 12}阅览室；" for n in "一二三四"]
    text = f"图书馆共有四层：{''.join(items)}"
    assert shown(text) == [f"图书馆共有四层：{items[0]}", *items[1:]]
    assert shown(text, whole_lists=True) == [text]


def test_a_sentence_that_fits_in_no_answer_is_cut_behind_commas():
    text = "，".join(["海州港的货轮从东码头驶向西码头"] * 40) + "。"
    parts = shown(text)
    assert "".join(parts) == text and all(len(part) <= 280 for part in parts)
    assert all(part[-1] in "，。" for part in parts)


def test_text_without_any_mark_is_cut_somewhere():
    text = "海州港" * 300
    parts = shown(text)
    assert "".join(parts) == text and all(len(part) <= 280 for part in parts)


def test_a_sentence_that_two_hits_hold_is_given_once():
    hits = hits_of("青石桥建于1912年，由两位石匠主持修建。桥在2021年大修，换了三块石板，加了栏杆。")
    assert len(gather([*hits, *hits])) == 2


def test_sentences_are_looked_at_in_the_questions_words_and_shown_in_their_own():
    (sentence,) = gather(hits_of("青石桥建于1912年。"), rephrase=lambda text: text.replace("青石桥", "老桥"))
    assert sentence.folded == "老桥建于1912年。" and sentence.text == "青石桥建于1912年。"


def test_no_hits_hold_no_sentences():
    assert gather([]) == []


def test_speaking_of_the_same_thing_is_a_share_of_the_best_sentences_match():
    (hit,) = hits_of("青石桥建于1912年。")
    best = Sentence(hit, 0, 3, "青石桥", late=1.0, words=0.8)
    assert Sentence(hit, 0, 3, "青石桥", late=0.65, words=0.4).speaks_of_what(best, words=0.5)
    assert not Sentence(hit, 0, 3, "青石桥", late=0.64, words=0.4).speaks_of_what(best, words=0.5)
    assert not Sentence(hit, 0, 3, "青石桥", late=0.65, words=0.39).speaks_of_what(best, words=0.5)
