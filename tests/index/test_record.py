"""Layers of metadata → an article: which counts, where each field came from, and who may read."""

import pytest

from index.errors import SourceError
from index.sources.file import SourceFile
from index.sources.markdown import read as read_markdown
from index.sources.record import Layer, article, described
from index.types import Origin

TEXT = "图书馆每天早上八点开门，周日也开放。"
PAGE = f"新馆开放三个月\n某城日报 2023-05-06 07:21\n{TEXT * 6}\n（记者 陈望舒）"


def made(*layers: Layer):
    return article(id="a", source="a", text=TEXT, layers=layers)


def readers(*layers: tuple[str, list[str]]) -> tuple[str, ...]:
    return made(*(Layer(where, {"groups": groups}) for where, groups in layers)).groups


def test_of_each_field_the_first_layer_counts_and_is_its_origin():
    found = made(
        Layer("sidecar", {"publisher": "某城日报"}),
        Layer("configuration", {"publisher": "某县日报", "published": "2024"}),
        Layer("label", {"publisher": "某镇商报", "published": "2023-05-06", "author": "陈望舒"}),
    )
    assert (found.publisher, found.published, found.author) == ("某城日报", "2024", "陈望舒")
    assert found.origins == (
        Origin("title", "first_words"),
        Origin("publisher", "sidecar"),
        Origin("published", "configuration"),
        Origin("author", "label"),
    )


def test_a_text_describes_itself_a_layer_a_field():
    assert [(layer.where, dict(layer.fields)) for layer in described(PAGE)] == [
        ("first_line", {"title": "新馆开放三个月"}),
        ("dateline", {"published": "2023-05-06"}),
        ("dateline", {"publisher": "某城日报"}),
        ("byline", {"author": "陈望舒"}),
    ]


@pytest.mark.parametrize(
    ("layers", "groups"),
    [
        ([("front_matter", ["hr"])], ("hr",)),
        ([("configuration", ["staff"])], ("staff",)),
        ([("sidecar", ["staff"]), ("front_matter", ["hr"])], ("staff",)),
        ([("sidecar", []), ("configuration", ["staff"]), ("front_matter", ["hr"])], ()),
        ([("sidecar", ["staff"]), ("configuration", ["hr"])], ("staff",)),
        ([("configuration", ["staff", "hr"]), ("front_matter", ["hr", "board"])], ("hr",)),
        ([("configuration", ["staff"]), ("front_matter", [])], ("staff",)),
        ([("configuration", []), ("front_matter", ["hr"])], ("hr",)),
        ([("sidecar", ["staff", "hr"]), ("record", ["hr"])], ("hr",)),
        ([("sidecar", []), ("record", ["hr"])], ("hr",)),
        ([("configuration", ["staff", "hr"]), ("record", ["hr"])], ("hr",)),
    ],
)
def test_no_layer_but_a_files_own_sidecar_lifts_the_restriction_of_another(layers, groups):
    assert readers(*layers) == groups


@pytest.mark.parametrize("where", ["front_matter", "record"])
def test_restrictions_that_leave_nobody_refuse_the_article(where):
    with pytest.raises(SourceError) as error:
        readers(("configuration", ["staff"]), (where, ["hr"]))
    assert "staff / hr" in error.value.message.zh and "staff / hr" in error.value.message.en


def test_what_front_matter_does_not_say_is_looked_for_in_the_text(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(f"---\npublisher: 某馆\n---\n# 新馆\n\n{PAGE}", "utf-8")
    (found,) = read_markdown(SourceFile(path, "a.md"))
    assert (found.title, found.publisher, found.published) == ("新馆", "某馆", "2023-05-06")
    assert dict((origin.field, origin.where) for origin in found.origins) == {
        "title": "heading",
        "publisher": "front_matter",
        "published": "dateline",
        "author": "byline",
    }
