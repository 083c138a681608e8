"""Answers with a language model, asked over HTTP: what it writes is shown as supported only where articles say it."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from llm_server import (
    LlmServer,
    cuts_off,
    event,
    fails,
    floods,
    obeys,
    says,
    sends,
    serving,
    stalls,
)

from rag.assistant import Assistant
from rag.config import Config
from rag.endpoint import LlmConfig, Secret
from rag.types import Answer, Question

KEY = "sk-0123456789-CANARY"
HOW_MANY = "海州有多少款大模型通过备案？"
MAY, JUNE = "截至2024年5月6日，海州共有24款大模型通过备案", "截至2024年6月中旬，海州通过备案的大模型有34款"
Say = Callable[..., Answer]


@pytest.fixture(scope="module")
def server() -> Iterator[LlmServer]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def llm(server: LlmServer) -> LlmConfig:
    return LlmConfig(
        base_url=server.base_url,
        model="test",
        key=Secret(KEY),
        connect_seconds=2,
        silent_seconds=5,
        seconds=10,
    )


@pytest.fixture(scope="module")
def written(config: Config, llm: LlmConfig) -> Assistant:
    return Assistant(replace(config, llm=llm))


@pytest.fixture
def say(server: LlmServer, written: Assistant) -> Say:
    """Ask, with the model's replies: `say(question, reply, …)`."""

    def one(question: str, *replies: object) -> Answer:
        server.script(*(says(r) if isinstance(r, str) else r for r in replies))
        answer = written.ask(Question(question))
        assert_proved(answer)
        return answer

    return one


def assert_proved(answer: Answer) -> None:
    """Every mark has its citation and every citation its mark; each quote stands in its article where it says."""
    texts = {h.article.id: h.article.text for h in answer.hits}
    shown = [int(n) for n in re.findall(r"\[(\d+)\]", answer.text)]
    assert list(dict.fromkeys(shown)) == [c.number for c in answer.citations] == [*range(1, len(answer.citations) + 1)]
    for c in answer.citations:
        assert c.quote and texts[c.article_id][c.start : c.end] == c.quote
    assert all(sentence in answer.text for sentence in answer.unverified)


def number_of(server_prompt: str, words: str) -> int:
    """The number under which the prompt holds a passage with these words."""
    block = next(b for b in server_prompt.split("</passage>") if words in b)
    return int(re.findall(r'<passage number="(\d+)"', block)[-1])


def test_a_good_answer_is_shown_with_its_citations_numbered_as_they_come(say: Say):
    both = lambda a: f"{MAY}[{number_of(a.user, '24款')}]。{JUNE}[{number_of(a.user, '34款')}]。"  # noqa: E731
    answer = say(HOW_MANY, obeys(both))
    assert (answer.mode, answer.status, answer.dropped, answer.note) == ("llm", "answered", 0, None)
    assert answer.text == f"{MAY}。[1]{JUNE}。[2]"
    assert [(c.article_id, c.quote) for c in answer.citations] == [("may", f"{MAY}。"), ("june", f"{JUNE}。")]


def test_a_quote_is_the_sentence_that_carries_the_claim(say: Say):
    answer = say("海州图书馆馆长是谁？", "海州图书馆的馆长是林书明[1]。")
    assert [c.quote for c in answer.citations] == ["馆长林书明介绍，儿童阅览室可容纳两百人。"]
    answer = say("青石桥大修时发现了什么？", "2021年大修时，工人发现了一枚铜钱[1]。")
    assert [c.quote for c in answer.citations] == ["2021年大修时，工人在桥墩里发现了一枚铜钱。"]


def test_a_citation_of_the_wrong_passage_is_mended(say: Say):
    wrong = lambda a: f"{JUNE}[{number_of(a.user, '24款')}]。"  # noqa: E731
    answer = say(HOW_MANY, obeys(wrong))
    assert (answer.status, answer.dropped) == ("answered", 0)
    assert [c.article_id for c in answer.citations] == ["june"]


def test_a_sentence_without_a_mark_finds_its_passage_where_others_are_marked(say: Say):
    answer = say(HOW_MANY, obeys(lambda a: f"{MAY}[{number_of(a.user, '24款')}]。{JUNE}。"))
    assert answer.text == f"{MAY}。[1]{JUNE}。[2]" and answer.status == "answered"


@pytest.mark.parametrize(
    "wrong",
    [
        "海州共有99款大模型通过备案[1]。",
        "海州共有24万款大模型通过备案[1]。",
        "截至2024年7月，海州通过备案的大模型有34款[2]。",
        "海州的大模型由陈望舒备案[1]。",
        "据《海州周刊》报道，海州有24款大模型通过备案[1]。",
        "海州大模型通过备案的数量位居全国第一[1]。",
        "海州有24款大模型通过备案[77]，占全国的八成。",
    ],
)
def test_what_nothing_supports_is_marked_and_counted_beside_what_is_supported(say: Say, wrong: str):
    answer = say(HOW_MANY, obeys(lambda a: f"{JUNE}[{number_of(a.user, '34款')}]。{wrong}"))
    plain = re.sub(r"\[\d+\]", "", wrong)
    assert (answer.mode, answer.status, answer.dropped) == ("llm", "partial", 1)
    assert answer.text == f"{JUNE}。[1]{plain}（未证实）" and answer.unverified == (f"{plain}（未证实）",)


def test_what_nothing_supports_is_left_out_where_that_is_configured(server: LlmServer, config: Config, llm: LlmConfig):
    server.script(says(f"海州共有99款大模型通过备案[1]。{JUNE}[1][2]。"))
    answer = Assistant(replace(config, llm=replace(llm, unverified="drop"))).ask(Question(HOW_MANY))
    assert answer.text == f"{JUNE}。[1]" and (answer.status, answer.dropped, answer.unverified) == ("partial", 1, ())


def test_what_has_nothing_to_do_with_the_question_is_not_even_shown_as_unverified(say: Say):
    answer = say(HOW_MANY, obeys(lambda a: f"{JUNE}[{number_of(a.user, '34款')}]。祝您生活愉快，再见！云岫有茶[1]。"))
    assert answer.text == f"{JUNE}。[1]" and (answer.status, answer.dropped, answer.unverified) == ("partial", 2, ())


@pytest.mark.parametrize(
    ("question", "mixed"),
    [
        (HOW_MANY, "截至2024年6月中旬，海州共有24款大模型通过备案"),
        (HOW_MANY, "截至2024年5月6日，海州有34款大模型通过备案"),
        ("海州图书馆和云岫茶厂的负责人各是谁？", "云岫茶厂的厂长是林书明"),
        ("青石桥和海州图书馆各有多大？", "青石桥藏书180万册"),
    ],
)
@pytest.mark.parametrize("marks", ["", "[1]", "[2]", "[1][2]", "[2][1]", "[1][2][3][4][5][6][7][8]"])
def test_what_is_mixed_from_two_passages_is_not_supported(say: Say, question: str, mixed: str, marks: str):
    answer = say(question, f"{mixed}{marks}。青石桥全长48米[1]。")
    assert mixed not in answer.text or f"{mixed}。（未证实）" in answer.unverified


def test_a_comparison_rests_on_both_its_passages(say: Say):
    compared = "海州通过备案的大模型从2024年5月6日的24款增加到2024年6月中旬的34款"
    for marks in ("[1][2]", "[2][1]", "[1]", "[2]"):
        answer = say(HOW_MANY, f"{compared}{marks}。")
        assert answer.mode == "llm" and answer.dropped == 0, marks
        assert {c.article_id for c in answer.citations} == {"may", "june"}


def test_one_clause_that_nothing_supports_fails_its_sentence(say: Say):
    mixed = lambda a: f"{MAY}[{number_of(a.user, '24款')}]，年底将有90款[{number_of(a.user, '34款')}]。{JUNE}[1]。"  # noqa: E731
    answer = say(HOW_MANY, obeys(mixed))
    assert answer.dropped == 1 and "90款。（未证实）" in answer.text and len(answer.citations) == 1


@pytest.mark.parametrize(
    "nothing", ["[0]", "段落中没有提到海州有多少款大模型。", "根据给出的段落，无法回答这个问题[0]。"]
)
def test_a_model_that_finds_nothing_is_told_in_our_words(say: Say, nothing: str):
    answer = say(HOW_MANY, nothing)
    assert (answer.mode, answer.status, answer.citations) == ("llm", "no_evidence", ())
    assert answer.text.startswith("文章里没有找到") and answer.note is None


def test_what_is_missing_makes_an_answer_partial(say: Say):
    answer = say(HOW_MANY, obeys(lambda a: f"{JUNE}[{number_of(a.user, '34款')}]。文章没有提到2025年的数量。"))
    assert (answer.text, answer.status, answer.dropped) == (f"{JUNE}。[1]", "partial", 0)


def test_a_question_that_is_foreign_to_the_articles_is_not_put_to_the_model(server: LlmServer, written: Assistant):
    server.script(says("火星上有三家银行[1]。"))
    answer = written.ask(Question("qwertyuiop zxcvbnm"))
    assert answer.status == "no_evidence" and server.asked == []


@pytest.mark.parametrize(
    ("reply", "named"),
    [
        (fails(400), "400"),
        (fails(401), "YOUJU_LLM_KEY"),
        (fails(403), "403"),
        (fails(404), "llm.base_url"),
        (fails(418), "418"),
        (fails(429, Retry_After="0.01"), "429"),
        (fails(429, Retry_After="3600"), "429"),
        (fails(429, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"), "429"),
        (fails(500, Retry_After="0.01"), "500"),
        (fails(503, Retry_After="0.01"), "503"),
        (cuts_off(f"{JUNE}[1][2]。然后"), "中途断开"),
        (cuts_off(f"{JUNE}[1][2]。然后", polite=True), "中途断开"),
        (sends(b""), "OpenAI"),
        (sends(b"<html>hello</html>", "text/html"), "OpenAI"),
        (sends(b"data: {]\n\n"), "OpenAI"),
        (sends(b"data: [1, 2]\n\n"), "OpenAI"),
        (sends(b'data: {"choices": [{"delta": 3}]}\n\n'), "OpenAI"),
        (sends(b'data: {"choices": 7}\n\n'), "OpenAI"),
        (sends(b"data: \xff\xfe\xfa\n\n"), "OpenAI"),
        (sends(b'{"choices": [{"message": {"content": "x"}}]}', "application/json"), "OpenAI"),
        (sends(b"\x1f\x8b\x08\x00", Content_Encoding="gzip"), "OpenAI"),
        (sends(b"", status=302, Location="http://192.0.2.1/v1"), "302"),
        (says(""), "什么也没有写"),
        (says("。。。 ——\n"), "什么也没有写"),
        (says("", finish="length"), "llm.max_tokens"),
        (says("截至2024年", finish="length"), "llm.max_tokens"),
        (says(f"{JUNE}[1][2]。", finish="content_filter"), "服务方"),
        (says(f"{JUNE}。{MAY}。"), "没有标明依据"),
        (says("阿巴阿巴[1]。哈哈哈哈[2]。"), "核实"),
        (floods(event("没完没了")), "过长"),
        (floods(event("没完。")), "没有标明依据"),
        (floods(b"x" * 65536), "过长"),
    ],
)  # fmt: skip
def test_a_model_that_fails_leaves_the_excerpts_and_a_line_that_says_why(say: Say, reply: object, named: str):
    started = time.perf_counter()
    answer = say(HOW_MANY, reply)
    assert time.perf_counter() - started < 3
    assert (answer.mode, answer.status) == ("extractive", "answered") and "34款" in answer.text
    assert answer.note and named in answer.note.zh and "摘录" in answer.note.zh and "excerpts" in answer.note.en
    assert "\n" not in answer.note.zh and KEY not in repr(answer)


@pytest.mark.parametrize(
    ("reply", "named"),
    [
        (stalls(), "llm.silent_seconds"),
        (stalls(f"{JUNE}[1][2]。然后"), "llm.silent_seconds"),
        (stalls(f"{JUNE}[1][2]。然后", noise=True), "llm.silent_seconds"),
        (says("海" * 900, piece=1, pause=0.05), "llm.seconds"),
    ],
)
def test_a_model_that_is_too_slow_leaves_the_excerpts(
    server: LlmServer, config: Config, llm: LlmConfig, reply: Callable[..., None], named: str
):
    hasty = Assistant(replace(config, llm=replace(llm, silent_seconds=0.3, seconds=0.8)))
    server.script(reply)
    started = time.perf_counter()
    answer = hasty.ask(Question(HOW_MANY))
    assert time.perf_counter() - started < 1.6
    assert answer.mode == "extractive" and answer.note and named in answer.note.zh and "34款" in answer.text
    assert server.asked[0].left.wait(2)


def test_a_model_that_is_down_or_unknown_leaves_the_excerpts(config: Config, llm: LlmConfig):
    for url, named in (("http://127.0.0.1:9/v1", "连接被拒绝"), ("http://nowhere.invalid/v1", "主机")):
        answer = Assistant(replace(config, llm=replace(llm, base_url=url))).ask(Question(HOW_MANY))
        assert answer.mode == "extractive" and answer.note and named in answer.note.zh


def test_an_error_is_tried_once_more_and_no_oftener(say: Say, server: LlmServer):
    good = says(f"{JUNE}[1][2]。")
    assert say(HOW_MANY, fails(429, Retry_After="0.01"), good).mode == "llm" and len(server.asked) == 2
    assert say(HOW_MANY, fails(503, Retry_After="0"), good).mode == "llm" and len(server.asked) == 2
    assert say(HOW_MANY, fails(500, Retry_After="0"), fails(500, Retry_After="0"), good).mode == "extractive"
    assert len(server.asked) == 2
    for once in (fails(401), fails(400), fails(429, Retry_After="60"), cuts_off("好")):
        assert say(HOW_MANY, once, good).mode == "extractive" and len(server.asked) == 1


def test_sentences_come_one_by_one_and_each_is_verified(server: LlmServer, written: Assistant):
    server.script(obeys(lambda a: f"{MAY}[{number_of(a.user, '24款')}]。{JUNE}[{number_of(a.user, '34款')}]。"))
    seen = []
    for answer in written.stream(Question(HOW_MANY)):
        assert_proved(answer)
        seen.append(answer.text)
    assert list(dict.fromkeys(seen)) == [f"{MAY}。[1]", f"{MAY}。[1]{JUNE}。[2]"]


def test_whoever_leaves_stops_the_model(server: LlmServer, written: Assistant):
    server.script(stalls(f"{JUNE}[1][2]。然后", seconds=20, noise=True))
    answers = written.stream(Question(HOW_MANY))
    next(answers)
    started = time.perf_counter()
    answers.close()
    assert server.asked[0].left.wait(2) and time.perf_counter() - started < 1.5


def test_no_more_replies_are_written_at_a_time_than_is_configured(server: LlmServer, config: Config, llm: LlmConfig):
    few = Assistant(replace(config, llm=replace(llm, at_once=1)))
    server.script(stalls(f"{JUNE}[1][2]。然后", noise=True), says(f"{JUNE}[1][2]。"))
    first = few.stream(Question(HOW_MANY))
    next(first)
    busy = few.ask(Question(HOW_MANY))
    assert busy.mode == "extractive" and busy.note and "正忙" in busy.note.zh
    first.close()
    deadline = time.monotonic() + 2
    while (again := few.ask(Question(HOW_MANY))).mode == "extractive" and time.monotonic() < deadline:
        time.sleep(0.02)
    assert again.mode == "llm"


def test_the_script_and_language_of_the_question_are_the_answers_too(say: Say, server: LlmServer):
    answer = say("海州有多少款大模型通過備案？", f"{JUNE}[1][2]。海州有90款[1]。")
    assert answer.text.startswith("截至2024年6月中旬，海州通過備案的大模型有34款。[1]") and "（未證實）" in answer.text
    assert "繁体中文" in server.asked[0].user
    answer = say("How many large models had passed in Haizhou?", f"{JUNE}[1][2]. Haizhou is to have 90 of them [1].")
    assert "(unverified)" in answer.text and server.asked[0].system.startswith("You answer")
    assert say("How many large models had passed in Haizhou?", "[0]").text.startswith("Not found in the articles")


def test_a_reply_that_goes_on_and_on_ends_after_a_while(say: Say, server: LlmServer):
    answer = say(HOW_MANY, floods(event(f"{JUNE}[1][2]。")))
    assert answer.mode == "llm" and answer.text == f"{JUNE}。[1]"
    assert server.asked[0].left.wait(2)


def test_a_sentence_that_the_last_token_cut_is_not_shown(say: Say):
    answer = say(HOW_MANY, says(f"{JUNE}[1][2]。{MAY[:-6]}", finish="length"))
    assert answer.text == f"{JUNE}。[1]" and (answer.status, answer.dropped) == ("partial", 0)


def test_what_is_said_twice_is_shown_and_counted_once(say: Say):
    answer = say(HOW_MANY, f"{JUNE}[1][2]。海州有90款大模型[1]。" * 4)
    assert answer.text == f"{JUNE}。[1]海州有90款大模型。（未证实）" and answer.dropped == 1


def test_thoughts_are_not_shown(say: Say):
    answer = say(HOW_MANY, f"<think>让我想想。有99款吗[1]？</think>\n\n{JUNE}[1][2]。")
    assert answer.text == f"{JUNE}。[1]" and answer.dropped == 0


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
def test_what_makers_send_besides_does_no_harm(say: Say, field: str):
    usage = b'data: {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}}\n\n'
    thought = event(finish="", **{field: "有99款吗"})
    parts = [event(role="assistant"), thought, thought, b": ping\n\n", event(JUNE, ""), event("[1][2]。", "")]
    answer = say(HOW_MANY, sends(b"".join([*parts, event(finish="stop"), usage, b"data: [DONE]\n\n"])))
    assert answer.text == f"{JUNE}。[1]" and answer.note is None


def test_a_follow_up_is_completed_before_it_is_put_to_the_model(server: LlmServer, written: Assistant):
    from rag.types import Turn

    server.script(says("海州图书馆的馆长是林书明[1]。"))
    answer = written.ask(Question("它的馆长是谁？", (Turn("海州图书馆藏书多少册？", "海州图书馆新馆藏书180万册。"),)))
    assert "海州图书馆" in server.asked[0].user.partition("<question>")[2] and "林书明" in answer.text
