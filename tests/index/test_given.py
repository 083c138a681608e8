"""A sidecar and the configuration: what they say counts before the file, and what is unfit refuses it."""

import os

import pytest

from index.errors import SourceError
from index.globs import matches
from index.sources.given import given
from index.sources.record import Layer
from index.types import MetadataDefault

TEXT = "图书馆每天早上八点开门。"
FULL = (
    'title = "新馆"\npublisher = "某城日报"\npublished = 2024-05-06\nurl = "https://example.org/"\n'
    'author = "陈望舒"\ngroups = ["staff"]\n'
)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "news" / "a.txt"
    path.parent.mkdir()
    path.write_text(TEXT, "utf-8")
    return path


def beside(file, text: str) -> None:
    file.with_name("a.txt.meta.toml").write_text(text, "utf-8")


def refusal(file) -> str:
    with pytest.raises(SourceError) as error:
        given(file, "news/a.txt", ())
    assert "news/a.txt.meta.toml" in error.value.message.zh
    return error.value.message.en


def test_without_a_sidecar_and_a_default_nothing_is_given(file):
    assert given(file, "news/a.txt", ()) == ()


def test_a_sidecar_gives_its_fields(file):
    beside(file, FULL)
    fields = {
        "title": "新馆",
        "publisher": "某城日报",
        "published": "2024-05-06",
        "url": "https://example.org/",
        "author": "陈望舒",
        "groups": ["staff"],
    }
    assert given(file, "news/a.txt", ()) == (Layer("sidecar", fields),)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024-05-06", "2024-05-06"),
        ("2024-05-06T07:21:00", "2024-05-06"),
        ("2024", "2024"),
        ('"2024-05"', "2024-05"),
        ('"2024年5月6日"', "2024-05-06"),
    ],
)
def test_a_date_may_be_written_in_many_ways(file, written, iso):
    beside(file, f"published = {written}")
    assert given(file, "news/a.txt", ())[0].fields == {"published": iso}


def test_a_byte_order_mark_is_no_fault(file):
    file.with_name("a.txt.meta.toml").write_bytes(b'\xef\xbb\xbftitle = "x"')
    assert given(file, "news/a.txt", ())[0].fields == {"title": "x"}


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('publsher = "x"', "publsher"),
        ("title = 7", "title"),
        ('title = ""', "title"),
        ('published = "soon"', "published"),
        ("published = true", "published"),
        (f"published = 0x{'f' * 9_000}", "published"),
        (f"title = [0x{'f' * 9_000}]", "title"),
        ("published = 07:21:00", "published"),
        ('url = "ftp://x"', "url"),
        ('groups = "staff"', "groups"),
        ("groups = [1]", "groups"),
        ('groups = [""]', "groups"),
        ('[author]\nname = "x"', "author"),
    ],
)
def test_a_key_or_value_that_is_unfit_refuses_the_file_by_name(file, line, key):
    beside(file, line)
    assert key in refusal(file)


@pytest.mark.parametrize("data", [b"title = ", b"\xff\xfe", b"x = " + b"[" * 60_000, b"published = 2024-13-01"])
def test_a_sidecar_that_is_no_toml_refuses_the_file(file, data):
    file.with_name("a.txt.meta.toml").write_bytes(data)
    assert "not valid TOML" in refusal(file)


def test_a_sidecar_is_never_read_through_a_link(file, tmp_path):
    outside = tmp_path / "secret.toml"
    outside.write_text(FULL)
    file.with_name("a.txt.meta.toml").symlink_to(outside)
    assert "not a regular file" in refusal(file)


def test_a_pipe_in_place_of_a_sidecar_does_not_hang(file):
    os.mkfifo(file.with_name("a.txt.meta.toml"))
    assert "not a regular file" in refusal(file)


def test_a_folder_in_place_of_a_sidecar_refuses_the_file(file):
    file.with_name("a.txt.meta.toml").mkdir()
    assert "not a regular file" in refusal(file)


def test_a_sidecar_of_unlikely_size_is_not_read(file):
    beside(file, f'title = "{"x" * 64_000}"')
    assert "larger than 64 KB" in refusal(file)


def test_a_name_too_long_to_have_a_sidecar_has_none(tmp_path):
    assert given(tmp_path / ("长" * 84 + ".t"), "x", ()) == ()


DEFAULTS = (
    MetadataDefault("news/2023/**", publisher="某县日报", groups=("editors",)),
    MetadataDefault("news/**", publisher="某城日报", author="编辑部", groups=("staff",)),
    MetadataDefault("*.txt", published="2024"),
)


@pytest.mark.parametrize(
    ("id", "fields"),
    [
        ("news/a.txt", {"publisher": "某城日报", "author": "编辑部", "published": "2024", "groups": ["staff"]}),
        (
            "news/2023/a.txt",
            {"publisher": "某县日报", "author": "编辑部", "published": "2024", "groups": ["editors"]},
        ),
        ("other/a.txt", {"published": "2024"}),
        ("other/a.md", {}),
    ],
)
def test_of_each_field_the_first_default_that_fits_counts(tmp_path, id, fields):
    layers = given(tmp_path / "a.txt", id, DEFAULTS)
    assert layers == ((Layer("configuration", fields),) if fields else ())


def test_the_sidecar_stands_before_the_configuration(file):
    beside(file, 'publisher = "某镇商报"')
    where = [layer.where for layer in given(file, "news/a.txt", DEFAULTS)]
    assert where == ["sidecar", "configuration"]


@pytest.mark.parametrize(
    ("pattern", "id", "fits"),
    [
        ("news/**", "news/a.txt", True),
        ("news/**", "news/x/y/a.txt", True),
        ("news/**", "oldnews/a.txt", False),
        ("news/*", "news/x/a.txt", False),
        ("*.txt", "news/x/a.txt", True),
        ("*.txt", "a.txt.md", False),
        ("**/a.txt", "a.txt", True),
        ("**/a.txt", "news/x/a.txt", True),
        ("**", "news/a.txt", True),
        ("/a.txt", "a.txt", False),
        ("news/", "news/x/a.txt", True),
        ("新闻/**/*.md", "新闻/二月/一.md", True),
        ("[ab].txt", "b.txt", True),
    ],
)
def test_a_star_stays_in_its_folder_and_two_cross_it(pattern, id, fits):
    assert matches(pattern, id) is fits
