"""The words of the command line, in both languages."""

from typing import TYPE_CHECKING

from index.errors import Language

if TYPE_CHECKING:
    from index.types import Manifest, UpdateReport

_TEXTS: dict[str, tuple[str, str]] = {
    "about": (
        "有据：在自己的文章里提问，每句回答都给出所依据的原文。",
        "youju: ask your own articles; every sentence shows the passage it rests on.",
    ),
    "examples": (
        "示例：\n"
        "  youju index 我的文章/\n"
        "  youju ask 上海有多少款大模型通过备案？\n"
        "  youju search 算力补贴 --k 3\n"
        "  youju serve\n"
        "  youju eval run eval/gold/bundled.jsonl",
        "examples:\n"
        "  youju index my-articles/\n"
        '  youju ask "How many large models has Shanghai filed?"\n'
        "  youju search 算力补贴 --k 3\n"
        "  youju serve\n"
        "  youju eval run eval/gold/bundled.jsonl",
    ),
    "verb": ("命令", "COMMAND"),
    "home": (
        "索引所在的文件夹（默认 .youju，或环境变量 YOUJU_HOME）",
        "folder of the index (default .youju, or YOUJU_HOME)",
    ),
    "config": ("配置文件（默认 youju.toml）", "configuration file (default youju.toml)"),
    "question": ("问题", "the question"),
    "batch": (
        "逐行读取 JSON：{id, question, history?, date?}",
        "JSON Lines of {id, question, history?, date?}",
    ),
    "groups": ("提问者所属的组，用逗号分隔", "groups of the asker, separated by commas"),
    "date": ("把这一天当作今天", "take this day for today"),
    "json": ("以 JSON 输出", "print JSON"),
    "k": ("给出几篇文章（默认 10）", "how many articles (default 10)"),
    "index": (
        "让索引与文章一致：新增、更改、删除",
        "bring the index in line with the articles: add, change, remove",
    ),
    "paths": ("文件或文件夹（默认配置里的 index.sources）", "files or folders (default: index.sources)"),
    "ask": ("提问，得到带引用的回答", "ask, and get an answer with citations"),
    "search": ("只查找段落", "find passages only"),
    "serve": (
        "打开问答页面和接口；没有索引时先建立",
        "open the page and the API; builds the index first if there is none",
    ),
    "host": ("监听的地址（默认 127.0.0.1）", "address to listen on (default 127.0.0.1)"),
    "port": ("监听的端口（默认 7860）", "port to listen on (default 7860)"),
    "status": ("索引里有什么", "what the index holds"),
    "eval": ("用标准问题集测量回答的质量", "measure the answers on a gold question set"),
    "eval_run": ("回答问题集里的每一题并打分", "answer each question of a gold set and score it"),
    "gold": ("问题集（JSON Lines）", "gold set (JSON Lines)"),
    "out": (
        "逐题结果写到哪里（默认 runs/ 下）",
        "where to write the result of each question (default: below runs/)",
    ),
}


def table(language: Language) -> dict[str, str]:
    """Every text in one language."""
    return {key: pair[0 if language == "zh" else 1] for key, pair in _TEXTS.items()}


def report(found: "UpdateReport", language: Language) -> str:
    """What an update did, one line, then a line for each refused source."""
    counts = len(found.added), len(found.changed), len(found.removed), len(found.unchanged), len(found.failed)
    form = (
        "新增 {} 篇，更改 {} 篇，删除 {} 篇，未变 {} 篇，未能读取 {} 个"
        if language == "zh"
        else "{} added, {} changed, {} removed, {} unchanged, {} refused"
    )
    refused = [f"  {r.source}: {r.reason.say(language)}" for r in found.failed]
    return "\n".join([form.format(*counts), *refused])


def manifest(found: "Manifest", home: str, language: Language) -> str:
    """What an index holds."""
    form = (
        "索引 {}：{} 篇文章，{} 个段落，第 {} 版，建立于 {}，模型 {}"
        if language == "zh"
        else "index {}: {} articles, {} passages, generation {}, built {}, model {}"
    )
    return form.format(home, found.articles, found.passages, found.generation, found.built_at, found.model)
