// A button on a host page that opens youju in a frame. Usage: <script src="http://host:7860/widget.js" defer></script>
// The host page's origin must be listed in serve.frame_ancestors. data-lang="en" on the script asks for English.
"use strict";
(function () {
  const script = document.currentScript;
  const english = (script.dataset.lang || "").startsWith("en");
  const label = english ? "Ask the articles" : "有据问答";
  const page = new URL("./", script.src);
  page.searchParams.set("lang", english ? "en" : "zh");
  let frame;

  function style(element, rules) {
    Object.assign(element.style, rules);
    return element;
  }

  const button = style(document.createElement("button"), {
    position: "fixed", right: "20px", bottom: "20px", zIndex: "2147483000", border: "0", borderRadius: "24px",
    padding: "0 20px", height: "48px", background: "#1f4e8c", color: "#fff", cursor: "pointer",
    font: "600 16px/48px system-ui, sans-serif", boxShadow: "0 4px 16px rgb(0 0 0 / .25)",
  });
  button.type = "button";
  button.textContent = label;
  button.setAttribute("aria-expanded", "false");

  function makeFrame() {
    const made = style(document.createElement("iframe"), {
      position: "fixed", right: "20px", bottom: "80px", zIndex: "2147483000", border: "1px solid #c9d1da",
      borderRadius: "12px", width: "min(420px, calc(100vw - 40px))", height: "min(680px, calc(100vh - 110px))",
      background: "#fff", boxShadow: "0 8px 32px rgb(0 0 0 / .25)",
    });
    made.title = label;
    made.allow = "clipboard-write";
    made.src = page.href;
    document.body.append(made);
    return made;
  }

  function toggle(open) {
    frame = frame || makeFrame();
    frame.style.display = open ? "block" : "none";
    button.setAttribute("aria-expanded", String(open));
  }

  button.addEventListener("click", () => toggle(button.getAttribute("aria-expanded") === "false"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && frame) toggle(false);
  });
  document.body.append(button);
})();
