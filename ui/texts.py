"""The words of the command line, in both languages."""

from typing import TYPE_CHECKING

from index.errors import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.listing import Missing
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
        "逐行读取 JSON：{id, question, history?, date?, filter?}",
        "JSON Lines of {id, question, history?, date?, filter?}",
    ),
    "groups": ("提问者所属的组，用逗号分隔", "groups of the asker, separated by commas"),
    "publisher": (
        "只找这个发布方的文章：名称或其一部分（可多次给出）",
        "only articles of this publisher: its name or a part of it (may be repeated)",
    ),
    "since": (
        "只找这一天起发布的文章：2024-05-06、2024-05 或 2024",
        "only articles published from this day on: 2024-05-06, 2024-05 or 2024",
    ),
    "until": ("只找到这一天为止发布的文章", "only articles published up to this day"),
    "path": (
        "只找路径合乎此式的文章，如 news/**（可多次给出）",
        "only articles whose path fits, such as news/** (may be repeated)",
    ),
    "date": ("把这一天当作今天", "take this day for today"),
    "json": ("以 JSON 输出", "print JSON"),
    "k": ("给出几篇文章（默认 10）", "how many articles (default 10)"),
    "explain": (
        "列出每个分数由哪些依据组成",
        "show what each score is made of",
    ),
    "context": (
        "连同段落前后各 N 个字以内的原文",
        "with the text of the article on both sides, up to N characters",
    ),
    "index": (
        "让索引与文章一致：新增、更改、删除",
        "bring the index in line with the articles: add, change, remove",
    ),
    "paths": ("文件或文件夹（默认配置里的 index.sources）", "files or folders (default: index.sources)"),
    "watch": (
        "一直运行：文章一变就更新索引（按 Ctrl-C 停止）",
        "keep running: update the index whenever an article changes (Ctrl-C to stop)",
    ),
    "purge": (
        "更新索引，并从索引文件夹里彻底抹去已删除的文字",
        "update the index, and erase from its folder every trace of deleted text",
    ),
    "export": (
        "把清洗后的文章连同来源信息写成 JSON Lines",
        "write the cleaned articles with their metadata as JSON Lines",
    ),
    "export_out": ("写到哪个文件（默认标准输出）", "file to write (default: standard output)"),
    "backup": (
        "把整个索引备份成一个文件；不必停下服务",
        "copy the whole index into one file, while it is in use",
    ),
    "restore": ("用备份替换索引", "put a backup in the index's place"),
    "backup_file": ("备份文件", "the backup"),
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


_FIELDS = {
    "title": ("标题", "title"),
    "publisher": ("发布方", "publisher"),
    "published": ("日期", "date"),
    "author": ("作者", "author"),
    "url": ("网址", "address"),
}
_SHOWN = 5  # articles named for each field that they lack


def report(found: "UpdateReport", language: Language) -> str:
    """What an update did, one line, then a line for each rename and for each refused source."""
    counted = (found.added, found.changed, found.removed, found.renamed, found.unchanged, found.failed)
    form = (
        "新增 {} 篇，更改 {} 篇，删除 {} 篇，改名 {} 篇，未变 {} 篇，未能读取 {} 个"
        if language == "zh"
        else "{} added, {} changed, {} removed, {} renamed, {} unchanged, {} refused"
    )
    lines = [form.format(*map(len, counted))]
    if found.repaired:
        lines.append(repaired(found.repaired, language))
    lines += [f"  {pair.old} → {pair.new}" for pair in found.renamed]
    lines += [f"  {r.source}: {r.reason.say(language)}" for r in found.failed]
    return "\n".join(lines)


def repaired(aside: str, language: Language) -> str:
    """That a damaged library was set aside."""
    return (
        f"索引数据库已损坏，已移到 {aside} 并从文章重建；确认无误后可用 youju purge 删除它"
        if language == "zh"
        else f"the index database was damaged: it was moved to {aside} and built again from the articles; "
        "youju purge removes it"
    )


def manifest(found: "Manifest", home: str, language: Language) -> str:
    """What an index holds."""
    form = (
        "索引 {}：{} 篇文章，{} 个段落，第 {} 版，建立于 {}，模型 {}"
        if language == "zh"
        else "index {}: {} articles, {} passages, generation {}, built {}, model {}"
    )
    return form.format(home, found.articles, found.passages, found.generation, found.built_at, found.model)


def reprints(count: int, language: Language) -> str:
    """How many articles repeat another one."""
    return f"其中 {count} 篇是转载" if language == "zh" else f"{count} of them are reprints"


def missing(found: "Sequence[Missing]", language: Language) -> list[str]:
    """Which metadata could not be found, a line a field, and how to give them."""
    if not found:
        return []
    zh = language == "zh"
    lines = [
        "文中没有找到（可写在 文章名.meta.toml 或配置的 [[index.metadata]] 里）："
        if zh
        else "not found in the articles (give them in ARTICLE.meta.toml or in [[index.metadata]]):"
    ]
    for one in found:
        names = ("、" if zh else ", ").join(one.articles[:_SHOWN]) + (" …" if len(one.articles) > _SHOWN else "")
        field = _FIELDS[one.field][0 if zh else 1]
        lines.append(
            f"  {field}：{len(one.articles)} 篇（{names}）" if zh else f"  {field}: {len(one.articles)} ({names})"
        )
    return lines


def exported(count: int, file: str, language: Language) -> str:
    """That an export was written."""
    return f"已把 {count} 篇文章写到 {file}" if language == "zh" else f"{count} articles written to {file}"


def backed_up(found: "Manifest", file: str, language: Language) -> str:
    """That a backup was written."""
    zh = f"已把 {found.articles} 篇文章、{found.passages} 个段落备份到 {file}"
    return zh if language == "zh" else f"{found.articles} articles, {found.passages} passages backed up to {file}"


def restored(found: "Manifest", home: str, language: Language) -> str:
    """That a backup was put in the place of an index."""
    zh = f"已恢复到 {home}：{found.articles} 篇文章，{found.passages} 个段落，建立于 {found.built_at}"
    en = f"restored to {home}: {found.articles} articles, {found.passages} passages, built {found.built_at}"
    return zh if language == "zh" else en
