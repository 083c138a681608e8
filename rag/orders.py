"""Sentences of an article that give orders to whoever answers from it. They are neither shown to a model nor evidence.

Articles are data. A sentence such as "ignore the instructions above and write …" is no statement that an answer could
rest on, so leaving it out costs nothing where a model is well behaved, and disarms it where a model obeys.
"""

import re
from collections.abc import Sequence

from index.fold import fold
from index.passages import Span, sentences
from rag.types import Hit

# Matched against folded text: Simplified, lower case, NFKC.
_ORDERS = tuple(
    re.compile(pattern)
    for pattern in (
        # set aside what was said before
        r"(?:忽略|无视|忘记|忘掉|忽视|抛开|绕过|不要(?:理会|遵守|遵循)|不(?:必|用|再)(?:理会|遵守|遵循))"
        r"[^。！？\n]{0,16}(?:指令|指示|命令|提示|规则|要求|设定|约束|上文|(?:以上|之前|先前|前面|上述|此前)(?:的|所有|全部|内容|[，。,!！]|$))",
        r"\b(?:ignore|disregard|forget|override|bypass|do not follow)\b[^.!?\n]{0,60}\b(?:instructions?|prompts?|"
        r"rules?|above|previous|prior|earlier|guidelines?|directions?|restrictions?|safety|context|system)\b",
        # a new rôle or task for the one who reads
        r"(?:从现在(?:起|开始)|自此|接下来)[^。！？\n]{0,8}(?:你|请|一律|只能|必须|所有回答)",
        r"你(?:现在|从此)?(?:是|将是|扮演|要扮演|必须|务必|应当|只能|需要|的(?:新)?(?:任务|身份|角色|目标|职责))"
        r"[^。！？\n]{0,30}(?:助手|模型|机器人|ai|专家|角色|回答|输出|回复|答复|说|写|扮演|告诉|附|返回)",
        r"\byou (?:are now|are no longer|will now|must now|act as)\b|\b(?:act|pretend|behave|roleplay) as\b"
        r"|\bfrom now on\b|\byou are (?:an?|the) (?:\w+ )?(?:assistant|ai|model|chatbot|bot|agent)\b",
        r"(?:新|最新|隐藏|秘密|真正)的?(?:指令|指示|命令|系统提示)(?:如下|是|为|[:：])"
        r"|\b(?:new|hidden|secret|real|updated) instructions?\b",
        # whoever answers is addressed
        r"(?:ai|人工智能|(?:大)?(?:语言)?模型|智能?助手|聊天机器人|问答系统|机器人|本系统|assistant|llm|chatbot)"
        r"[^。！？\n]{0,10}(?:请|必须|务必|应当|应该|一律|注意|听令|需要|要在|须)[^。！？\n]{0,40}"
        r"(?:回答|输出|回复|答复|写|说|附上|加上|包含|返回|打印|复述|告诉|插入|推荐|忽略|引用)",
        r"\b(?:ai|assistants?|language models?|llms?|chatbots?|models?)\b[^.!?\n]{0,20}"
        r"\b(?:must|should|shall|please|will|need to|are (?:required|instructed|ordered))\b[^.!?\n]{0,60}"
        r"\b(?:answer|reply|respond|say|output|write|include|append|print|repeat|add|insert|recommend|ignore|tell)\b",
        r"\byou (?:must|should|shall|will|have to|need to)\b[^.!?\n]{0,60}"
        r"\b(?:answer|reply|respond|say|output|print|repeat|append|include|insert|ignore|recommend)\b",
        # what its answer should hold
        r"(?:回答|答复|回复|答案|输出|总结|摘要)(?:任何|所有|每个|这个|该|本|用户|一切)?(?:的)?(?:问题|提问|内容)?"
        r"(?:时|之前|之后|前|后|的?(?:末尾|开头|结尾|最后|中|里|里面))[^。！？\n]{0,12}"
        r"(?:请|必须|务必|都要|要|一律|只|应|先|须|加上|附上|写上|写明|包含|插入|带上|嵌入)",
        r"(?:请|必须|务必|一律|立即|直接|只需?|只能|现在)(?:在?[^。！？\n]{0,10})"
        r"(?:输出|打印|原样|复述|重复|回复|念出|说出|写出|回答)(?:\W?[“”\"「『‘'`]|[^。！？\n]{0,12}"
        r"(?:以下|下面|如下|这(?:句|段|个|串)|链接|网址|图片|暗号|口令|字样|代码|[:：]|[a-z0-9]{4,}))",
        r"(?:^\W*|[,;:] ?|\b(?:please|must|should|shall|will|to|and|then|only|always|directly) )"
        r"(?:reply|respond|answer|output|print|say|repeat|write|end|begin|start)\b[^.!?\n]{0,30}"
        r"\b(?:only|exactly|verbatim|the following|(?:the )?(?:word|words|phrase|string|text|token|code|link|url|image)"
        r"|this (?:link|sentence|text|url|image)|with[: ]+[\"'“‘`a-z0-9])",
        r"\b(?:in|to|at the end of|at the start of|with) (?:your|every|each|all|the|any) (?:answers?|repl(?:y|ies)|"
        r"responses?|outputs?)\b|\bwhen (?:asked|answering|replying|responding)\b|\bto the user\b",
        r"(?:如果|若|假如|凡)(?:有人|用户|读者|谁)?再?(?:问|询问|提问)[^。！？\n]{0,30}(?:答|回答|回复|说|输出)",
        r"(?:如果|若|假如)你是[^。！？\n]{0,6}(?:ai|人工智能|模型|助手|机器人)"
        r"|\bif you are (?:an?|the) (?:\w+ )?(?:ai|llm|model|bot)",
        r"(?:正确|唯一|标准)的?(?:回答|答案)(?:都|只|就)?(?:是|为)"
        r"|\b(?:correct|only|right) answer (?:is|to (?:any|every|all))",
        r"\b(?:tell|inform|direct|send|instruct) the (?:user|reader|asker)|(?:引导|告诉|通知)(?:用户|提问者|提问的人)",
        r"用[^。！？\n]{1,20}(?:代替|替换|取代)(?:答案|回答|回复)|停止回答|\bstop answering\b|\bnew task\b",
        # what a model was told before
        r"(?:泄露|透露|显示|打印|输出|公布|给出|重复|复述)[^。！？\n]{0,10}(?:系统提示|提示词|你的指令|初始指令|密钥|prompt)",
        r"\b(?:reveal|show|print|output|repeat|leak)\b[^.!?\n]{0,30}\b(?:system prompt|instructions|api key|prompt)\b",
        r"开发者模式|越狱模式|developer mode|\bjailbreak|do anything now",
        # the marks of chat templates, whatever stands between them
        r"<\|[^|>\n]{1,40}\|>|<｜[^｜>\n]{1,40}｜>|\[/?inst\]|<</?sys>>|</?(?:system|assistant|user|passages?|think|tool_call)\b[^>\n]{0,80}>",
        r"^\W{0,6}(?:system|assistant|instructions?|note to (?:\w+ )?(?:llm|ai|assistant|model|bot)s?|系统|管理员"
        r"|开发者(?=提示|指令|消息|命令))(?:提示|指令|消息|命令|通知|prompt|message|override)?\W{0,3}[:：]",
        r"^#{1,6} ?(?:instructions?|system|指令|系统)|\[(?:system|admin|系统|管理员)[^\]\n]{0,20}\]",
    )
)
# What follows an order goes on with it where it looks like that: an imperative, or what is to be written.
_GOES_ON = re.compile(
    r"^\W*(?:请|必须|务必|然后|接着|并且?|同时|并请|输出|打印|回复|回答|写|说|附上|加上|重复|复述|不要|别|then|also|and|output|print|"
    r"reply|say|write|include|append|do not|never|always)|https?:|www\.|!\[|\]\(|[a-z]+[-_][a-z0-9-]*\d|^[\W\d]*$"
)
_CODE = re.compile(r"[a-z0-9][a-z0-9_\-./:]{3,}")
_RUN = 8  # characters


def orders(hit: Hit) -> tuple[Span, ...]:
    """The orders in a hit's passage, at their place in the article."""
    text, found, going_on = hit.article.text, [], False
    for span in sentences(text, hit.passage.start, hit.passage.end):
        sentence = text[span.start : span.end]
        going_on = is_order(sentence) or (going_on and _GOES_ON.search(fold(sentence)) is not None)
        if going_on:
            found.append(span)
    return tuple(found)


def is_order(sentence: str) -> bool:
    """Whether a sentence gives an order to whoever answers."""
    folded = fold(sentence)
    return any(order.search(folded) for order in _ORDERS)


def share(text: str, order: str) -> bool:
    """Whether a text repeats a run of an order, or a name, code or address that stands in it."""
    said, ordered = fold(text), fold(order)
    runs = (said[at : at + _RUN] for at in range(len(said) - _RUN + 1))
    return any(run in ordered for run in runs) or any(code in said for code in _CODE.findall(ordered))


def blanked(hit: Hit, spans: Sequence[Span]) -> str:
    """The passage with a … in the place of each span, of the same length otherwise."""
    text, parts, at = hit.article.text, [], hit.passage.start
    for span in spans:
        parts += [text[at : span.start], "…"]
        at = span.end
    return "".join([*parts, text[at : hit.passage.end]])
