"""Cleaning takes noise out of scraped text and leaves clean text alone."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.clean import clean, fold

# A glosser that works on bytes, as met in the wild: it writes the reading behind the two bytes of a character,
# also where they are the end of one character and the beginning of the next.
READINGS = {
    "國": "guó", "學": "xué", "業": "yè", "為": "wèi", "書": "shū", "館": "guǎn", "開": "kāi", "機": "jī",
    "報": "bào", "驗": "yàn", "請": "qǐng", "驅": "qū", "冊": "cè", "應": "yīng", "進": "jìn", 
    "門": "mén", "幾": "jǐ", "點": "diǎn", "讀": "dú", "萬": "wàn", "廳": "tīng", "萊": "lái", "來": "lái",
}  # fmt: skip
LIBRARY = "圖書館每天早上八點開門，大學的讀者們可以進館借書。廳里有幾萬冊書，也有上機的地方。我國的書館業正在發展。"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def glossed(text: str) -> str:
    """`text` as the byte glosser and a GBK decoder leave it: glosses, torn characters, ASCII signs."""
    data = text.encode("gbk")
    for char, sound in READINGS.items():
        data = data.replace(char.encode("gbk"), f"{char}({sound})".encode("gbk"))
    return "".join(decoded(data)).translate(_FULL_WIDTH)


def decoded(data: bytes):
    """GBK as lenient decoders read it: a pair that cannot be is one "?", an undefined pair is nothing."""
    at = 0
    while at < len(data):
        size = 1 if data[at] < 0x80 else 2
        pair = data[at : at + size]
        at += size
        try:
            yield pair.decode("gbk")
        except UnicodeDecodeError:
            yield "?" if pair[-1] < 0x40 or len(pair) < size else ""


def test_glosses_are_removed():
    assert glossed("書館") == "書(shū)館(guǎn)"
    assert clean(glossed(LIBRARY)) == LIBRARY.replace("，", ",")


@pytest.mark.parametrize(
    "sentence",
    [
        "能夠為用戶提供借書卡",  # 夠為 holds the bytes of 驗
        "我們越來越近",  # 們越 holds the bytes of 冊
        "昨天的日報",  # 日報 holds the bytes of 請, and the gloss of 報 follows
        "足夠專業",  # 夠專 holds the bytes of 驅, and a pair that GBK leaves undefined vanishes
        "轉向專注于產業",
    ],
)
def test_torn_characters_are_mended(sentence):
    torn = glossed(LIBRARY + sentence + "。")
    assert "?" in torn
    assert clean(torn).endswith(sentence + "。")


def test_real_text_in_brackets_stays_in_a_glossed_file():
    text = LIBRARY.replace("，", ",") + "模型(ai)、基礎設施(AI Infra)、第八項(8)和(2023-2025年)。"
    assert clean(glossed(text)) == text


def test_a_lesson_about_pinyin_is_not_a_glossed_file():
    lesson = "妈(mā)、麻(má)、马(mǎ)、骂(mà)四个字的声调不同，吗(ma)是轻声。"
    assert clean(lesson) == lesson


def test_a_question_mark_in_a_glossed_file_stays():
    text = glossed(LIBRARY) + "這是真的嗎?我想是的?"
    assert clean(text).endswith("這是真的嗎?我想是的?")


@pytest.mark.parametrize(
    "line",
    [
        "- +1",
        "- 报料热线: 010-12345678",
        "新聞熱線：010-12345678",
        "京公网安备11010102000001号",
        "京ICP备12345678号-2",
        "互联网新闻信息服务许可证:11120170001",
        "© 2010-2025 某某有限公司",
        "? 2010-2025 某某報業有限公司",
        "Copyright © 2024 Example Ltd. All rights reserved.",
        "版权所有:某某信息网",
        "【版權及免責聲明】凡本網所屬作品，轉載時須註明來源。違者必究。",
        "责任编辑:张三",
        "编辑/李四 王五",
        "文/赵六",
        "最新评论",
        "全部評論 (0)",
        "举报/反馈",
        "觉得不错请点赞!",
        "欢迎转发,但请注明出处“某单位”",
        "公众号作者:某单位",
    ],
)
def test_page_furniture_is_removed(line):
    assert clean(f"馆里新开了一间阅览室。\n{line}\n周日也开放。") == "馆里新开了一间阅览室。\n周日也开放。"


@pytest.mark.parametrize(
    "text",
    [
        "该馆重视版权，声明转载须获授权，举报电话为12345。",
        "联系电话: 010-12345678",
        "客服电话：12345",
        "(记者 张三)",
        "转自:某某日报",
        "许可证的办理需要三天。",
        "编辑工作由张三负责，责任编辑另有两人。",
        "他问:为什么?我答:不知道。",
        "1+1 等于 2，AI（人工智能）(8)",
        "相关阅读材料已经发给各位。",
        "The copyright of this work expired in 2010. It is free now.",
        "加油，加油，加油！哈哈哈哈哈哈哈哈哈哈哈哈哈哈",
        "第一段。\n\n第二段:\n- 一\n- 二\n\n| 表 | 格 |",
    ],
)
def test_text_that_only_mentions_such_things_stays(text):
    assert clean(text) == text


def test_related_reading_goes_to_the_end_or_to_the_next_text():
    links = "相关阅读\n别家的标题一\n别家报 2024-01-02\n别家的标题二\n"
    assert clean("正文一句。\n\n" + links) == "正文一句。"
    assert clean("正文一句。\n" + links + "正文又一句。") == "正文一句。\n正文又一句。"


def test_a_scrapers_fields_give_way_to_the_body():
    record = "标题: 新馆\n链接: https://example.org/\n总结: 新馆开了。\n关键词: 馆\nAI技术: 无\n行业: 文化\n"
    assert clean(record) == "新馆开了。"
    assert clean("标题: 关于新馆的通知\n新馆开了。") == "标题: 关于新馆的通知\n新馆开了。"


def test_a_heading_glued_in_twice_stands_once_on_its_own_line():
    before, after = "新馆开放已有三个月。" * 20, "读者纷纷前来" + "，借阅量不断上升" * 20 + "。"
    text = clean(f"{before}王五 设计阅览室迎来新读者阅览室迎来新读者{after}")
    assert text == f"{before}\n阅览室迎来新读者\n{after}"


def test_picture_credits_and_app_notices_in_the_text_are_removed():
    text = (
        "新馆开放已有三个月。" * 30
        + "视觉中国 资料图2月，馆里来了新书。(本文来自某新闻，更多原创资讯请下载“某新闻”APP)举报/反馈"
    )
    assert clean(text) == "新馆开放已有三个月。" * 30 + "\n2月，馆里来了新书。"


def test_full_width_letters_and_invisible_characters_are_normalised():
    assert clean("ＡＩ\u3000２０２４年\u200b，\ufeff（第１期）：\0好；") == "AI 2024年，（第1期）：好；"


def test_folding_joins_widths_scripts_and_cases():
    assert fold(" ＡＩ與硬件 ") == "ai与硬件"
    assert fold("隨著時間，著力推進，有著經驗") == "随着时间,着力推进,有着经验"
    assert fold("著名的原著，有著作權，顯著") == "著名的原著,有著作权,显著"


CHINESE = st.text(
    alphabet="的一是在上海人工智能大模型发展國學業書开。，？“”（）:/()+-12 \n著随有文编辑年?ＡAa", max_size=120
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(CHINESE, st.text(max_size=80)))
def test_cleaning_and_folding_twice_change_nothing_more(text):
    once = clean(text)
    assert clean(once) == once
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    "text", ["a!" * 500_000, "(" * 1_000_000, "1" * 1_000_000, "a" + "\u0301\u0327" * 50_000, "”" * 300_000]
)
def test_hostile_text_takes_linear_time(text):
    start = time.process_time()
    clean(text)
    fold(text)
    assert time.process_time() - start < 2  # 0.3 s on a quiet machine
