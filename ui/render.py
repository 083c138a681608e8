"""One renderer for all doors: answers and hits as records (JSON), as text for a terminal, as reading for a page."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from index.errors import Language
from index.types import ANYBODY, Filter
from rag.types import Answer, Citation, Hit
from ui import explain, filters, page_texts, panel

Record = dict[str, Any]
_READABLE = 80  # characters of a question as it was searched; a longer one is for the search engine, not for reading
_MARKED = re.compile(r"(.*?)((?:\[\d+\])+|$)", re.DOTALL)
_NEAREST = 3  # passages shown beside a refusal on a terminal


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown of a hit besides its passage: what its score is made of, and so many characters on both sides."""

    evidence: bool = False
    context: int = 0


_NOTHING = Beside()


def answer_record(answer: Answer, language: Language) -> Record:
    """The record of an answer as the contract of `ask` names it; with a note where there is something to say."""
    return {
        "status": answer.status,
        "text": answer.text,
        "citations": [asdict(c) for c in answer.citations],
        "hits": [
            {"article_id": h.article.id, "passage_id": h.passage.id, "score": round(h.score, 4)} for h in answer.hits
        ],
        "standalone": answer.standalone,
        "mode": answer.mode,
        "dropped": answer.dropped,
        "unverified": list(answer.unverified),
        "seconds": {k: round(v, 6) for k, v in asdict(answer.seconds).items()},
        **({"note": answer.note.say(language)} if answer.note else {}),
    }


def hits_record(hits: Sequence[Hit], beside: Beside = _NOTHING) -> Record:
    """The record of a search as the contract of `search` names it, with what else was asked for."""
    return {
        "hits": [
            {
                "article_id": h.article.id,
                "passage_id": h.passage.id,
                "score": round(h.score, 4),
                "text": h.passage.text,
                "reprints": [a.id for a in h.reprints],
                **({"before": h.before(beside.context), "after": h.after(beside.context)} if beside.context else {}),
                **(explain.record(h) if beside.evidence else {}),
            }
            for h in hits
        ]
    }


def answer_rest(answer: Answer, language: Language) -> str:
    """What stands below the text of an answer on a terminal: each citation with its source and quote, or the nearest
    passages.
    """
    note = _note(answer, language)
    lines = [*([f"（{note}）" if language == "zh" else f"({note})"] if note else []), ""]
    if answer.status == "no_evidence":
        lines.append(hits_text(answer.hits[:_NEAREST], language))
    for c in answer.citations:
        lines += [f"[{c.number}] {cited_source(c, language)}", f"    {c.quote}"]
        lines += [f"    {panel.also(c.reprints, language)}"] if c.reprints else []
    return "\n".join(lines).rstrip()


def answer_page(answer: Answer, language: Language, only: Filter = ANYBODY) -> Record:
    """An answer for the page: sentences with the numbers they rest on, and the cards of the panel. All plain text."""
    say = page_texts.table(language)
    rewritten = answer.standalone != answer.question and len(answer.standalone) <= _READABLE
    cards = panel.cards(answer, language)
    return {
        "status": answer.status,
        "sentences": marked_sentences(answer),
        "cards": cards,
        "heading": say["sources"] if answer.citations else say["nearest"],
        "searched": say["searched"].format(answer.standalone) if rewritten else None,
        "filtered": say["filtered"].format(filters.told(only, language)) if only.narrows else None,
        "mode": say["by_model" if answer.mode == "llm" else "by_excerpt"],
        "note": _note(answer, language),
        "show": _show(answer, say) if cards else None,
    }


def _note(answer: Answer, language: Language) -> str | None:
    """Why it is not the language model that answers, or that it could not answer all."""
    if answer.note:
        return answer.note.say(language)
    say = page_texts.table(language)
    if answer.dropped:
        return say["some_unverified" if answer.unverified else "some_dropped"].format(answer.dropped)
    return say["partial"] if answer.status == "partial" else None


def _show(answer: Answer, say: dict[str, str]) -> str:
    """The words of the button that opens the panel."""
    return say["show_sources"].format(len(answer.citations)) if answer.citations else say["show_nearest"]


def marked_sentences(answer: Answer) -> list[Record]:
    """The text cut after its marks, and round the sentences that are unverified. What looks like a mark and has no
    citation stays text.
    """
    found: list[Record] = []
    at = 0
    for sentence in answer.unverified:
        start = answer.text.index(sentence, at)
        found += _marked(answer, answer.text[at:start])
        found.append({"text": sentence, "marks": [], "unverified": True})
        at = start + len(sentence)
    return found + _marked(answer, answer.text[at:])


def _marked(answer: Answer, part: str) -> list[Record]:
    known = {c.number for c in answer.citations}
    found: list[Record] = []
    for match in _MARKED.finditer(part):
        text, marks = match.group(1), [int(n) for n in re.findall(r"\d+", match.group(2))]
        if not text and not marks:
            continue
        unknown = "".join(f"[{n}]" for n in marks if n not in known)
        found.append({"text": text + unknown, "marks": [n for n in marks if n in known], "unverified": False})
    return found


def hits_text(hits: Sequence[Hit], language: Language, beside: Beside = _NOTHING) -> str:
    """Hits for a terminal: number, title, score and passage, and what else was asked for."""
    lines: list[str] = []
    for number, hit in enumerate(hits, 1):
        lines += [f"{number}. {_place(hit)}", *(f"    {part}" for part in _parts(hit, beside.context))]
        lines += [f"      {row}" for row in explain.table(hit, language)] if beside.evidence else []
    return "\n".join(lines)


def _parts(hit: Hit, context: int) -> list[str]:
    """The passage on one line; what stands before and after it, on lines of their own."""
    before, passage, after = (" ".join(t.split()) for t in (hit.before(context), hit.passage.text, hit.after(context)))
    return [*([f"… {before}"] if before else []), passage, *([f"{after} …"] if after else [])]


def _place(hit: Hit) -> str:
    """The title of a hit, its article and score, and the articles that say the same."""
    same = f" = {', '.join(a.id for a in hit.reprints)}" if hit.reprints else ""
    return f"{hit.article.title}  ({hit.article.id}, {hit.score:.2f}){same}"


def cited_source(citation: Citation, language: Language) -> str:
    """Title, publisher and date of a citation on one line; what is unknown is said to be."""
    unknown = ("发布方不详", "日期不详") if language == "zh" else ("publisher unknown", "undated")
    title = f"《{citation.title}》" if language == "zh" else f"“{citation.title}”"
    return " · ".join((title, citation.publisher or unknown[0], citation.published or unknown[1]))
