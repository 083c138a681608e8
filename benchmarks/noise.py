"""How clean are the five scraped seed articles: noise gone, facts kept, metadata found.

    python -m benchmarks.noise [--write DIR]

Reads ../shared (seeds and gold/facts.md). Exits 1 if anything falls short, 2 if there is nothing to read.
"""

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from index.fold import fold
from index.sources import read_sources
from index.types import Article

SHARED = Path(__file__).resolve().parents[2] / "shared"
_FACT = re.compile(r"^- F(\d{3})-\d\d \|.*〔(.+)〕", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Noise:
    """One item of facts.md: what must be gone (in search form), and what must stand in its place."""

    seed: str
    name: str
    gone: tuple[str, ...]
    instead: str = ""


NOISE = (
    Noise("000", "like counter", ("-+1",)),
    Noise("000", "hotline", ("报料热线", "962866")),
    Noise("000", "e-mail", ("thepaper",)),
    Noise("000", "police record", ("公网安备",)),
    Noise("000", "news licence", ("许可证", "31120170006")),
    Noise("000", "telecom licence", ("2017116",)),
    Noise("000", "copyright line", ("2014-2025", "东方报业")),
    Noise("000", "pinyin", ()),
    Noise("000", "torn 越来", ("cè", "绢"), "离我们越来越近"),
    Noise("000", "torn 为用户", ("yàn", "脩"), "能够为用户提供智能的视频制作"),
    Noise("000", "著 for 着", ("随著", "著力"), "随着大模型"),
    Noise("001", "copyright notice", ("版权", "免责", "65363056")),
    Noise("001", "further reading", ("延伸阅读",)),
    Noise("001", "records", ("icp备", "公网安备")),
    Noise("001", "pinyin", ()),
    Noise("001", "torn 规模化先进", ("冗m",), "构建规模化先进算力调度"),
    Noise("001", "torn 规模化应用", ("疟",), "开展规模化应用和验证"),
    Noise("001", "著 for 着", ("著力",), "着力"),
    Noise("002", "field labels", ("标题:", "链接:", "总结:", "关键词:", "ai技术:", "行业:")),
    Noise("002", "heading twice (1)", ("让人工智能赋能生产,“为人所用”让",), "让人工智能赋能生产,“为人所用”"),
    Noise("002", "heading twice (2)", ("技术更重要”“建立",), "“建立创新生态比技术更重要”"),
    Noise("002", "heading twice (3)", ("加速发展人工智能",), "人工智能在上海加速发展"),
    Noise("002", "designer's credit", ("白浪",)),
    Noise("002", "picture agency", ("视觉中国", "资料图")),
    Noise("002", "app notice", ("请下载", "举报/反馈")),
    Noise("003", "masthead", ("北京青年报",)),
    Noise("003", "byline", ("李晔",)),
    Noise("003", "editor", ("倪家宁",)),
    Noise("003", "related reading", ("相关阅读", "gpt-4o", "门头沟", "117款", "江苏首个")),
    Noise("003", "comments", ("最新评论",)),
    Noise("004", "torn 日报", ("qǐng",), "转载自:解放日报"),
    Noise("004", "reposting notice", ("注明出处",)),
    Noise("004", "like request", ("点赞",)),
    Noise("004", "account line", ("上观号",)),
    Noise("004", "comment counter", ("全部评论",)),
    Noise("004", "pinyin", ()),
    Noise("004", "torn 专业", ("qū",), "足够专业"),
    Noise("004", "torn 专注于产业", ("诋",), "转向专注于产业平台建设"),
    Noise("004", "著 for 着", ("有著",), "有着"),
)
_TITLE = re.compile(r"^- 标题[:：](.+)$", re.MULTILINE)
_TONED = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]")

# Publisher in search form, date and address; None where the page tells nothing. The titles are read from facts.md.
METADATA = {
    "000": ("澎湃新闻", "2024-05-06", None),
    "001": ("中国电子报", None, None),
    "002": ("澎湃新闻", "2024-03", "https://baijiahao.baidu.com/s?id=1792728667498144240&wfr=spider&for=pc"),
    "003": ("解放日报", "2024-07-04", None),
    "004": ("解放日报", "2025", None),
}


def main() -> int:
    """Print the three counts; 0 if all are full."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--write", metavar="DIR", type=Path, help="write the cleaned texts there")
    options = parser.parse_args()
    if not SHARED.is_dir():
        print(f"{SHARED} is not there", file=sys.stderr)
        return 2
    articles = {found.id[:3]: found for found in read_sources([SHARED / "seeds"]) if isinstance(found, Article)}
    if options.write:
        write(articles, options.write)
    texts = {seed: squeezed(article.text) for seed, article in articles.items()}
    return max([count_noise(texts), count_facts(texts), count_metadata(articles)])


def squeezed(text: str) -> str:
    """The form in which facts.md gives its keys: search form without white space."""
    return "".join(fold(text).split())


def count_noise(texts: dict[str, str]) -> int:
    """Print every item; 1 if one is left."""
    done = 0
    for item in NOISE:
        text = texts[item.seed]
        left = [part for part in item.gone if part in text]
        if item.name == "pinyin":
            left += _TONED.findall(text)
        if squeezed(item.instead) not in text:
            left.append(f"no {item.instead}")
        done += not left
        print(f"{item.seed} {item.name}: {'gone' if not left else 'LEFT ' + ', '.join(left)}")
    print(f"{done} of {len(NOISE)} noise gone")
    return int(done < len(NOISE))


def count_facts(texts: dict[str, str]) -> int:
    """Print the facts whose keys no longer stand in the text; 1 if there are any."""
    facts = _FACT.findall((SHARED / "gold" / "facts.md").read_text("utf-8"))
    kept = 0
    for seed, keys in facts:
        missing = [key for key in keys.split("//") if squeezed(key) not in texts[seed]]
        kept += not missing
        if missing:
            print(f"{seed} lost: {missing}")
    print(f"{kept} of {len(facts)} facts kept")
    return int(kept < len(facts))


def count_metadata(articles: dict[str, Article]) -> int:
    """Print what was expected and found; 1 if they differ. A title made from the first words is none of the page."""
    right = 0
    titles = _TITLE.findall((SHARED / "gold" / "facts.md").read_text("utf-8"))
    for (seed, expected), title in zip(METADATA.items(), titles, strict=True):
        article = articles[seed]
        has_title = not title.startswith("无")
        wanted = (squeezed(title) if has_title else None, *expected)
        found = (
            squeezed(article.title) if has_title else None,
            fold(article.publisher or "") or None,
            article.published,
            article.url,
        )
        right += found == wanted
        print(f"{seed} metadata: {'right' if found == wanted else f'expected {wanted}'} {found}; title {article.title}")
    print(f"{right} of {len(METADATA)} metadata right")
    return int(right < len(METADATA))


def write(articles: dict[str, Article], folder: Path) -> None:
    """The cleaned texts as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for article in articles.values():
        (folder / article.source).write_text(article.text + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
