"""A small world of real articles to index, and ways to look at it."""

import json
import sqlite3
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.config import IndexConfig
from index.library import FILE
from index.reader import Index, open_index
from index.types import ANYBODY, Article, Filter, UpdateReport
from index.writer import update

TEA = "云岫茶厂2023年春茶产量为6.5万斤，比上年增长两成。厂长陈望舒说，今年新开了三条生产线。"
BRIDGE = "青石桥建于1912年，全长48米，有五个桥孔。2021年大修时，工人在桥墩里发现了一枚铜钱。"
LIBRARY = "海州图书馆新馆藏书180万册，每周一闭馆。馆长林书明介绍，儿童阅览室可容纳两百人。"
SALARY = "薪酬委员会决定，明年的绩效奖金池为三千万元，由人力资源部在三月前发放。"


@dataclass
class World:
    """A folder of sources and the index that is made of it."""

    folder: Path
    config: IndexConfig
    opened: list[Index] = field(default_factory=list)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def write_lines(self, name: str, *records: dict[str, object]) -> None:
        self.write(name, "".join(json.dumps(record) + "\n" for record in records))

    def remove(self, name: str) -> None:
        (self.folder / name).unlink()

    def set(self, **changes: object) -> None:
        self.config = replace(self.config, **changes)

    def update(self) -> UpdateReport:
        return update(self.config)

    def open(self) -> Index:
        self.opened.append(open_index(self.config))
        return self.opened[-1]

    def sql(self, query: str, *values: object) -> list[tuple]:
        """Ask the database itself, or change it; asking leaves its log alone."""
        mode = "ro" if query.startswith("SELECT") else "rwc"
        connection = sqlite3.connect(f"file:{self.config.home / FILE}?mode={mode}", uri=True)
        try:
            with connection:
                return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def last_row(self) -> int:
        """The highest passage row that was ever given."""
        return self.sql("SELECT seq FROM sqlite_sequence WHERE name = 'passages'")[0][0]

    def rows(self) -> list[int]:
        """The passage rows of the live articles: a row that was embedded again has another number."""
        query = "SELECT p.row FROM passages p JOIN articles a ON a.row = p.article WHERE a.died IS NULL ORDER BY 1"
        return [row for (row,) in self.sql(query)]


def article(text: str, **fields: object) -> Article:
    return Article(**{"id": "a", "title": "题", "source": "a", **fields, "text": text})


def texts(index: Index, question: str, only: Filter = ANYBODY) -> list[str]:
    """The passages that both legs find for a question, the best of the dense leg first."""
    vector = index.embedder.encode([question], kind="query")[0]
    rows = [*index.dense(vector, 20, only).rows, *index.lexical(index.words(question), 20, only).rows]
    found = {f.row: f.passage.text for f in index.passages(rows, only)}
    return [found[row] for row in dict.fromkeys(rows)]
