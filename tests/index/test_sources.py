"""From disk to articles: every file is either read or named with a reason, and nothing hangs."""

import gzip
import json
import os
import socket

import pytest

from index.config import ReadConfig
from index.errors import SourceError
from index.sources import SourceFile, formats, list_files
from index.types import Article, Refused

TEXT = "图书馆每天早上八点开门，周日也开放。我们在这里看书，也可以上网。"
TRADITIONAL = "圖書館每天早上八點開門，週日也開放。我們在這裡看書，也可以上網。"


def read(*paths):
    """What `read_sources` gives, without a process of its own; test_isolated.py has that."""
    found = []
    for file in list_files(paths):
        found += [file] if isinstance(file, Refused) else formats.read(file, ReadConfig())
    return found


def articles(found):
    return [one for one in found if isinstance(one, Article)]


def refusals(found):
    return {one.source: one.reason.en for one in found if isinstance(one, Refused)}


def test_a_folder_gives_articles_in_order_with_paths_as_ids(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two.txt").write_text(TEXT + "二")
    (tmp_path / "a.txt").write_text(TEXT)
    found = read(tmp_path)
    assert [(one.id, one.source, one.title) for one in found] == [
        ("a.txt", "a.txt", "图书馆每天早上八点开门，周日也开放"),
        ("b/two.txt", "b/two.txt", "图书馆每天早上八点开门，周日也开放"),
    ]
    assert found[0].text == TEXT


def test_a_missing_path_is_an_error_before_anything_is_read(tmp_path):
    with pytest.raises(SourceError) as error:
        list_files([tmp_path, tmp_path / "nothing"])
    assert "nothing" in error.value.message.zh and "nothing" in error.value.message.en


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TEXT, "utf-8-sig"),
        (TEXT, "gb18030"),
        (TRADITIONAL, "big5"),
        (TEXT, "utf-16"),
        (TEXT, "utf-16-le"),
        (TEXT, "utf-16-be"),
        ("Plain English text.", "utf-16-le"),
    ],
)
def test_encodings_are_recognised(tmp_path, text, encoding):
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    (one,) = read(tmp_path)
    assert one.text == text


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(128, 256)) * 20,
        b"\x00\x01\x02\x03" * 100,
        (TEXT * 3).encode()[:200] + b"\xff" + (TEXT * 3).encode()[201:],
        (TEXT * 8).encode("gbk") + (TEXT * 8).encode(),
        b"\xff\xfe\x00",
    ],
)
def test_bytes_in_no_known_encoding_are_refused(tmp_path, data):
    (tmp_path / "a.txt").write_bytes(data)
    assert "no known encoding" in refusals(read(tmp_path))["a.txt"]


def test_empty_files_are_refused_and_the_others_read(tmp_path):
    for name, data in {"a.txt": b"", "b.txt": b"\xef\xbb\xbf", "c.md": b" \n\t\n", "d.txt": TEXT.encode()}.items():
        (tmp_path / name).write_bytes(data)
    found = read(tmp_path)
    assert set(refusals(found)) == {"a.txt", "b.txt", "c.md"}
    assert [one.id for one in articles(found)] == ["d.txt"]


def test_litter_is_ignored_quietly(tmp_path):
    for name in (".hidden.txt", "~$a.docx", ".DS_Store", "a.txt.swp", "Thumbs.db"):
        (tmp_path / name).write_bytes(b"x")
    assert list(list_files([tmp_path])) == []


def test_other_formats_are_named_with_those_there_are():
    config = ReadConfig(readers={".epub": "some:Reader"})
    reason = formats.unsupported("slides.pptx", config)
    assert reason and ".docx" in reason.en and ".epub" in reason.zh
    assert formats.unsupported("BOOK.EPUB", config) is None


def test_the_index_may_lie_among_its_sources(tmp_path):
    (tmp_path / ".youju").mkdir()
    home = tmp_path / "home"
    home.mkdir()
    (home / "library.txt").write_text(TEXT)
    (tmp_path / "a.txt").write_text(TEXT)
    assert [file.id for file in list_files([tmp_path], skip=home)] == ["a.txt"]


def test_a_sidecar_is_no_article_and_is_named_only_where_its_file_is_missing(tmp_path):
    for name in ("a.txt", "a.txt.meta.toml", "b.txt.meta.toml"):
        (tmp_path / name).write_text(TEXT)
    found = list(list_files([tmp_path]))
    assert [one.id for one in found if isinstance(one, SourceFile)] == ["a.txt"]
    assert list(refusals(found)) == ["b.txt.meta.toml"]


def test_what_a_browser_saves_beside_a_page_is_not_listed(tmp_path):
    for name in ("page_files", "alone_files"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "style.css").write_text("p {}")
    (tmp_path / "page.html").write_text(f"<p>{TEXT}</p>")
    assert [file.id for file in list_files([tmp_path])] == ["alone_files/style.css", "page.html"]


def test_a_stamp_changes_with_the_file_and_with_its_sidecar(tmp_path):
    path = tmp_path / ("长" * 83 + ".txt")  # with .meta.toml, the name would be too long for a file
    path.write_text(TEXT)
    stamps = [SourceFile(path, "a").stamp()]
    path.write_text(TEXT * 2)
    stamps.append(SourceFile(path, "a").stamp())
    other = SourceFile(tmp_path / "b.txt", "b")
    other.path.write_text(TEXT)
    stamps.append(other.stamp())
    other.sidecar.write_text("title = '新'")
    stamps.append(other.stamp())
    assert len({*stamps}) == 4 and None not in stamps
    assert SourceFile(tmp_path / "nothing", "c").stamp() is None


def test_what_must_not_be_followed_is_named_and_skipped(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text(TEXT)
    home = tmp_path / "home"
    (home / "sub").mkdir(parents=True)
    (home / "real.txt").write_text(TEXT)
    (home / "inside.txt").symlink_to("real.txt")
    (home / "out.txt").symlink_to(outside / "secret.txt")
    (home / "outfolder").symlink_to(outside)
    (home / "sub" / "loop").symlink_to("..")
    (home / "self.txt").symlink_to("self.txt")
    (home / "broken.txt").symlink_to("nowhere")
    os.mkfifo(home / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(home / "socket.txt"))
        found = read(home)
    assert [one.id for one in articles(found)] == ["inside.txt", "real.txt"]
    assert set(refusals(found)) == {
        "out.txt", "outfolder", "sub/loop", "self.txt", "broken.txt", "pipe.txt", "socket.txt",
    }  # fmt: skip


def test_a_pipe_given_directly_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in refusals(read(tmp_path / "pipe.txt"))["pipe.txt"]


def test_odd_names_are_read_or_named(tmp_path):
    os.makedirs(os.fsencode(tmp_path), exist_ok=True)
    backwards = "a\u202etxt.exe.txt".encode()
    for name in (b"<img src=x onerror=alert(1)>.md", b"a..b.txt", b"line\nbreak.txt", b"bad\xff.txt", backwards):
        with open(os.path.join(os.fsencode(tmp_path), name), "w") as file:
            file.write(TEXT)
    found = read(tmp_path)
    assert [one.id for one in articles(found)] == ["<img src=x onerror=alert(1)>.md", "a..b.txt"]
    assert all("rename it" in reason for reason in refusals(found).values())
    assert all(source.isprintable() for source in refusals(found)) and len(refusals(found)) == 3


def test_front_matter_fills_the_fields_and_leaves_the_text(tmp_path):
    (tmp_path / "a.md").write_text(
        "---\ntitle: 新馆\npublisher: 某馆\npublished: 2024-05-06\nurl: https://example.org/\n"
        "groups: [staff]\ndigest: x\n---\n# 新馆\n\n这是**重点**，见[说明](https://example.org/a)。\n"
    )
    (one,) = read(tmp_path)
    assert (one.title, one.publisher, one.published) == ("新馆", "某馆", "2024-05-06")
    assert (one.url, one.groups) == ("https://example.org/", ("staff",))
    assert one.text == "新馆\n\n这是重点，见说明。"


@pytest.mark.parametrize(
    ("written", "known"), [("2024", "2024"), ("2024-05", "2024-05"), ("2024年5月6日", "2024-05-06")]
)
def test_dates_are_cut_to_what_is_known(tmp_path, written, known):
    (tmp_path / "a.md").write_text(f"---\npublished: {written}\n---\n{TEXT}")
    assert read(tmp_path)[0].published == known


@pytest.mark.parametrize(
    "front",
    ["title: [", "- a\n- b", "groups: staff", "groups: [1]", "groups:", "published: soon", "a: &a [*a]\nb: *c"],
)
def test_front_matter_that_cannot_be_read_refuses_the_file(tmp_path, front):
    (tmp_path / "a.md").write_text(f"---\n{front}\n---\n{TEXT}")
    assert articles(read(tmp_path)) == []


def test_markdown_without_front_matter_has_its_heading_as_title(tmp_path):
    (tmp_path / "a.md").write_text(f"---\n\n# 新馆 #\n{TEXT}\nsnake_case_name 2*3*4\n")
    (one,) = read(tmp_path)
    assert one.title == "新馆"
    assert one.text.endswith("snake_case_name 2*3*4")


def lines(*records):
    return "".join((record if isinstance(record, str) else json.dumps(record)) + "\n" for record in records)


def test_json_lines_give_an_article_a_line_and_name_the_broken_ones(tmp_path):
    full = {
        "id": "a",
        "title": "新馆",
        "text": TEXT,
        "published": "2024-05-06T07:21",
        "publisher": "某馆",
        "url": "ftp://x",
    }
    data = lines(
        full, "{broken", "", {"id": 7, "text": TEXT, "groups": ["b"]}, {"text": TEXT}, {"id": "c"}, [1], "[" * 100_000,
        {"id": "d", "text": TEXT, "groups": "staff"}, {"id": "e", "text": " "}, {"id": "f", "text": "好\ud800\0的。"},
    )  # fmt: skip
    (tmp_path / "x.jsonl").write_text(data)
    found = read(tmp_path)
    assert [(one.id, one.source) for one in articles(found)] == [("a", "x.jsonl"), ("7", "x.jsonl"), ("f", "x.jsonl")]
    first, second, last = articles(found)
    assert (first.title, first.published, first.publisher, first.url) == ("新馆", "2024-05-06", "某馆", None)
    assert (second.groups, last.text) == (("b",), "好的。")
    assert list(refusals(found)) == [f"x.jsonl:line {number}" for number in (2, 5, 6, 7, 8, 9, 10)]
    told = {one.source[-2:]: (one.article_id, one.gone) for one in found if isinstance(one, Refused)}
    assert told[" 6"] == ("c", False) and told["10"] == ("e", True) and told[" 2"] == (None, False)


def test_a_file_of_nothing_but_bad_lines_does_not_flood_the_report(tmp_path, monkeypatch):
    monkeypatch.setattr("index.sources.formats.MOST_REFUSED", 3)
    (tmp_path / "a.jsonl").write_text(lines(*["bad"] * 10, {"id": "x", "text": TEXT}))
    found = read(tmp_path)
    assert [one.id for one in articles(found)] == ["x"]
    assert list(refusals(found)) == ["a.jsonl:line 1", "a.jsonl:line 2", "a.jsonl:line 3", "a.jsonl"]
    assert refusals(found)["a.jsonl"].startswith("7 more")


def test_json_lines_may_be_gzipped_and_damage_is_named(tmp_path):
    data = gzip.compress(lines(*({"id": str(n), "text": TEXT + str(os.urandom(9))} for n in range(500))).encode())
    (tmp_path / "a.jsonl.gz").write_bytes(data)
    assert len(articles(read(tmp_path))) == 500
    (tmp_path / "a.jsonl.gz").write_bytes(data[:-2000])
    assert "damaged gzip data" in refusals(read(tmp_path))["a.jsonl.gz"]
    (tmp_path / "a.jsonl.gz").write_bytes(b"not gzip")
    assert "damaged gzip data" in refusals(read(tmp_path))["a.jsonl.gz"]


def test_a_line_beyond_the_limit_is_refused_and_the_next_one_read(tmp_path, monkeypatch):
    monkeypatch.setattr("index.sources.jsonl.MAX_LINE", 1000)
    (tmp_path / "a.jsonl").write_text(lines({"id": "a", "text": "x" * 2000}, {"id": "b", "text": TEXT}))
    found = read(tmp_path)
    assert [one.id for one in articles(found)] == ["b"]
    assert list(refusals(found)) == ["a.jsonl:line 1"]


def test_a_file_beyond_the_limit_is_refused(tmp_path):
    with open(tmp_path / "a.txt", "wb") as file:
        file.truncate(100_000_001)
    assert "larger than 100 MB" in refusals(read(tmp_path))["a.txt"]


def test_a_file_that_changes_while_it_is_read_is_named(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(lines({"id": "a", "text": TEXT}, {"id": "b", "text": TEXT}))
    found = formats.read(SourceFile(path, "a.jsonl"), ReadConfig())
    first = next(found)
    with path.open("a") as file:
        file.write("\n" * 1000)
    rest = list(found)
    assert [first.id, rest[0].id] == ["a", "b"]
    assert "changed while it was read" in refusals(rest)["a.jsonl"]


def test_one_long_line_is_read_in_time(tmp_path):
    (tmp_path / "a.txt").write_text("读" * 3_000_000)
    assert len(read(tmp_path)[0].text) == 3_000_000


def test_an_article_longer_than_any_book_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("index.sources.formats.MOST_CHARACTERS", 100)
    (tmp_path / "a.txt").write_text(TEXT * 4)
    (tmp_path / "b.jsonl").write_text(lines({"id": "x", "text": TEXT * 4}, {"id": "y", "text": TEXT}))
    found = read(tmp_path)
    assert set(refusals(found)) == {"a.txt", "b.jsonl:x"} and [one.id for one in articles(found)] == ["y"]
