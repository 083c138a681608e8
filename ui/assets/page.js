// The conversation. The server sends the state of one turn at a time; this draws it. All text is set as text, never as HTML.
"use strict";
window.youju = window.youju || {};

(function () {
  const make = youju.make;
  const turns = new Map(); // id → { record, element }
  const PATIENCE = 60000; // ms without news until a turn counts as lost
  let log, texts, examples, written, ask;

  youju.brand = function (element, props) {
    const say = props.texts;
    const name = make("h1", "", say.name);
    const other = make("a", "yj-language", say.other_language);
    const english = say.html_lang === "en";
    other.href = `?lang=${english ? "zh" : "en"}`;
    other.lang = english ? "zh-CN" : "en";
    element.firstElementChild.replaceChildren(name, make("p", "", say.tagline), other);
  };

  youju.log = function (element, props, watch, trigger) {
    log = element.firstElementChild;
    texts = props.texts;
    examples = props.examples || [];
    written = props.written; // by a language model
    ask = (question) => trigger("submit", { question });
    log.setAttribute("role", "log");
    log.setAttribute("aria-label", texts.talk);
    welcome();
    watchConnection();
    watch("value", () => show(props.value || {}));
  };

  function show(record) {
    if (record.fresh) return startAfresh();
    if (!record.id) return;
    log.querySelectorAll(".yj-lost").forEach((line) => line.remove());
    if (!turns.size) log.replaceChildren();
    if (!turns.has(record.id)) begin(record);
    const turn = turns.get(record.id);
    clearTimeout(turn.patience);
    turn.patience = setTimeout(() => giveUp(turn), PATIENCE);
    const grown = (record.sentences || []).length !== (turn.record.sentences || []).length;
    turn.record = record;
    turn.element.querySelector(".yj-question p").textContent = record.question;
    drawAnswer(turn);
    if (record.cards && record.id !== youju.shown) {
      youju.shown = record.id;
      youju.showPanel(record);
    }
    if (grown || record.phase !== "writing") follow(turn.element);
  }

  // Gradio tells of a lost connection or a full queue in a toast, in English; page.css hides it, and it is told here.
  function watchConnection() {
    const toasts = document.querySelector(".toast-wrap");
    if (!toasts) return;
    new MutationObserver(() => toasts.querySelector(".error") && tellLost()).observe(toasts, { childList: true, subtree: true });
  }

  function tellLost() {
    if (log.querySelector(".yj-lost")) return;
    const line = make("p", "yj-error yj-lost", texts.lost);
    log.append(line);
    line.scrollIntoView({ block: "end" });
  }

  function startAfresh() {
    turns.clear();
    youju.shown = null;
    youju.closePanel();
    youju.showPanel(null);
    welcome();
    const box = document.querySelector("#yj-box textarea");
    if (box) box.focus();
  }

  function welcome() {
    const page = make("div", "yj-welcome");
    page.append(make("h2", "", texts.welcome), make("p", "", written ? texts.welcome_model : texts.welcome_more));
    if (examples.length) {
      page.append(make("h3", "", texts.examples));
      const list = make("ul", "yj-examples");
      examples.forEach((question) => list.append(example(question)));
      page.append(list);
    }
    log.replaceChildren(page);
  }

  function example(question) {
    const item = make("li");
    const button = make("button", "", question);
    button.type = "button";
    button.addEventListener("click", () => ask(question));
    item.append(button);
    return item;
  }

  function begin(record) {
    const element = make("section", "yj-turn");
    const question = make("div", "yj-question");
    question.append(make("span", "yj-hidden", `${texts.you}：`), make("p", "", record.question));
    const answer = make("div", "yj-answer");
    element.append(question, answer);
    log.append(element);
    turns.set(record.id, { record: {}, element, answer });
  }

  function giveUp(turn) {
    if (!turn || turn.record.phase === "done") return;
    turn.record = { ...turn.record, phase: "done", error: texts.lost };
    drawAnswer(turn);
  }

  function drawAnswer(turn) {
    const record = turn.record;
    const parts = [];
    if (record.phase === "searching") parts.push(make("p", "yj-status", texts.searching));
    if (record.phase === "asking") parts.push(make("p", "yj-status", texts.asking));
    if (record.error) parts.push(make("p", "yj-error", record.error));
    if (record.searched) parts.push(make("p", "yj-searched", record.searched));
    if (record.filtered) parts.push(make("p", "yj-searched", record.filtered));
    if (record.sentences) parts.push(sentences(turn));
    if (record.note) parts.push(make("p", "yj-note", record.note));
    if (record.sentences && record.phase === "done") parts.push(tools(turn));
    turn.answer.setAttribute("aria-busy", record.phase !== "done");
    turn.answer.replaceChildren(...parts);
  }

  function sentences(turn) {
    const text = make("p", "yj-text");
    turn.record.sentences.forEach((sentence) => {
      text.append(sentence.unverified ? make("span", "yj-unverified", sentence.text) : sentence.text);
      sentence.marks.forEach((number) => text.append(mark(turn, number)));
    });
    return text;
  }

  function mark(turn, number) {
    const button = make("button", "yj-mark", `[${number}]`);
    const card = turn.record.cards.find((c) => c.numbers.includes(number));
    button.type = "button";
    button.title = card ? card.title : "";
    button.setAttribute("aria-label", `${texts.source_n.replace("{}", number)}${card ? `：${card.title}` : ""}`);
    button.addEventListener("click", (event) => openAt(turn, number, button, event.detail === 0));
    return button;
  }

  function openAt(turn, number, from, focus) {
    youju.shown = turn.record.id;
    youju.openPanel(turn.record, number, from, focus);
  }

  function tools(turn) {
    const row = make("div", "yj-tools");
    if (turn.record.show) {
      const sources = make("button", "yj-tool yj-show", turn.record.show);
      sources.addEventListener("click", (event) => openAt(turn, null, sources, event.detail === 0));
      row.append(sources);
    }
    const copy = make("button", "yj-tool", texts.copy);
    copy.addEventListener("click", () => youju.copyTurn(turn.record, copy, texts));
    row.append(copy, make("span", "yj-mode", turn.record.mode));
    row.querySelectorAll("button").forEach((button) => (button.type = "button"));
    return row;
  }

  // Keep the turn in view while it grows: its question at the top if it is longer than the window.
  function follow(element) {
    const scroller = log.closest("#yj-log");
    const room = element.getBoundingClientRect().top - log.getBoundingClientRect().top;
    const end = log.scrollHeight - scroller.clientHeight;
    scroller.scrollTo({ top: Math.min(room, end), behavior: "auto" });
  }

  // Enter that ends the composing of Chinese characters must not send the question.
  for (const type of ["keydown", "keypress"]) {
    document.addEventListener(
      type,
      (event) => {
        if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.stopPropagation();
      },
      true
    );
  }
})();
