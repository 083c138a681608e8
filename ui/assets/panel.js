// The panel beside the conversation: the passages behind one turn. All text is set as text, never as HTML.
"use strict";
window.youju = window.youju || {};

youju.make = function (tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined && text !== null) element.textContent = text;
  return element;
};

(function () {
  const make = youju.make;
  let body, texts, opener;

  youju.panel = function (element, props) {
    texts = props.texts;
    body = element.querySelector(".yj-panel-body");
    body.setAttribute("role", "region");
    youju.showPanel(null);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") youju.closePanel();
    });
  };

  // Draw the cards of a turn; null: the panel as it is before the first answer.
  youju.showPanel = function (turn) {
    if (!body) return;
    const cards = (turn && turn.cards) || [];
    const heading = (turn && turn.heading) || texts.sources;
    body.replaceChildren(header(heading));
    body.setAttribute("aria-label", heading);
    body.dataset.turn = turn ? turn.id : "";
    if (!cards.length) body.append(make("p", "yj-hint", texts.no_sources));
    else if (turn.status === "no_evidence") body.append(make("p", "yj-hint", texts.nearest_more));
    cards.forEach((card) => body.append(drawCard(turn, card)));
    body.closest("#yj-panel").scrollTop = 0;
  };

  // Open the panel of a turn (a sheet on a narrow screen); with a number, mark and show that card.
  youju.openPanel = function (turn, number, from, focus) {
    if (body.dataset.turn !== turn.id) youju.showPanel(turn);
    opener = from;
    document.body.classList.add("yj-open");
    body.querySelectorAll(".yj-on").forEach((element) => element.classList.remove("yj-on"));
    const quote = number ? body.querySelector(`mark[data-number="${Number(number)}"]`) : null;
    const card = quote && quote.closest(".yj-card");
    if (card) {
      card.classList.add("yj-on");
      body.querySelectorAll(`[data-number="${Number(number)}"]`).forEach((element) => element.classList.add("yj-on"));
      reveal(card, quote);
    }
    if (focus) (card || body.querySelector(".yj-close")).focus({ preventScroll: true });
  };

  youju.closePanel = function () {
    if (!document.body.classList.contains("yj-open")) return;
    document.body.classList.remove("yj-open");
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
  };

  function header(heading) {
    const head = make("header", "yj-panel-head");
    const close = make("button", "yj-close", "✕");
    close.type = "button";
    close.setAttribute("aria-label", texts.close);
    close.addEventListener("click", youju.closePanel);
    head.append(make("h2", "", heading), close);
    return head;
  }

  function drawCard(turn, card) {
    const article = make("article", "yj-card");
    article.tabIndex = -1;
    const title = make("h3");
    card.numbers.forEach((number) => {
      const badge = make("span", "yj-number", number);
      badge.dataset.number = number;
      title.append(badge);
    });
    title.append(make("span", "", card.title));
    if (card.numbers.length) {
      const label = texts.source_n.replace("{}", card.numbers.join("、"));
      article.setAttribute("aria-label", `${label}：${card.title}`);
    }
    article.append(title, meta(card), passage(card));
    if (card.also) article.append(make("p", "yj-meta yj-also", card.also));
    return article;
  }

  function meta(card) {
    const line = make("p", "yj-meta", card.line);
    if (!card.url) return line;
    const link = make("a", "", `${texts.original} ${card.host}`);
    link.href = card.url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    line.append(" · ", link);
    return line;
  }

  function passage(card) {
    const quote = make("blockquote");
    const text = make("p", "yj-passage");
    card.parts.forEach((part, n) => {
      const shown = n === 0 ? part.text.trimStart() : part.text;
      const element = make(part.kind === "quote" ? "mark" : "span", `yj-${part.kind}`, shown);
      if (part.number) element.dataset.number = part.number;
      text.append(element);
    });
    quote.append(text);
    return quote;
  }

  // Bring the card to the top of the panel, or the quote if the card is longer; the page itself stays where it is.
  function reveal(card, quote) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const box = body.closest("#yj-panel");
    const room = box.clientHeight - body.querySelector(".yj-panel-head").offsetHeight - 12;
    const offset = (element) => element.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
    const fits = offset(quote) + quote.getBoundingClientRect().height - offset(card) < room;
    const top = fits ? offset(card) : offset(quote) - 48;
    box.scrollTo({ top: top - (box.clientHeight - room), behavior: calm ? "auto" : "smooth" });
  }
})();
