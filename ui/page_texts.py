"""The words of the page and of the API, in both languages."""

import re

from index.errors import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")

_TEXTS: dict[str, tuple[str, str]] = {
    "name": ("有据", "youju"),
    "html_lang": ("zh-CN", "en"),
    "other_language": ("English", "中文"),
    "tagline": ("每一句回答，都有原文可查", "Every sentence shows the passage it rests on"),
    "welcome": ("请就本单位的文章提问", "Ask about your organisation's articles"),
    "welcome_more": (
        "回答只用文章里的原话。点开句末的编号，就能看到它所依据的段落；文章里没有的，会直接说没有。",
        "Answers use the articles' own words. Open the number after a sentence to see the passage it rests on. "
        "If the articles do not say, you are told so.",
    ),
    "welcome_model": (
        "回答由语言模型根据文章写成，每句都与原文核对过。点开句末的编号，就能看到它所依据的段落；"
        "文章里没有的，会直接说没有。",
        "Answers are written by a language model from the articles, and every sentence is verified. Open the number "
        "after a sentence to see the passage it rests on. If the articles do not say, you are told so.",
    ),
    "examples": ("可以这样问", "For example"),
    "question": ("问题", "Question"),
    "placeholder": ("请输入问题，按回车发送", "Type a question, press Enter to send"),
    "send": ("发送", "Send"),
    "new": ("新对话", "New conversation"),
    "you": ("提问", "You asked"),
    "answer": ("回答", "Answer"),
    "talk": ("对话", "Conversation"),
    "searching": ("正在文章里查找…", "Searching the articles…"),
    "searched": ("结合上文，按“{}”查找", "Searched in context as “{}”"),
    "asking": (
        "正在请语言模型作答，每句都会先核对…",
        "The language model is writing; every sentence is checked first…",
    ),
    "by_excerpt": ("原文摘录", "Excerpts"),
    "by_model": ("语言模型作答，已逐句核对", "Language model, each sentence verified"),
    "some_unverified": (
        "标为“未证实”的 {} 句在文章里没有找到依据，请勿采信。",
        "{} sentence(s) marked as unverified have no support in the articles: do not rely on them.",
    ),
    "some_dropped": (
        "语言模型写的 {} 句在文章里没有找到依据，已略去。",
        "{} sentence(s) of the language model had no support in the articles and were left out.",
    ),
    "partial": ("文章只回答了问题的一部分。", "The articles answer only a part of the question."),
    "sources": ("依据", "Sources"),
    "nearest": ("最接近的段落", "Nearest passages"),
    "nearest_more": (
        "这些段落与问题最接近，但不足以作为回答的依据。",
        "These passages are nearest to the question, but do not support an answer.",
    ),
    "show_sources": ("查看 {} 处依据", "Show sources ({})"),
    "show_nearest": ("查看最接近的段落", "Show the nearest passages"),
    "no_sources": (
        "提问之后，这里会列出回答所依据的原文。",
        "After a question, the passages behind the answer appear here.",
    ),
    "source_n": ("依据 {}", "Source {}"),
    "original": ("原文", "Original"),
    "copy": ("复制", "Copy"),
    "copied": ("已复制", "Copied"),
    "close": ("关闭", "Close"),
    "fault": (
        "系统出了问题，没能回答（编号 {}）。请稍后再试，或把编号告诉管理员。",
        "Something went wrong (id {}). Please try again later, or tell the administrator the id.",
    ),
    "lost": (
        "没能送达：连接中断，或系统正忙。请稍后再试，或重新打开本页。",
        "Not delivered: the connection was lost, or the system is busy. Try again later, or reload the page.",
    ),
    "noscript": ("本页需要启用 JavaScript。", "This page needs JavaScript."),
    "about_article": ("《{}》讲了什么？", "《{}》讲了什么？"),
    "filter": ("筛选", "Filter"),
    "filter_publisher": ("发布方", "Publisher"),
    "filter_any": ("不限，可输入名称的一部分", "any; a part of its name will do"),
    "filter_since": ("发布日期从", "Published from"),
    "filter_until": ("到", "to"),
    "filter_clear": ("清除", "Clear"),
    "filtered": ("筛选：{}", "Filter: {}"),
    "comma": ("、", ", "),
    "period": ("{} 至 {}", "{} to {}"),
    "since": ("{} 起", "from {}"),
    "until": ("{} 止", "up to {}"),
    "within_filter": (
        "筛选范围内的 {} 篇文章里没有找到；取消筛选，就在全部文章里找。",
        "Not found in the articles of the filter ({}); without the filter, all are searched.",
    ),
    "empty_filter": (
        "筛选范围内没有文章{}；请放宽条件。",
        "No article is within the filter{}; widen it.",
    ),
    "dates_there_are": ("（现有文章的日期从 {} 到 {}）", " (there are dates from {} to {})"),
    "unknown_publisher": (
        "没有哪个发布方的名称含“{}”；有的是：{}。",
        "No publisher's name holds “{}”; there are: {}.",
    ),
    "and_more": (" 等 {} 个", " and more, {} in all"),
    "no_publishers": (
        "文章都没有注明发布方，不能按发布方筛选。",
        "No article names its publisher: it cannot be filtered by.",
    ),
    "not_json": ("请求不是合法的 JSON：{}", "the request is not valid JSON: {}"),
    "not_object": (
        '请求应为 JSON 对象，例如 {"question": "…"}',
        'the request must be a JSON object, such as {"question": "…"}',
    ),
    "wrong_field": ("{} 不对：应为{}", "{} is wrong: expected {}"),
    "a_text": ("文字", "a text"),
    "a_history": ('[{"q": "…", "a": "…"}]', '[{"q": "…", "a": "…"}]'),
    "a_number": (" 1 到 50 的整数", "a whole number from 1 to 50"),
    "a_length": (" 0 到 2000 的整数", "a whole number from 0 to 2000"),
    "a_choice": (" true 或 false", "true or false"),
    "unavailable": ("索引暂时不可用（编号 {}），请稍后再试", "the index is not available (id {}), try again later"),
}


def table(language: Language) -> dict[str, str]:
    """Every text in one language."""
    return {key: pair[0 if language == "zh" else 1] for key, pair in _TEXTS.items()}


def preferred(accept_language: str, default: Language) -> Language:
    """The first of our languages that an Accept-Language header names; browsers send them in order of preference."""
    for tag in re.findall(r"[A-Za-z]+", accept_language[:200]):
        if tag.lower() in ("zh", "en"):
            return "zh" if tag.lower() == "zh" else "en"
    return default
