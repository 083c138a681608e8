"""The weights that were learned (`rag.train`), from the tables that are shipped."""

from collections.abc import Mapping
from importlib.resources import files


def read(table: str) -> Mapping[str, Mapping[str, float]]:
    """By kind of question ("known" for one in the words of the articles, "foreign"), the weight of each feature."""
    lines = files("rag").joinpath(table).read_text(encoding="utf-8").splitlines()
    (_, *kinds), *rows = (line.split("\t") for line in lines)
    return {kind: {name: float(row[at]) for name, *row in rows} for at, kind in enumerate(kinds)}
