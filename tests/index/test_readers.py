"""From bytes to articles, format by format: web pages, PDF, Word, tables, and the readers of LlamaIndex."""

import io
import zipfile
import zlib

import pytest
from faults.documents import Printed, docx, paragraph, pdf, pdf_of, stream
from opencc import OpenCC

from index.config import CSV_FIELDS, ReadConfig
from index.errors import ConfigError
from index.sources import SourceFile, formats
from index.sources.table import _NAMES
from index.types import Article, Refused
from rag.config import load_config

OPENING = "海州图书馆新馆昨日开放，馆长林书明介绍，儿童阅览室可容纳两百人，全年免费。"
HOURS = "每周二至周日九点到二十一点开放，周一闭馆。读者凭身份证即可入馆，每人每次可借十本书。"
BRIDGE = "青石桥建于1912年，全长48米，有五个桥孔。2021年大修时，工人在桥墩里发现了一枚铜钱。"
SEATS = "各层阅览室都有座位，可以在网上预约。"
PAGE = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>新馆开放_海州新闻网</title>
<meta name="ArticleTitle" content="海州图书馆新馆开放"><meta name="PubDate" content="2024-05-06 08:30">
<meta name="ContentSource" content="海州日报"><meta name="author" content="王小明">
<meta property="og:url" content="https://news.example/1.html">
<script>var text = "脚本里的文字，足够长，像是一段正文。"</script><style>p {{ color: red }}</style></head><body>
<ul class="nav"><li><a href="/">首页</a></li><li><a href="/n">新闻</a></li></ul>
<div class="content"><h1>海州图书馆新馆开放</h1><p>{OPENING}</p><p>{HOURS}</p><p>{BRIDGE}</p>
<div style="display: none">藏起来的文字甲，足够长，像是一段正文，会被当作正文的一部分。</div>
<p hidden>藏起来的文字乙，足够长，像是一段正文，会被当作正文的一部分。</p>
<p style="font-size:0px">藏起来的文字丙，足够长，像是一段正文，会被当作正文的一部分。</p>
<h2>座位安排</h2><p>{SEATS}</p><table><tr><th>楼层</th><th>座位</th></tr><tr><td>一层</td><td>200</td></tr></table></div>
<div class="footer">版权所有 海州新闻网</div></body></html>"""


@pytest.fixture
def read(tmp_path):
    def read(name, data, config=None):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return list(formats.read(SourceFile(path, name), config or ReadConfig()))

    return read


@pytest.fixture
def refusal(read):
    def refusal(name, data, config=None):
        (one,) = read(name, data, config)
        assert isinstance(one, Refused)
        return one.reason.en

    return refusal


def test_a_page_gives_its_main_text_and_what_its_head_says(read):
    (one,) = read("a.html", PAGE)
    rows = ["海州图书馆新馆开放", OPENING, HOURS, BRIDGE, "座位安排", SEATS, "楼层 | 座位", "一层 | 200"]
    assert one.text.split("\n") == rows
    assert (one.title, one.publisher, one.published) == ("海州图书馆新馆开放", "海州日报", "2024-05-06")
    assert (one.author, one.url) == ("王小明", "https://news.example/1.html")
    assert {origin.where for origin in one.origins} == {"html_metadata"}


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("gb2312", "gb18030"), ("", "gb18030"), ("iso-8859-1", "gb18030"), ("gb2312", "utf-8"), ("nonsense", "utf-16")],
)
def test_a_page_is_read_in_the_encoding_it_is_in_whatever_it_declares(read, declared, encoding):
    (one,) = read("a.html", PAGE.replace('charset="utf-8"', f'charset="{declared}"').encode(encoding))
    assert OPENING in one.text and one.publisher == "海州日报"


def test_a_page_in_big5_is_read(read):
    traditional = OpenCC("s2t").convert(PAGE).replace('charset="utf-8"', 'charset="big5"')
    (one,) = read("a.html", traditional.encode("big5", "ignore"))
    assert OpenCC("s2t").convert(OPENING) in one.text


def test_a_page_without_marks_says_in_its_text_who_published_it_and_when(read):
    told = "<div><p>来源：海州日报</p><p>发布时间：2024年5月6日</p></div>"
    page = PAGE.replace("ArticleTitle", "x").replace("PubDate", "y").replace("ContentSource", "z")
    (one,) = read("a.html", page.replace('<div class="content">', told + '<div class="content">'))
    assert (one.publisher, one.published) == ("海州日报", "2024-05-06")


def test_an_inline_image_of_megabytes_hides_no_text(read):
    image = '<img src="data:image/png;base64,' + "A" * 11_000_000 + '">'
    (one,) = read("a.html", PAGE.replace("<h2>", image + "<h2>"))
    assert one.text.endswith("一层 | 200") and "AAAA" not in one.text


def test_a_page_of_wechat_is_read_though_a_script_would_reveal_it(read):
    body = "".join(f"<section><span>　　{text}</span></section>" for text in (OPENING, HOURS, BRIDGE))
    (one,) = read(
        "a.html",
        '<html><head><meta property="og:title" content="新馆开放"><meta property="og:site_name" content="微信公众平台">'
        '</head><body><a id="js_name"> 海州图书馆 </a><div id="js_content" style="visibility: hidden; opacity: 0;">'
        f"{body}</div></body></html>",
    )
    assert one.text.split("\n")[-3:] == [OPENING, HOURS, BRIDGE]
    assert (one.title, one.publisher) == ("新馆开放", "海州图书馆")


@pytest.mark.parametrize("page", ["<html><script>alert(1)</script></html>", "<!-- -->", "<title>题</title>"])
def test_a_page_without_a_main_text_is_refused(refusal, page):
    assert "no main text" in refusal("a.html", page)


def lines(text, *, width=20, indent=2, top=740):
    """A paragraph as a word processor sets it: lines `width` characters wide, the first one indented."""
    rows, room = [""], width - indent
    for char in text:
        room -= 0.5 if char.isascii() else 1
        if room < 0:
            rows, room = [*rows, ""], width - (0.5 if char.isascii() else 1)
        rows[-1] += char
    return [Printed(row, 90 + 11 * indent * (n == 0), top - 22 * n) for n, row in enumerate(rows)]


def test_lines_of_a_pdf_become_paragraphs_and_running_heads_go(read):
    pages = [
        [Printed("海州图书馆年报 2024", 90, 810, 9), *lines(OPENING + HOURS), Printed(f"- {n} -", 280, 30, 9)]
        for n in (1, 2)
    ]
    pages[1] += lines(BRIDGE, top=600)
    (one,) = read("a.pdf", pdf(pages))
    assert one.text.split("\n") == [OPENING + HOURS, OPENING + HOURS, BRIDGE]


def test_paragraphs_without_indents_are_told_by_the_gap_between_them(read):
    (one,) = read("a.pdf", pdf([lines(OPENING + HOURS, indent=0) + lines(BRIDGE, indent=0, top=740 - 5 * 22 - 12)]))
    assert one.text.split("\n") == [OPENING + HOURS, BRIDGE]


def test_a_line_in_two_fonts_is_one_line(read):
    (one,) = read("a.pdf", pdf([[Printed("“5+6”", 90), Printed("、基金与目标", 130, 699)]]))
    assert one.text == "“5+6”、基金与目标"


def test_a_paragraph_goes_on_over_the_page(read):
    whole = lines(OPENING + HOURS + BRIDGE)
    (one,) = read("a.pdf", pdf([whole[:3], [Printed(line.text, line.x, line.y) for line in whole[3:]]]))
    assert one.text == OPENING + HOURS + BRIDGE


def test_words_that_a_pdf_broke_are_joined_and_latin_ones_kept_apart(read):
    rows = ("The organisation said that the recog-", "nition of speech works well and long", "term plans exist.")
    (one,) = read("a.pdf", pdf([[Printed(row, y=700 - 22 * n) for n, row in enumerate(rows)]]))
    assert one.text == "The organisation said that the recognition of speech works well and long term plans exist."


def test_columns_of_a_pdf_are_read_one_after_the_other(read):
    left = [Printed("左" * 20, 60, 700 - 20 * n, 10) for n in range(5)] + [Printed("左栏完。", 60, 600, 10)]
    right = [Printed("右" * 20, 320, 700 - 20 * n, 10) for n in range(5)] + [Printed("右栏完。", 320, 600, 10)]
    (one,) = read("a.pdf", pdf([left + right]))
    assert one.text == "左" * 100 + "左栏完。\n" + "右" * 100 + "右栏完。"


def test_the_title_of_a_pdf_is_in_its_largest_letters_and_below_a_red_head(read):
    head = [Printed("海州市人民政府文件", 150, 780, 30), Printed("关于新馆开放的通  知", 150, 740, 20)]
    (one,) = read("a.pdf", pdf([head + lines(OPENING + HOURS, top=700)], {"Title": "Microsoft Word - x.doc"}))
    assert one.title == "关于新馆开放的通 知"


def test_properties_of_a_document_count_only_where_its_text_says_them_too(read):
    said = {"Title": "海州图书馆新馆昨日开放", "Author": "林书明", "CreationDate": "D:20240506"}
    (one,) = read("a.pdf", pdf([lines(OPENING)], said))
    assert (one.title, one.author, one.published) == ("海州图书馆新馆昨日开放", "林书明", None)
    (one,) = read("a.pdf", pdf([lines(OPENING)], {"Title": "模板", "Author": "Administrator"}))
    assert one.title.startswith("海州图书馆") and one.author is None


PRIVATE = "".join(map(chr, range(0xE000, 0xE01E)))
ENCRYPTED = pdf([lines(OPENING)]).replace(
    b"/Info", b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>] /Info"
    % (b"11" * 32, b"22" * 32),
)  # fmt: skip
TREE = b"<< /Type /Catalog /Pages 2 0 R >>"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf([[], []]), "may be a scan"),
        (pdf([[Printed(PRIVATE, y=700 - 20 * n) for n in range(9)]]), "garbled"),
        (ENCRYPTED, "needs a password"),
        (pdf([lines(OPENING)])[:500], "not a whole PDF"),
        (b"%PDF-1.7\n", "not a whole PDF"),
        (pdf([]), "not a whole PDF"),
        (pdf_of([TREE, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"], b"/Root 1 0 R"), "not a whole PDF"),
    ],
)
def test_a_pdf_without_readable_text_says_why(refusal, data, reason):
    assert reason in refusal("a.pdf", data)


def test_a_pdf_that_expands_is_read_within_bounds(refusal):
    kids = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>"
    packed = stream(zlib.compress(b"BT " + b" " * 50_000_000), b"/Filter /FlateDecode ")
    assert "may be a scan" in refusal("a.pdf", pdf_of([TREE, kids, page, packed], b"/Root 1 0 R"))


def test_a_word_document_gives_paragraphs_and_tables_in_order(read):
    cell = "<w:tc>{}</w:tc>".format
    rows = "".join(
        f"<w:tr>{cell(paragraph(a))}{cell(paragraph(b))}</w:tr>" for a, b in (("楼层", "座位"), ("一层", "200"))
    )
    body = paragraph(OPENING) + f"<w:tbl>{rows}</w:tbl>" + paragraph(HOURS)
    (one,) = read("a.docx", docx(body))
    assert one.text.split("\n") == [OPENING, "楼层 | 座位", "一层 | 200", HOURS]


def test_a_table_within_a_table_is_read_once(read):
    cell = "<w:tc>{}</w:tc>".format
    inner = f"<w:tbl><w:tr>{cell(paragraph('甲'))}{cell(paragraph('乙'))}</w:tr></w:tbl>"
    (one,) = read("a.docx", docx(f"<w:tbl><w:tr>{cell(inner)}{cell(paragraph('丙'))}</w:tr></w:tbl>"))
    assert one.text == "甲 | 乙 | 丙"


def test_a_word_document_gives_what_word_shows(read):
    run = "<w:r><w:t>{}</w:t></w:r>".format
    (one,) = read(
        "a.docx",
        docx(
            f"<w:sdt><w:sdtContent>{paragraph('控件里的字。')}</w:sdtContent></w:sdt><w:p><w:ins>{run('后来加的，')}</w:ins>"
            "<w:del><w:r><w:delText>删去的</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏的</w:t></w:r>"
            f"{run('原有的。')}</w:p>"
        ),
    )
    assert one.text == "控件里的字。\n后来加的，原有的。"


def test_a_word_document_made_by_the_library_has_its_heading_as_title(read):
    from docx import Document

    document, packed = Document(), io.BytesIO()
    document.add_paragraph("内部资料")
    document.add_heading("新馆开放", 0)
    document.add_paragraph(OPENING)
    document.core_properties.author, document.core_properties.title = "林书明", "Word Document"
    document.save(packed)
    (one,) = read("a.docx", packed.getvalue())
    assert (one.title, one.author, one.text) == ("新馆开放", "林书明", f"内部资料\n新馆开放\n{OPENING}")


def archive(name):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr(name, "x")
    return packed.getvalue()


ENTITY = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE d [<!ENTITY a "哈"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx(paragraph("字"), members={"word/media/a.bin": b"\0" * 250_000_000}), "250 MB when expanded"),
        (docx(paragraph("字" * 10_000_000)), "30 MB when expanded"),
        (docx(paragraph("字"), members={f"x/{n}": "" for n in range(10_000)}), "10003 members"),
        (docx(paragraph("字"), members={"../evil.txt": "x"}), "leads out of it"),
        (docx(paragraph("字"), members={"/etc/evil.txt": "x"}), "leads out of it"),
        (docx(paragraph("&x;"), prolog=ENTITY), "declarations of entities"),
        (docx(paragraph("&b;"), prolog=LAUGHS), "declarations of entities"),
        (docx(paragraph("字"), members={"word/styles.xml": ENTITY.encode("utf-16")}), "declarations of entities"),
        (docx(paragraph("字"))[:-100], "not a whole Word document"),
        (docx("<w:p><w:r>"), "not a whole Word document"),
        (docx("<w:sdt><w:sdtContent>" * 3000 + "</w:sdtContent></w:sdt>" * 3000), "not a whole Word document"),
        (archive("xl/workbook.xml"), "no Word document in the archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3000, "an old Word file (.doc)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "needs a password"),
        (b"\x00" * 100, "not a whole Word document"),
        (docx(paragraph(" ")), "no text in the document"),
    ],
)  # fmt: skip
def test_a_word_document_that_is_none_says_why(refusal, data, reason):
    assert reason in refusal("a.docx", data)


TABLE = f'编号,标题,正文,日期,来源,链接,作者\n7,新馆,"{OPENING}\n{HOURS}",2024/5/6 10:00,海州日报,https://a.example/,林书明\n'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", TABLE.encode("gb18030")),
        ("a.csv", TABLE.replace(",", ";").encode("utf-8-sig")),
        ("a.tsv", TABLE.replace(",", "\t").encode("utf-16")),
        ("a.CSV", TABLE.replace("\n", "\r\n").encode()),
    ],
)
def test_a_row_of_a_table_is_an_article_whatever_the_encoding_and_delimiter(read, name, data):
    (one,) = read(name, data)
    assert (one.id, one.source, one.title, one.text) == ("7", name, "新馆", f"{OPENING}\n{HOURS}")
    assert (one.published, one.publisher, one.url) == ("2024-05-06", "海州日报", "https://a.example/")
    assert one.author == "林书明"


def test_columns_are_named_by_the_configuration(read):
    config = ReadConfig(csv={"text": "通知全文", "id": "文号", "groups": "科室"})
    (one,) = read("a.csv", f"文号,科室,通知全文\n海发1号,人事|财务,{BRIDGE}\n", config)
    assert (one.id, one.groups, one.text) == ("海发1号", ("人事", "财务"), BRIDGE)


def test_every_field_that_can_be_configured_is_looked_for():
    assert set(CSV_FIELDS) == set(_NAMES)


def test_a_row_without_an_id_is_known_by_its_number(read):
    first, second = read("a.csv", f"标题,正文\n甲,{OPENING}\n\n乙,{HOURS}\n")
    assert (first.id, second.id) == ("a.csv:2", "a.csv:4")


def test_a_table_without_texts_names_the_columns_it_has(refusal):
    reason = refusal("a.csv", "甲,乙\n1,2\n")
    assert "甲、乙" in reason and "index.csv.text" in reason


def test_a_table_that_should_say_who_may_read_and_does_not_is_refused(refusal):
    assert "no column for groups" in refusal("a.csv", "id,text\n1,x\n", ReadConfig(csv={"groups": "科室"}))


def test_rows_that_are_unfit_are_refused_by_number_and_the_others_read(read):
    found = read(
        "a.csv",
        f"id,text,date\n1,{OPENING},2024\n2,一,二,三\n3,只有两列\n4,他说\"好\",2024\n5,\"他\"说,2024\n6,,2024\n7,{HOURS},昨天\n"
        f"8,{'长' * 1_000_001},2024\n9,{BRIDGE},\n10,\"没有关上的引号\n11,{BRIDGE},\n",
    )  # fmt: skip
    assert [one.id for one in found if isinstance(one, Article)] == ["1", "4", "9"]
    refused = {one.source: one for one in found if isinstance(one, Refused)}
    assert list(refused) == [f"a.csv:row {number}" for number in (3, 4, 6, 7, 8, 9, 11)]
    assert (refused["a.csv:row 8"].article_id, refused["a.csv:row 7"].gone) == ("7", True)
    assert "more than 1 million characters" in refused["a.csv:row 9"].reason.en


class Pages:
    """A reader as LlamaIndex has them: one Document a page."""

    def load_data(self, file, extra_info=None):
        from types import SimpleNamespace

        pages = file.read_text("utf-8").split("\f")
        return [SimpleNamespace(text=text, metadata={"title": "新馆", "page": n}) for n, text in enumerate(pages)]


def test_the_documents_of_a_llama_index_reader_make_one_article(read, monkeypatch):
    monkeypatch.setattr("index.sources.llama_reader.import_module", lambda name: __import__(__name__, fromlist=["x"]))
    (one,) = read("a.pages", f"{OPENING}\f{HOURS}", ReadConfig(readers={".pages": "some.module:Pages"}))
    assert (one.title, one.text) == ("新馆", f"{OPENING}\n\n{HOURS}")


@pytest.mark.parametrize("target", ["no.such.module:Reader", "json:Reader", "json:dumps", "json:JSONDecoder"])
def test_a_reader_that_cannot_be_used_names_the_key_of_the_configuration(refusal, target):
    reason = refusal("a.epub", "x", ReadConfig(readers={".epub": target}))
    assert f"index.readers.'.epub' = '{target}'" in reason


def test_columns_and_readers_stand_in_the_configuration(tmp_path):
    file = tmp_path / "youju.toml"
    file.write_text('[index.csv]\ntext = "通知全文"\n[index.readers]\n".epub" = "some.module:Reader"\n', "utf-8")
    reading = load_config(file, {}).index.reading
    assert reading == ReadConfig(csv={"text": "通知全文"}, readers={".epub": "some.module:Reader"})


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ("[index]\ncsv = 3", "index.csv = 3"),
        ("[index.csv]\ncolour = 'x'", "index.csv.colour"),
        ("[index.csv]\ntext = 3", "index.csv.text = 3"),
        ("[index.csv]\ntext = ' '", "index.csv.text"),
        ("[index.readers]\nepub = 'a:B'", "index.readers.'epub'"),
        ("[index.readers]\n'.EPUB' = 'a:B'", "index.readers.'.EPUB'"),
        ("[index.readers]\n'.epub' = 'no colon'", "index.readers.'.epub' = 'no colon'"),
    ],
)
def test_a_wrong_column_or_reader_in_the_configuration_is_named(tmp_path, toml, named):
    file = tmp_path / "youju.toml"
    file.write_text(toml, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(file, {})
    assert named in caught.value.message.zh and named in caught.value.message.en
