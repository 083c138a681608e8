"""The table of a run, in both languages, and its record."""

import json
import unicodedata

from eval.report import run_record, summary, table, tallies


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def test_the_rows_are_the_types_by_name_then_all_answerable(report):
    assert [(t.kind, t.n) for t in tallies(report.results)] == [
        ("followup", 1),
        ("single_fact", 2),
        ("ALL answerable", 3),
    ]


def test_the_columns_of_the_table_are_aligned_in_both_languages(report):
    for language, last in (("zh", "全部可答题"), ("en", "ALL answerable")):
        head, *rows = table(report, language).split("\n\n")[0].splitlines()
        assert {columns(row) for row in rows} == {columns(head)}
        assert rows[-1].startswith(last)
        assert rows[-1].split()[-5:] == ["3", "66.7%", "66.7%", "0.0%", "100.0%"]


def test_the_remarks_name_what_was_not_scored_what_failed_and_where_the_answers_lie(report):
    text = table(report, "en")
    assert "cannot be scored (no `must`), not in the table: 1" in text
    assert "G3 could not be asked, counted as wrong: no question was read" in text
    assert text.endswith(f"every answer: {report.answers}")
    assert "G3 无法提问，按答错计：没有读到问题" in table(report, "zh")


def test_the_median_length_is_of_answers_to_answerable_items_that_were_not_refused(report):
    lengths = sorted(len(r.answer.text) if r.answer else 0 for r in report.results[:3])
    assert summary(report.results).length == lengths[1]
    assert summary(()).length is None


def test_the_record_is_json_and_holds_the_totals(report):
    record = json.loads(json.dumps(run_record(report)))
    assert record["totals"][-1]["right"] == 2
    assert record["unscorable"] == 1
    assert record["errors"] == 1
    assert record["answerable_refused"] == 0
