"""Whether a sentence denies what its evidence says, or the other way round, or takes a hope or a rumour for a fact.

Only words such as 没有 and 未 are read, and Chinese only; what denies in other ways (拒绝, 停止) is not.
"""

import re

_NOT = "不没未无非"
_DENIED = re.compile(r"(?:没有|并未|尚未|从未|未能|未曾|不会|不能|不再|不是|并非|未获|未)([\u4e00-\u9fff]{2})")
_DENIES = re.compile(r"没有|并未|尚未|从未|未能|未曾|不会|不能|不再|不是|并非|没(?!有)|未(?![来央成必])")
_CLAUSE = re.compile(r"[，,。；;！？!?：:\n]")
_SENTENCE = re.compile(r"[。；;！？!?\n]")
_FEW, _CLEARLY = 4, 0.15
_SAME = 0.6  # of the runs of two characters of a clause: then it is this sentence that it rewords
_REFUTED = re.compile(r"误报|谣|否认|不实|不符|未获|取消|驳回|拒绝|不是|并非|推迟|叫停")
_HOPED = re.compile(r"如果|假如|倘若|争取|力争|拟(?!人)|有望|原计划")
_HOPES = re.compile(r"如果|假如|倘若|争取|力争|拟|有望|计划|目标|将|预计|要|打算|希望|可能|若|会|望")
_DENYING = re.compile(r"不|没|未|非|无|否|谣|误|取消|驳回|拒|推迟|叫停")
_LONG = 100  # characters: a longer sentence denies other things, too
_HALF = 0.5  # of the runs of two characters: then it is this sentence that it rewords


def turned(sentence: str, evidence: str) -> str | None:
    """The words of a folded sentence that its folded evidence says the opposite of; None if there are none."""
    clauses = [c for c in _CLAUSE.split(sentence) if c]
    if not any(char in _NOT for char in sentence):
        return _denied_there(sentence, evidence) or next((c for c in clauses if _is_denied(c, evidence)), None)
    denying = ((c, found.group()) for c in clauses if (found := _DENIES.search(c)))
    return next((word for clause, word in denying if _is_affirmed(clause, evidence)), None)


def taken_for_fact(sentence: str, evidence: str) -> str | None:
    """The word by which the evidence's sentence denies, or only hopes, what a folded sentence states; None if none."""
    said = _runs(sentence)
    best = max(_SENTENCE.split(evidence), key=lambda other: len(said & _runs(other)), default="")
    if not said or len(best) > _LONG or len(said & _runs(best)) < _HALF * len(said):
        return None
    if (found := _REFUTED.search(best)) and not _DENYING.search(sentence):
        return found.group()
    if (found := _HOPED.search(best)) and not _HOPES.search(sentence):
        return found.group()
    return None


def _denied_there(sentence: str, evidence: str) -> str | None:
    """A word that the evidence has with a "not" before it, and not once without."""
    for found in _DENIED.finditer(evidence):
        word = found[1]
        if word in sentence and evidence.count(word) == len(re.findall(f"[没有未能曾会不再非是获]{word}", evidence)):
            return word
    return None


def _is_denied(clause: str, evidence: str) -> bool:
    """Whether the clause of the evidence that an affirming one rewords, and no other, denies it."""
    said = _runs(clause)
    if len(said) < _FEW:
        return False
    ranked = sorted((len(said & _runs(other)) / len(said), other) for other in _CLAUSE.split(evidence))
    best, second = ranked[-1], ranked[-2] if len(ranked) > 1 else (0.0, "")
    if best[0] < _SAME or best[0] - second[0] < _CLEARLY:
        return False
    return any(found[1] in clause for found in _DENIED.finditer(best[1]))


def _is_affirmed(clause: str, evidence: str) -> bool:
    """Whether the sentence of the evidence that a denying clause rewords denies nothing."""
    said = _runs(_DENIES.sub("", clause))
    if not said:
        return False
    best = max(_SENTENCE.split(evidence), key=lambda other: len(said & _runs(other)))
    return len(said & _runs(best)) >= _SAME * len(said) and not any(char in _NOT for char in best)


def _runs(text: str) -> set[str]:
    return {run for run in (text[place : place + 2] for place in range(len(text) - 1)) if run.isalnum()}
