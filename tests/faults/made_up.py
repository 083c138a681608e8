"""Made-up Chinese articles: the same for the same seed, each with a token and a figure that no other has.

A question about a place has one right answer, its figure, so that an answer can be checked without a reference.
"""

import json
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

LINES = "lines.jsonl"  # the articles whose ids have no suffix stand in this file, a line each
GROUPS = ("财务", "人事", "档案")
_NAMES = (
    *("云岫", "青石", "海州", "澄湖", "白鹭", "松坪", "雁荡", "梅溪", "石塘", "芦浦", "丹霞", "枫桥"),
    *("竹岭", "荷塘", "柳湾", "银滩", "鹤鸣", "桐庐", "蓝田", "紫阳", "泉州", "龙潭", "金沙", "碧峰"),
)
_TRADES = ("茶厂", "盐场", "窑厂", "果园", "纸坊", "酒坊", "油坊", "渔场", "糖厂", "药铺", "染坊", "船坞")
_PEOPLE = ("陈望舒", "林书明", "周子衡", "何思远", "吴清和", "郑克俭", "沈其昌", "许文渊", "罗静安", "高以宁")
_REMARKS = (
    "厂长{who}说，今年新开了{n}条生产线，还要再招{n}名学徒。",
    "仓库在河的北岸，离码头{n}里，雨季来临之前要修好屋顶。",
    "{who}从前是木匠，来这里已经{n}年，熟悉每一道工序。",
    "去年冬天下过{n}场大雪，山路封了几日，货物改由水路运出。",
    "村里的老人记得，这里原先只有{n}户人家，没有集市。",
    "每逢初{n}，附近几个镇上的人都来赶集，街上十分热闹。",
    "账目由{who}保管，一共{n}册，放在阁楼的樟木箱里。",
    "新修的水渠长{n}里，灌溉两岸的田地，旱年也不缺水。",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One version of an article. `token` and `figure` stand in this version only."""

    place: str
    token: str
    figure: str
    body: str
    groups: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """What `figure` is the answer to."""
        return f"{self.place}2023年产量是多少？"

    def as_file(self) -> str:
        """The Markdown of the article; its groups stand in front matter."""
        head = f"---\ngroups: [{', '.join(self.groups)}]\n---\n" if self.groups else ""
        return f"{head}# {self.place}\n\n{self.body}\n"

    def as_line(self, id: str) -> str:
        """The line of JSON Lines."""
        record = {"id": id, "title": self.place, "text": self.body, "groups": list(self.groups)}
        return json.dumps(record, ensure_ascii=False) + "\n"


State = Mapping[str, Piece]  # by article id


class Author:
    """Writes pieces; what it writes follows from the seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self._places = [f"{a}{b}{trade}" for a in _NAMES for b in _NAMES if a != b for trade in _TRADES]
        self.dice.shuffle(self._places)
        self._written = 0

    def piece(self, groups: tuple[str, ...] = ()) -> Piece:
        """An article about a place that no other is about."""
        return self._about(self._places.pop(), groups)

    def edited(self, piece: Piece) -> Piece:
        """Another version of the article: other text, token and figure."""
        return self._about(piece.place, piece.groups)

    def twin(self, piece: Piece) -> Piece:
        """The same article with another token and figure, its length in bytes unchanged."""
        token, figure = self._marks()
        body = piece.body.replace(piece.token, token).replace(piece.figure, figure)
        return replace(piece, token=token, figure=figure, body=body)

    def regrouped(self, piece: Piece) -> Piece:
        """The same text for other readers."""
        others = [g for g in ((), *((name,) for name in GROUPS), GROUPS[:2]) if g != piece.groups]
        return replace(piece, groups=self.dice.choice(others))

    def _marks(self) -> tuple[str, str]:
        """A token and a figure that were not given before."""
        self._written += 1
        return f"QX{self._written:05d}V", f"{10000 + self._written}.{self.dice.randint(11, 99)}"

    def _about(self, place: str, groups: tuple[str, ...]) -> Piece:
        token, figure = self._marks()
        told = [f"{place}2023年产量为{figure}万斤，登记号{token}。"]
        for remark in self.dice.sample(_REMARKS, self.dice.randint(2, len(_REMARKS))):
            told.append(remark.format(who=self.dice.choice(_PEOPLE), n=self.dice.randint(2, 9)))
        paragraphs = ["".join(told[:3]), *("".join(told[n : n + 3]) for n in range(3, len(told), 3))]
        return Piece(place, token, figure, "\n\n".join(paragraphs), groups)


@dataclass
class Folder:
    """A folder of sources and what stands in it."""

    path: Path
    pieces: dict[str, Piece] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)

    def put(self, id: str, piece: Piece) -> None:
        """Add or replace an article."""
        self.pieces[id] = piece
        self._write(id)

    def put_all(self, pieces: Mapping[str, Piece]) -> None:
        """Add or replace many; the file of lines is written once."""
        self.pieces.update(pieces)
        for id in [id for id in pieces if _is_file(id)] + [id for id in pieces if not _is_file(id)][:1]:
            self._write(id)

    def remove(self, id: str) -> None:
        """Delete an article."""
        del self.pieces[id]
        if _is_file(id):
            (self.path / id).unlink()
        else:
            self._write_lines()

    def rename(self, old: str, new: str) -> None:
        """Give an article another id, its text as it is."""
        if _is_file(old) and _is_file(new):
            (self.path / new).parent.mkdir(exist_ok=True)
            (self.path / old).rename(self.path / new)
            self.pieces[new] = self.pieces.pop(old)
            return
        piece = self.pieces[old]
        self.remove(old)
        self.put(new, piece)

    def become(self, state: State) -> None:
        """Add, replace and remove until the folder holds the state."""
        for id in [id for id in self.pieces if id not in state]:
            self.remove(id)
        self.put_all({id: piece for id, piece in state.items() if self.pieces.get(id) != piece})

    def state(self) -> dict[str, Piece]:
        """What the index must hold after an update."""
        return dict(self.pieces)

    def _write(self, id: str) -> None:
        if not _is_file(id):
            self._write_lines()
            return
        (self.path / id).parent.mkdir(exist_ok=True)
        (self.path / id).write_text(self.pieces[id].as_file(), "utf-8")

    def _write_lines(self) -> None:
        lines = (piece.as_line(id) for id, piece in self.pieces.items() if not _is_file(id))
        (self.path / LINES).write_text("".join(lines), "utf-8")


def some_pieces(author: Author, files: int, lines: int) -> dict[str, Piece]:
    """New articles by id, some of them in files, the rest in lines; every seventh is for one group."""

    def groups(n: int) -> tuple[str, ...]:
        return (GROUPS[n % len(GROUPS)],) if n % 7 == 3 else ()

    numbered = {f"{'archive/' if n % 3 == 0 else ''}{n:03d}.md": n for n in range(files)}
    numbered |= {f"n{n:03d}": n for n in range(lines)}
    return {id: author.piece(groups(n)) for id, n in numbered.items()}


def change(folder: Folder, author: Author, times: int) -> list[str]:
    """Some random changes of every kind; returns their names. The folder stays below a hundred passages or so, as many
    as each leg of a search gives: among more, chance decides which of the equally bad are given.
    """
    made: list[str] = []
    for _ in range(times):
        more = (_add, _add) if len(folder.pieces) < 45 else (_delete, _delete)
        act = author.dice.choice((*more, _edit, _edit, _rename, _delete, _regroup))
        act(folder, author)
        made.append(act.__name__.strip("_"))
    return made


def _new_id(folder: Folder, author: Author) -> str:
    while True:
        number = author.dice.randint(0, 9999)
        id = author.dice.choice((f"x{number:04d}.md", f"archive/x{number:04d}.md", f"x{number:04d}"))
        if id not in folder.pieces:
            return id


def _any(folder: Folder, author: Author, keep: int = 0) -> Iterable[str]:
    """One id, or none where the folder has no more than `keep` articles."""
    return author.dice.sample(sorted(folder.pieces), 1 if len(folder.pieces) > keep else 0)


def _add(folder: Folder, author: Author) -> None:
    groups = author.dice.choice(((), (), (), (author.dice.choice(GROUPS),)))
    folder.put(_new_id(folder, author), author.piece(groups))


def _edit(folder: Folder, author: Author) -> None:
    for id in _any(folder, author):
        folder.put(id, author.edited(folder.pieces[id]))


def _regroup(folder: Folder, author: Author) -> None:
    for id in _any(folder, author):
        folder.put(id, author.regrouped(folder.pieces[id]))


def _rename(folder: Folder, author: Author) -> None:
    for id in _any(folder, author):
        folder.rename(id, _new_id(folder, author))


def _delete(folder: Folder, author: Author) -> None:
    for id in _any(folder, author, keep=3):
        folder.remove(id)


Change = Callable[[Folder, Author], None]


def _is_file(id: str) -> bool:
    return id.endswith(".md")
