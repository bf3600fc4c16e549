// The console's keyboard, its selection and its countdowns. Everything works without it, by forms and links.
"use strict";
(() => {
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const on = (type, selector, act) =>
    document.addEventListener(type, (event) => {
      const element = event.target instanceof Element ? event.target.closest(selector) : null;
      if (element) act(element, event);
    });

  // --- the list: where the cursor is, and what is selected, survive its news ------------------------------------

  const chosen = new Set();
  const uncovered = new Set();
  const rows = () => all(".row");
  const openId = () => find("#case")?.dataset.id;
  let last = null;

  function mark() {
    const id = openId();
    if (id) last = id;
    rows().forEach((row) => (row.dataset.id === id ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current")));
    all(".pick input").forEach((box) => (box.checked = chosen.has(box.value)));
    all(".shade input").forEach((box) => (box.checked = uncovered.has(box.id)));
    const here = new Set(all(".pick input").map((box) => box.value));
    [...chosen].forEach((id) => here.has(id) || chosen.delete(id));
    const count = find("[data-selected]");
    if (count) count.textContent = chosen.size;
  }

  function step(by) {
    const list = rows();
    const at = list.findIndex((row) => row.dataset.id === openId());
    const next = at < 0 ? list[by > 0 ? 0 : list.length - 1] : list[at + by];
    if (!next) return;
    find("a", next).click();
    next.scrollIntoView({ block: "nearest" });
  }

  // After a decision comes the next case of the list; the place is remembered before the list loses the decided one.
  document.addEventListener("decided", () => {
    const list = rows();
    const at = list.findIndex((row) => row.dataset.id === last);
    const following = (list[at + 1] ?? list[at - 1])?.dataset.id;
    if (!following || !matchMedia("(min-width: 981px)").matches) return;
    // Looked up only then: the list is another by that time, and a link of the old one would leave the page.
    setTimeout(() => find(`.row[data-id="${following}"] a`)?.click(), 350);
  });

  on("change", ".pick input", (box) => {
    box.checked ? chosen.add(box.value) : chosen.delete(box.value);
    mark();
  });

  on("change", ".shade input", (box) => (box.checked ? uncovered.add(box.id) : uncovered.delete(box.id)));

  // --- keys -----------------------------------------------------------------------------------------------------

  const bulk = () => (chosen.size ? find("#bulk") : null);
  const press = (selector, within = document) => within && find(selector, within)?.click();

  function openDrop(drop) {
    if (!drop) return;
    all("details.drop[open]").forEach((other) => other !== drop && other.removeAttribute("open"));
    drop.open = !drop.open;
  }

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    a: () => (bulk() ? press(".good", bulk()) : press('.deciding [data-key="a"]')),
    r: () => openDrop(bulk() ? find("details", bulk()) : find("[data-reject]")),
    s: () => openDrop(find("[data-second]")),
    c: () => press('[data-key="c"]'),
    e: () => press('[data-key="e"]'),
    n: () => find('[data-key="n"]')?.focus(),
    v: () => all(".shade input").forEach((box) => box.click()),
    x: () => press(`.row[data-id="${openId()}"] .pick input`),
    u: () => (find("[data-undo]") ?? find('[data-key="u"]'))?.click(),
    "?": () => find("#keys")?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select");
    if (event.key === "Escape") {
      all("details.drop[open]").forEach((drop) => drop.removeAttribute("open"));
      if (typing) event.target.blur();
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey || find("dialog[open]")) return;
    const drop = find("details.drop[open]");
    if (drop && /^[0-9]$/.test(event.key)) press(`[data-digit="${event.key}"]`, drop);
    else if (find(".desk") && keys[event.key]) keys[event.key]();
    else return;
    event.preventDefault();
  });

  on("click", "[data-keys]", () => find("#keys").showModal());

  // --- forms that go by themselves ------------------------------------------------------------------------------

  on("change", "[data-submit]", (field) => field.form.requestSubmit());
  on("input", ".slider input", (slider) => {
    const value = Number(slider.value);
    find("output", slider.parentElement).textContent =
      value >= Number(slider.max) ? slider.dataset.never : (value / 100).toFixed(2);
    find(".choices .chosen")?.classList.remove("chosen");
  });
  on("change", "[data-own]", (box) => box.closest(".slide").classList.toggle("inherits", !box.checked));

  // --- countdowns -----------------------------------------------------------------------------------------------

  setInterval(() => {
    all("[data-countdown]").forEach((clock) => {
      const left = Math.max(0, Number(clock.textContent) - 1);
      clock.textContent = left;
      if (left === 0) clock.closest("button").disabled = true;
    });
    all("[data-expires]").forEach((toast) => {
      toast.dataset.expires = Number(toast.dataset.expires) - 1;
      if (Number(toast.dataset.expires) <= 0) toast.remove();
    });
  }, 1000);

  document.addEventListener("htmx:afterSwap", (event) => {
    mark();
    if (event.detail.target.id === "pane") event.detail.target.scrollTop = 0;
  });
  document.addEventListener("DOMContentLoaded", () => {
    mark();
    if (!openId() && find(".row") && matchMedia("(min-width: 981px)").matches) step(1);
  });
})();
