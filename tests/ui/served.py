"""What the tests of the doors share: the articles that are served, a client, and a watch on connections."""

import http.client
import json
from dataclasses import dataclass, field
from typing import Any

from rag.config import Config

TEA = "云岫茶厂2023年春茶产量为6.5万斤，比上年增长两成。厂长陈望舒说，今年新开了三条生产线。"
BRIDGE = "青石桥建于1912年，全长48米，有五个桥孔。2021年大修时，工人在桥墩里发现了一枚铜钱。"
HOSTILE_TITLE = "<script>alert(1)</script>![p](http://192.0.2.1/p.png)${alert(2)}{{alert(3)}}古塔"
HOSTILE = (
    "雁回塔高<img src=http://192.0.2.1/i.png onerror=alert(4)>39米，共七层${alert(5)}{{constructor}}"
    "![x](http://192.0.2.1/x.png)<script>alert(6)</script>，建于北宋。"
)
SALARY = "薪酬委员会决定，明年的绩效奖金池为三千万元，由人力资源部在三月前发放。"
ARTICLES: tuple[dict[str, object], ...] = (
    {"id": "tea", "title": "云岫春茶", "text": TEA, "publisher": "茶业报", "published": "2024-03-01"},
    {"id": "bridge", "title": "青石桥", "text": BRIDGE, "url": "https://bridge.example/1"},
    {"id": "tower", "title": HOSTILE_TITLE, "text": HOSTILE, "url": "javascript:alert(7)"},
    {"id": "salary", "title": "薪酬会议", "text": SALARY, "publisher": "薪酬简报", "groups": ["hr"]},
)
LISTED = "http://portal.example"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Site:
    """A running server."""

    host: str
    port: int
    config: Config
    framing: str
    routes: list[Any]

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Send the path as it is written, which no ordinary client does."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            found = connection.getresponse()
            return Reply(found.status, {k.lower(): v for k, v in found.getheaders()}, found.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.request("GET", path, **headers)

    def post(self, path: str, record: object, **headers: str) -> Reply:
        body = record if isinstance(record, bytes) else json.dumps(record).encode()
        return self.request("POST", path, body, **{"Content_Type": "application/json", **headers})


@dataclass
class Connections:
    """Every address that this process connected to since it was cleared, seen by the interpreter itself."""

    made: list[object] = field(default_factory=list)

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.connect":
            self.made.append(arguments[1])
        elif event == "socket.getaddrinfo":
            self.made.append(arguments[:2])

    def beyond(self, host: str) -> list[object]:
        return [a for a in self.made if not (isinstance(a, tuple) and a and a[0] == host)]
