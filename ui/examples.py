"""Questions to begin with. One is shown only if this index answers it from the article it was written for, so that a
page over other articles never asks about ours.
"""

from collections.abc import Iterator

from index.errors import Language, QuestionError
from rag.assistant import Assistant
from rag.types import Question
from ui import page_texts

SHOWN = 5
_LONGEST_TITLE = 40
_TALENT, _MEASURES = "000-talent-and-policy-2024-05.md", "001-large-model-measures.md"
_CONGRESS, _CONFERENCE = "002-two-sessions-2024-03.md", "003-world-ai-conference-2024-07.md"
_CITY = "004-model-city-2025.md"
_ZH = (
    ("为了帮企业拿到算力，上海推出了哪三项举措？", _TALENT),
    ("上海大模型“11条”要在哪九个领域建示范应用场景？", _MEASURES),
    ("2024世界人工智能大会聚焦什么主题？", _CONFERENCE),
    ("设立“中试训练场”是为了什么？", _CITY),
    ("Over the past six years, how many people visited the World AI Conference in person?", _CONFERENCE),
)
_EN = (
    ("Over the past six years, how many people visited the World AI Conference in person?", _CONFERENCE),
    ("Which city said it wants to be a low-cost hub for computing power and an exporter of models?", _CITY),
    ("On what date was the new-industrialisation MaaS platform unveiled in Shanghai?", _CITY),
    ("According to Ding Guanghong, where does most of OpenAI's research funding come from?", _CONGRESS),
    ("设立“中试训练场”是为了什么？", _CITY),
)


def examples(assistant: Assistant, language: Language) -> list[str]:
    """At most five questions that the index answers; none where it answers none."""
    written = _ZH if language == "zh" else _EN
    bundled = [text for text, article in written if _is_answered(assistant, text, article)]
    return bundled or list(_about_articles(assistant, language))[:SHOWN]


def _about_articles(assistant: Assistant, language: Language) -> Iterator[str]:
    """What the articles nearest to “main content” are about, by their titles."""
    form = page_texts.table(language)["about_article"]
    for hit in assistant.search(Question("主要内容 main content"), SHOWN * 2):
        title = " ".join(hit.article.title.split())
        if 0 < len(title) <= _LONGEST_TITLE and _is_answered(assistant, form.format(title), hit.article.id):
            yield form.format(title)


def _is_answered(assistant: Assistant, text: str, article: str) -> bool:
    try:
        answer = assistant.excerpt(Question(text))
    except QuestionError:
        return False
    return any(citation.article_id == article for citation in answer.citations)
