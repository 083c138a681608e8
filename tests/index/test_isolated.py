"""The child process that reads files: whatever a file does to it, the other files are read and the child is ended."""

import gzip
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from index.config import ReadConfig
from index.sources import IsolatedReader, SourceFile, read_sources, wire
from index.sources.record import Layer
from index.types import Article, MetadataDefault, Origin, Refused

TEXT = "图书馆每天早上八点开门，周日也开放。我们在这里看书，也可以上网。"
ROOT = Path(__file__).parents[2]
READERS = """
    import ctypes, os, socket, subprocess, sys, time
    from types import SimpleNamespace
    class Reader:
        def load_data(self, file):
            print("a parser that prints")
            self.misbehave()
            return [SimpleNamespace(text=file.read_text("utf-8"), metadata={"title": "题"})]
        def misbehave(self): pass
    class Slow(Reader):
        def misbehave(self): time.sleep(60)
    class Hungry(Reader):
        def misbehave(self): self.eaten = b"x" * 2_000_000_000
    class Crashing(Reader):
        def misbehave(self): ctypes.string_at(0)
    class Calling(Reader):
        def misbehave(self): socket.create_connection(("127.0.0.1", 9))
    class Starting(Reader):
        def misbehave(self): subprocess.run(["true"])
    class Writing(Reader):
        def misbehave(self):
            with open("written", "wb") as file: file.write(b"x" * 10)
    class Lying(Reader):
        def misbehave(self): os.write(max(map(int, os.listdir("/proc/self/fd"))) - 1, b'{"id": 7}\\n')
"""


@pytest.fixture
def reading(tmp_path, monkeypatch):
    """A folder with two good files round a bad one, read with the named reader for .bad files."""
    (tmp_path / "readers").mkdir()
    (tmp_path / "readers" / "misbehaving.py").write_text(textwrap.dedent(READERS))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "readers"))
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "sources"
    folder.mkdir()
    for name in ("a.txt", "b.bad", "c.txt"):
        (folder / name).write_text(TEXT, "utf-8")

    def read(name, seconds=20.0):
        config = ReadConfig(readers={".bad": f"misbehaving:{name}"})
        with IsolatedReader(config, wire.Limits(seconds)) as reader:
            return [one for path in sorted(folder.iterdir()) for one in reader.read(SourceFile(path, path.name))]

    return read


def running():
    """The children of this process that read files."""
    children = [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    return [int(pid) for pid in children if "index.sources.worker" in Path(f"/proc/{pid}/cmdline").read_text()]


def test_a_reader_of_llama_index_is_used_by_its_suffix(reading):
    found = reading("Reader")
    assert [(one.id, one.text) for one in found] == [(name, TEXT) for name in ("a.txt", "b.bad", "c.txt")]
    assert found[1].title == "题" and Origin("title", "record") in found[1].origins


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Hungry", "needs more than 1 GB of memory"),
        ("Crashing", "crashed its parser"),
        ("Calling", "could not be parsed (PermissionError)"),
        ("Starting", "could not be parsed (PermissionError)"),
        ("Writing", "could not be parsed (OSError)"),
        ("Lying", "crashed its parser"),
        ("Absent", "index.readers.'.bad' = 'misbehaving:Absent' cannot be used"),
    ],
)
def test_a_file_that_misbehaves_is_refused_with_its_reason_and_the_others_are_read(reading, name, reason):
    first, bad, last = reading(name)
    assert (first.id, last.id) == ("a.txt", "c.txt")
    assert isinstance(bad, Refused) and bad.source == "b.bad" and reason in bad.reason.en
    assert running() == []


@pytest.mark.slow
def test_a_file_that_takes_too_long_is_refused_and_the_others_are_read(reading):
    first, slow, last = reading("Slow", seconds=2.0)
    assert (first.id, last.id) == ("a.txt", "c.txt") and "gave no article within 2 s" in slow.reason.en
    assert running() == []


@pytest.mark.slow
def test_what_was_read_before_the_child_died_is_kept(reading, tmp_path):
    lines = [{"id": "a", "text": TEXT}, {"id": "b", "text": TEXT}]
    (tmp_path / "sources" / "b.bad").unlink()
    slow = tmp_path / "sources" / "slow.jsonl.gz"
    whole = gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode())
    slow.write_bytes(whole + gzip.compress(b"\n" * 100_000_000, 1))  # empty lines for longer than two seconds
    *read, refused = reading("Reader", seconds=2.0)
    assert [one.id for one in read] == ["a.txt", "c.txt", "a", "b"]
    assert refused.source == "slow.jsonl.gz" and "within 2 s" in refused.reason.en


def test_a_reader_of_files_starts_with_the_first_file_and_ends_with_the_last(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    with IsolatedReader() as reader:
        assert running() == []
        list(reader.read(SourceFile(tmp_path / "slides.pptx", "slides.pptx")))
        assert running() == []
        list(reader.read(SourceFile(tmp_path / "a.txt", "a.txt")))
        assert len(running()) == 1
    assert running() == []


def test_whoever_stops_reading_early_leaves_no_child_and_no_pipe(tmp_path):
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"id": n, "text": TEXT}) + "\n" for n in range(5000)))
    before = os.listdir("/proc/self/fd")
    found = read_sources([tmp_path])
    assert next(found).id == "0"
    found.close()
    assert running() == [] and os.listdir("/proc/self/fd") == before


def test_a_file_that_was_left_in_the_middle_does_not_mix_with_the_next(tmp_path):
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"id": n, "text": TEXT}) + "\n" for n in range(5000)))
    (tmp_path / "b.txt").write_text(TEXT, "utf-8")
    with IsolatedReader() as reader:
        first = reader.read(SourceFile(tmp_path / "a.jsonl", "a.jsonl"))
        next(first)
        first.close()
        assert [one.id for one in reader.read(SourceFile(tmp_path / "b.txt", "b.txt"))] == ["b.txt"]


def test_a_killed_child_is_replaced(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    file = SourceFile(tmp_path / "a.txt", "a.txt")
    with IsolatedReader() as reader:
        list(reader.read(file))
        os.kill(*running(), signal.SIGKILL)
        assert isinstance(list(reader.read(file))[0], Refused)
        assert isinstance(list(reader.read(file))[0], Article)


def test_an_interrupt_ends_the_child(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    code = (
        "import sys, time; from pathlib import Path; from index.sources import IsolatedReader, SourceFile\n"
        "with IsolatedReader() as reader:\n"
        f"    list(reader.read(SourceFile(Path({str(tmp_path / 'a.txt')!r}), 'a')))\n"
        "    print(reader._child._process.pid, flush=True); time.sleep(30)\n"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with started:
        child = int(started.stdout.readline())
        started.send_signal(signal.SIGINT)
    assert not Path(f"/proc/{child}").exists()


@pytest.mark.slow
def test_a_child_whose_parent_was_killed_ends_by_itself(tmp_path):
    code = (
        "import os; from pathlib import Path; from index.sources import IsolatedReader, SourceFile\n"
        "reader = IsolatedReader(); list(reader.read(SourceFile(Path('a.txt'), 'a')))\n"
        "print(reader._child._process.pid, flush=True); os.kill(os.getpid(), 9)\n"
    )
    started = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    until = time.monotonic() + 5
    while Path(f"/proc/{int(started.stdout)}").exists():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_the_child_knows_no_secrets_of_the_environment(reading, monkeypatch, tmp_path):
    monkeypatch.setenv("YOUJU_LLM_KEY", "sk-1234")
    (tmp_path / "readers" / "misbehaving.py").write_text(
        "import os\nfrom types import SimpleNamespace\nclass Telling:\n"
        "    def load_data(self, path): return [SimpleNamespace(text=repr(dict(os.environ)), metadata={})]\n"
    )
    told = reading("Telling")[1].text
    assert "PATH" in told and "sk-1234" not in told


def test_reading_loads_no_library_of_a_format_into_the_parent(tmp_path):
    (tmp_path / "a.html").write_text(f"<p>{TEXT}</p>", "utf-8")
    (tmp_path / "b.txt").write_bytes(TEXT.encode("gb18030"))
    code = (
        "import sys; from pathlib import Path; from index.sources import read_sources\n"
        f"assert len(list(read_sources([Path({str(tmp_path)!r})]))) == 2\n"
        "print(*{name.partition('.')[0] for name in sys.modules})\n"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(told.stdout.split()) & {"trafilatura", "lxml", "pypdfium2", "docx", "yaml", "opencc", "csv"} == set()


def test_the_child_finds_its_package_from_any_folder_and_nothing_of_that_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "json.py").write_text("raise SystemExit(1)")
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    assert [one.id for one in read_sources([Path("a.txt")])] == ["a.txt"]


def test_sidecars_and_the_configuration_are_heard_before_the_file(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "a.txt.meta.toml").write_text('publisher = "馆"\n', "utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": "x", "text": TEXT, "publisher": "报"}) + "\n")
    (tmp_path / "c.txt").write_text(TEXT, "utf-8")
    (tmp_path / "c.txt.meta.toml").write_text("title = ", "utf-8")
    config = ReadConfig(metadata=(MetadataDefault("*", publisher="社", groups=("甲",)),))
    first, second, broken = read_sources([tmp_path], config)
    assert (first.publisher, first.groups, second.publisher) == ("馆", ("甲",), "社")
    assert broken.source == "c.txt" and "c.txt.meta.toml is not valid TOML" in broken.reason.en


def test_the_first_of_two_articles_with_one_id_is_kept(tmp_path):
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_text(json.dumps({"id": "x", "text": TEXT}) + "\n")
    kept, refused = read_sources([tmp_path])
    assert (kept.source, refused.source, refused.article_id) == ("a.jsonl", "b.jsonl:x", "x")
    assert "stands already in a.jsonl" in refused.reason.en


def test_articles_and_refusals_survive_the_wire():
    article = Article("id", "题", TEXT + "\n\u2028\U0001f600", "a.md", "馆", "2024-05", None, ("甲",), "林",
                      (Origin("title", "heading"),))  # fmt: skip
    assert wire.parse_reply(wire.reply(article), "a.md") == article
    refused = Refused("a.md:line 3", wire.Message("坏", "bad"), True, "x")
    assert wire.parse_reply(wire.reply(refused), "a.md") == refused
    defaults = (
        MetadataDefault("news/**", "馆", "2024"),
        MetadataDefault("*", groups=("甲", "乙")),
        MetadataDefault("**", groups=()),
    )
    settings = ReadConfig({"text": "正文"}, {".epub": "a:B"}, defaults)
    assert wire.parse_opening(wire.opening(settings, wire.Limits(3.0))) == (settings, wire.Limits(3.0))
    file = SourceFile(Path("/x/\udcff"), "x", (Layer("sidecar", {"title": "题"}),))
    assert wire.parse_request(wire.request(file)) == file


@pytest.mark.parametrize(
    "line",
    [
        b"[]", b"{}", b"{", b"\xff", b'{"reason": 1}', b'{"reason": {"zh": "x"}, "source": "a"}',
        b'{"id": 1, "title": "", "text": "", "groups": [], "origins": []}',
        b'{"id": "", "title": "", "text": "", "groups": ["a", 1], "origins": []}',
        b'{"id": "", "title": "", "text": "", "groups": "a", "origins": []}',
        b'{"id": "", "title": "", "text": "", "groups": [], "origins": [["title", "x"]]}',
        b'{"id": "", "title": "", "text": "", "groups": [], "origins": [["title", []]]}',
    ],
)  # fmt: skip
def test_what_is_no_reply_is_not_believed(line):
    with pytest.raises(ValueError):
        wire.parse_reply(line, "a")
