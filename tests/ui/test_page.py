"""The page before a browser runs it, and the records that it is sent."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import ConfigError
from index.types import Article, Passage
from rag.assistant import Assistant
from rag.config import Config, load_config
from rag.types import Answer, Citation, Hit, Seconds
from tests.ui.served import HOSTILE_TITLE, Site
from ui import conversation, page_texts, panel, render
from ui.examples import examples
from ui.page_texts import preferred

TEXT = "第一段在前。\n\n甲句在此。乙句在此。丙句在此。\n\n末段在后。"


@pytest.fixture(scope="module")
def assistant(config) -> Assistant:
    return Assistant(config)


def an_answer(text: str, *quotes: str, hits: bool = True) -> Answer:
    article = Article("a", "题", TEXT, "a.md", url="https://a.example/x")
    passage = Passage("a", "甲句在此。乙句在此。丙句在此。", 8, 23)
    citations = tuple(
        Citation(n, "a", passage.id, "题", None, None, "a.md", q, TEXT.index(q), TEXT.index(q) + len(q))
        for n, q in enumerate(quotes, 1)
    )
    found = (Hit(passage, article, 1.0, match=1.0),) if hits else ()
    status = "answered" if quotes else "no_evidence"
    return Answer("问", "问", text, citations, found, status, "extractive", 0, Seconds(0, 0, 0))


def test_the_html_names_no_foreign_host(site: Site):
    for path in ("/", "/en/", "/config", "/theme.css", "/ui/page.css", "/ui/page.js", "/ui/panel.js"):
        reply = site.get(path)
        hosts = set(re.findall(rb"(?:https?:)?//([\w.-]+\.\w+)", reply.body))
        assert reply.status == 200
        # www.w3.org names the name space of an icon; nothing is asked there.
        assert hosts <= {b"127.0.0.1", b"www.w3.org"}, (path, hosts)


def test_each_page_says_its_language_and_the_other_is_one_parameter_away(site: Site):
    assert b'<html lang="zh-CN"' in site.get("/").body
    assert b'<html lang="en"' in site.get("/en/").body
    assert "<title>有据</title>" in site.get("/").body.decode()
    assert site.get("/?lang=en").headers["location"] == "en/"
    assert site.get("/en/?lang=zh").headers["location"] == "../"
    assert site.get("/?lang=zh").status == site.get("/?lang=xx").status == site.get("/?__theme=dark").status == 200
    assert site.request("HEAD", "/").status == 200


def test_the_page_stays_whole_for_a_client_that_takes_compression(site: Site):
    assert b"ui/page.js?" in site.get("/", Accept_Encoding="gzip, br").body


def test_the_host_header_of_a_stranger_does_not_become_script(site: Site):
    body = site.get("/", X_Forwarded_Host='"><script>alert(1)</script>').body
    assert b"<script>alert(1)" not in body


def test_a_star_among_the_frame_ancestors_is_refused_at_the_start(tmp_path: Path):
    for origin in ("*", "https://*.example", "https://a.example; script-src *", "portal.example"):
        file = tmp_path / "youju.toml"
        file.write_text(f'[serve]\nframe_ancestors = ["{origin}"]\n', "utf-8")
        with pytest.raises(ConfigError):
            load_config(file, {})


def test_every_text_of_the_page_is_there_in_both_languages():
    zh, en = page_texts.table("zh"), page_texts.table("en")
    for key, text in zh.items():
        assert text and en[key]
        assert text.count("{}") == en[key].count("{}")
    used = "".join(p.read_text("utf-8") for p in (Path(page_texts.__file__).parent / "assets").glob("*.js"))
    assert set(re.findall(r"\b(?:texts|say)\.(\w+)", used)) <= set(zh)


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "zh"), ("en", "en"), ("zh-TW,en", "zh"), ("fr,en;q=0.5", "en"), ("fr", "zh"), ("x" * 10**6, "zh")],
)
def test_the_first_language_we_speak_is_taken(header: str, language: str):
    assert preferred(header, "zh") == language


def test_examples_over_other_articles_ask_about_these_and_are_answered(assistant: Assistant):
    for language in page_texts.LANGUAGES:
        found = examples(assistant, language)
        assert not any("上海" in text or "AI" in text for text in found)
        assert all(assistant.ask(conversation.Question(text)).citations for text in found)
        assert not any("薪酬" in text for text in found)


def test_a_turn_is_searched_then_grows_by_a_sentence_and_is_remembered(assistant: Assistant):
    updates = list(conversation.reply(assistant, "zh", "云岫茶厂2023年春茶产量是多少？", ()))
    assert [u.turn["phase"] for u in updates][:1] == ["searching"]
    lengths = [len(u.turn["sentences"]) for u in updates[1:]]
    assert lengths == list(range(1, lengths[-1] + 1))
    assert updates[-1].turn["phase"] == "done" and updates[-1].box == ""
    (turn,) = updates[-1].history
    assert "6.5万斤" in turn.answer and "[1]" not in turn.answer


def test_a_turn_keeps_to_what_was_chosen_and_says_so(assistant: Assistant, config: Config):
    within = lambda chosen: conversation.Within(json.dumps(chosen), config.index.home)  # noqa: E731
    question = "云岫茶厂2023年春茶产量是多少？"
    *_, last = conversation.reply(assistant, "zh", question, (), within({"publisher": "茶业", "since": "2024-01-01"}))
    assert last.turn["filtered"] == "筛选：茶业 · 2024-01-01 起" and "6.5万斤" in last.turn["sentences"][0]["text"]
    *_, last = conversation.reply(assistant, "en", question, (), within({"publisher": "\ud800x"}))
    assert last.turn["cards"] == [] and "茶业报" in last.turn["note"] and "\ud800" not in last.turn["note"]
    *_, last = conversation.reply(assistant, "zh", question, (), conversation.Within("", config.index.home))
    assert last.turn["filtered"] is None and last.turn["note"] is None
    for wrong in ({"groups": ["hr"]}, {"since": "2024-13"}, {"publisher": "x" * 201}, [], 7):
        *_, last = conversation.reply(assistant, "zh", question, (), within(wrong))
        assert "不对" in last.turn["error"] and last.box == question
    *_, last = conversation.reply(assistant, "zh", question, (), conversation.Within("{", config.index.home))
    assert "不对" in last.turn["error"]


def test_a_question_that_cannot_be_asked_is_told_in_a_line_and_stays_in_the_box(assistant: Assistant):
    for text in ("", "长" * 3000):
        *_, last = conversation.reply(assistant, "en", text, ())
        assert last.turn["phase"] == "done" and "\n" not in last.turn["error"]
        assert last.box == text and last.history == () and len(last.turn["question"]) <= 201


def test_a_fault_is_told_by_its_id(caplog: pytest.LogCaptureFixture):
    *_, last = conversation.reply(None, "zh", "桥有多长？", ())  # type: ignore[arg-type]
    (id,) = re.findall(r"[0-9a-f]{8}", last.turn["error"])
    assert id in caplog.text and "NoneType" not in last.turn["error"]


def test_a_text_is_cut_after_its_marks_and_a_mark_without_citation_stays_text():
    answer = an_answer("甲。[1]乙[7]。[2][1]丙", "甲句在此。", "乙句在此。")
    found = [(s["text"], s["marks"], s["unverified"]) for s in render.marked_sentences(answer)]
    assert found == [("甲。", [1], False), ("乙[7]", [], False), ("。", [2, 1], False), ("丙", [], False)]


def test_the_text_is_cut_round_what_is_unverified_and_only_there():
    answer = replace(
        an_answer("甲（未证实）。[1]乙。（未证实）丙。[2]", "甲句在此。", "丙句在此。"), unverified=("乙。（未证实）",)
    )
    found = [(s["text"], s["marks"], s["unverified"]) for s in render.marked_sentences(answer)]
    assert found == [("甲（未证实）。", [1], False), ("乙。（未证实）", [], True), ("丙。", [2], False)]


def test_citations_of_one_passage_share_a_card_with_each_quote_marked():
    (card,) = panel.cards(an_answer("…", "丙句在此。", "甲句在此。"), "zh")
    assert card["numbers"] == [1, 2]
    assert [(p["kind"], p["text"], p["number"]) for p in card["parts"]] == [
        ("quote", "甲句在此。", 2),
        ("plain", "乙句在此。", None),
        ("quote", "丙句在此。", 1),
    ]
    assert card["line"] == "发布方不详 · 日期不详" and card["host"] == "a.example"


def test_a_card_shows_the_paragraph_round_its_passage_and_no_other():
    answer = an_answer("…", "乙句在此。")
    hit = replace(answer.hits[0], passage=Passage("a", "乙句在此。", 13, 18))
    citation = replace(answer.citations[0], passage_id=hit.passage.id)
    (card,) = panel.cards(replace(answer, hits=(hit,), citations=(citation,)), "en")
    assert [(p["kind"], p["text"]) for p in card["parts"]] == [
        ("around", "甲句在此。"),
        ("quote", "乙句在此。"),
        ("around", "丙句在此。"),
    ]


def test_overlapping_quotes_and_a_citation_without_a_hit_have_cards_of_their_own():
    assert len(panel.cards(an_answer("…", "甲句在此。乙", "乙句在此。"), "zh")) == 2
    (card,) = panel.cards(an_answer("…", "甲句在此。", hits=False), "zh")
    assert [p["text"] for p in card["parts"]] == ["甲句在此。"]


def test_without_evidence_the_nearest_passages_are_shown_unmarked():
    shown = render.answer_page(an_answer("没有。"), "zh")
    assert shown["heading"] == "最接近的段落" and shown["cards"][0]["numbers"] == []
    assert {p["kind"] for p in shown["cards"][0]["parts"]} == {"plain"}


def test_only_web_addresses_become_links(assistant: Assistant):
    for url in ("javascript:alert(1)", "data:text/html,x", "//x", "http://[", "file:///etc/passwd", "", None):
        assert panel._host(url) is None
    *_, last = conversation.reply(assistant, "zh", "雁回塔高多少米？", ())
    (card, *_) = last.turn["cards"]
    assert card["title"] == HOSTILE_TITLE and card["url"] is None
