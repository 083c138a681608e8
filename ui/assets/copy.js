// A turn as plain text on the clipboard: question, answer with its marks, and the sources with their quotes.
"use strict";
window.youju = window.youju || {};

(function () {
  function asText(record) {
    const answer = record.sentences.map((s) => s.text + s.marks.map((n) => `[${n}]`).join("")).join("");
    const sources = record.cards.flatMap((card) => card.parts.filter((p) => p.number).map((p) => asSource(card, p)));
    sources.sort((a, b) => a.number - b.number);
    return [record.question, answer, ...sources.map((s) => s.text)].join("\n\n");
  }

  function asSource(card, part) {
    return { number: part.number, text: `[${part.number}] 《${card.title}》 ${card.line}\n    “${part.text}”` };
  }

  // The clipboard's own interface is missing where the page is served without TLS on another host than this one.
  youju.copyTurn = async function (record, button, texts) {
    const text = asText(record);
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = youju.make("textarea", "yj-hidden", text);
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = texts.copied;
    setTimeout(() => (button.textContent = texts.copy), 1600);
  };
})();
