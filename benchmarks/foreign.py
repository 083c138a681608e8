"""How often questions are refused: those that the articles cannot answer, and those that they can.

    python benchmarks/foreign.py [--shared ../shared] [--home DIR]

Asks through `youju ask --batch`. Foreign are encyclopaedia questions, Chinese and English, and small talk over the
bundled corpus; answerable are the questions of public sets over their own articles. Prints a Markdown table.
"""

import argparse
import gzip
import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

from speed import ROOT, machine, run, shared_or_none

SMALL_TALK = [
    "你好",
    "谢谢",
    "食堂几点开门",
    "今天天气怎么样",
    "帮我写一首诗",
    "DROP TABLE users",
    "怎么减肥最快",
    "推荐一部电影",
    "我女朋友生气了怎么办",
    "世界杯冠军是谁",
    "如何做红烧肉",
    "股票代码600000是什么",
    "苹果手机多少钱",
    "讲个笑话",
    "1+1等于几",
    "你是谁",
    "How do I cook pasta?",
    "What is the capital of France?",
    "Tell me a joke",
    "who won the world cup",
    "asdfgh qwerty",
    "の食べ物は何ですか",
    "明天去哪里玩",
    "高考分数线是多少",
    "怎么办理护照",
    "请把电话给我",
    "晚饭吃什么",
    "电影票在哪里买",
    "猫为什么怕水",
    "床前明月光的下一句",
]
OWN = {
    "cmrc2018_dev": "cmrc2018_dev",
    "drcd_devtest": "drcd_devtest",
    "xquad_en2zh": "xquad_zh",
    "xquad_zh2en": "xquad_zh2en",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "youju-foreign")
    options = parser.parse_args()
    if shared_or_none(options.shared / "bench") is None:
        return
    shared = options.shared
    print(f"{machine()}\n\n| questions | over | n | refused |\n|---|---|---|---|")
    corpus = ROOT / "corpus"
    with gzip.open(shared / "train" / "zh_qa_passage.jsonl.gz", "rt", encoding="utf-8") as lines:
        encyclopaedia = [r["question"] for r in map(json.loads, lines) if r["source"] == "cmrc2018_train"]
    report("foreign, Chinese encyclopaedia", corpus, sample(encyclopaedia, 300), options.home)
    english = questions(shared / "bench" / "xquad_en2zh.jsonl")
    report("foreign, English encyclopaedia", corpus, sample(english, 300), options.home)
    report("foreign, small talk", corpus, SMALL_TALK, options.home)
    for name, articles in OWN.items():
        own = sample(questions(shared / "bench" / f"{name}.jsonl"), 300)
        report(f"answerable, {name}", shared / "bench" / f"{articles}.corpus.jsonl.gz", own, options.home)


def questions(path: Path) -> list[str]:
    return [json.loads(line)["question"] for line in path.read_text(encoding="utf-8").splitlines()]


def sample(population: Sequence[str], count: int) -> list[str]:
    return random.Random(3).sample(population, min(count, len(population)))


def report(what: str, articles: Path, asked: Sequence[str], home: Path) -> None:
    home = home / articles.name
    run("index", articles, "--home", home)
    batch = home.parent / "questions.jsonl"
    batch.write_text("".join(json.dumps({"id": str(i), "question": q}) + "\n" for i, q in enumerate(asked)), "utf-8")
    answers = run("ask", "--batch", batch, "--home", home).lines
    refused = sum(json.loads(line)["status"] == "no_evidence" for line in answers)
    print(f"| {what} | {articles.name.removesuffix('.corpus.jsonl.gz')} | {len(asked)} | {refused / len(asked):.3f} |")


if __name__ == "__main__":
    main()
