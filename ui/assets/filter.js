// The filter above the question box: closed until it is wanted, its choice always in sight. What is chosen is the
// component's value, as JSON; the server checks it.
"use strict";
window.youju = window.youju || {};

(function () {
  const make = youju.make;
  const root = new URL("../", document.currentScript.src);
  const LONGEST = 200; // characters of a publisher's name; the server takes no more

  youju.filter = function (element, props) {
    const texts = props.texts;
    const inputs = {
      publisher: input("text", { maxLength: LONGEST, placeholder: texts.filter_any, autocomplete: "off" }),
      since: input("date", { max: "9999-12-31" }),
      until: input("date", { max: "9999-12-31" }),
    };
    const box = make("details");
    const chosen = make("span", "yj-chosen");
    const summary = make("summary");
    summary.append(make("span", "", texts.filter), chosen);
    const names = publishers(inputs.publisher);
    const clear = make("button", "yj-tool", texts.filter_clear);
    clear.type = "button";
    const period = make("div", "yj-period");
    period.append(field(texts.filter_since, inputs.since), field(texts.filter_until, inputs.until));
    const fields = make("div", "yj-fields");
    fields.append(field(texts.filter_publisher, inputs.publisher), period, clear, names);
    box.append(summary, fields);
    element.firstElementChild.replaceChildren(box);

    function update() {
      const values = Object.entries(inputs).map(([key, one]) => [key, one.value.trim()]);
      const found = Object.fromEntries(values.filter(([, value]) => value));
      const isSet = Object.keys(found).length > 0;
      props.value = isSet ? JSON.stringify(found) : "";
      chosen.textContent = isSet ? inWords(found, texts) : "";
      clear.disabled = !isSet;
    }

    box.addEventListener("input", update);
    box.addEventListener("toggle", () => box.open && list(names));
    clear.addEventListener("click", () => {
      Object.values(inputs).forEach((one) => (one.value = ""));
      update();
      inputs.publisher.focus();
    });
    update();
  };

  function input(type, more) {
    return Object.assign(make("input"), { type }, more);
  }

  function field(name, control) {
    const label = make("label");
    label.append(make("span", "", name), control);
    return label;
  }

  function publishers(control) {
    const names = make("datalist");
    names.id = "yj-publishers";
    control.setAttribute("list", names.id);
    return names;
  }

  // Asked for whenever the filter is opened: an update of the index may have brought new ones. Without them, names can
  // still be typed.
  async function list(names) {
    const reply = await fetch(new URL("v1/publishers", root)).catch(() => null);
    const found = reply && reply.ok ? await reply.json() : { publishers: [] };
    const options = found.publishers.map((name) => Object.assign(make("option"), { value: name }));
    names.replaceChildren(...options);
  }

  function inWords(found, texts) {
    const both = found.since && found.until;
    const fill = (form, ...parts) => parts.reduce((text, part) => text.replace("{}", () => part), form);
    const since = found.since && !both ? fill(texts.since, found.since) : "";
    const until = found.until && !both ? fill(texts.until, found.until) : "";
    const period = both ? fill(texts.period, found.since, found.until) : since || until;
    return [found.publisher, period].filter(Boolean).join(" · ");
  }
})();
