// What HTML and htmx cannot say: the command menu, the picture viewer, small comforts. Everything here listens on
// the document, so that fragments which arrive later need no setting up. Without this file the forms still work.
"use strict";
(() => {
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const on = (type, selector, act) =>
    document.addEventListener(type, (event) => {
      const element = event.target instanceof Element ? event.target.closest(selector) : null;
      if (element) act(element, event);
    });

  // --- the composer ---------------------------------------------------------------------------------------------

  const text = () => find("#text");
  const SEVERAL = new Set(["mix", "morph", "restyle"]);
  const menuItems = () => all("#menu li:not([hidden])");

  function showMenu(typed) {
    const menu = find("#menu");
    all("li", menu).forEach((item) => (item.hidden = !item.dataset.command.startsWith(typed)));
    const items = menuItems();
    menu.hidden = items.length === 0;
    text().setAttribute("aria-expanded", String(!menu.hidden));
    select(items[0]);
  }

  function hideMenu() {
    find("#menu").hidden = true;
    text().setAttribute("aria-expanded", "false");
    text().removeAttribute("aria-activedescendant");
  }

  function select(item) {
    all("#menu li").forEach((other) => other.setAttribute("aria-selected", String(other === item)));
    if (item) text().setAttribute("aria-activedescendant", item.id);
  }

  function step(by) {
    const items = menuItems();
    const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    select(items[(at + by + items.length) % items.length]);
  }

  function choose(command, rest = "") {
    hideMenu();
    if (command === "gallery") {
      location.assign("/gallery");
    } else if (find(`#command option[value="${command}"]`)) {
      find("#command").value = command;
      text().value = rest;
      refresh();
      text().focus();
    } else {
      text().value = `/${command}`;
      find("#composer").requestSubmit();
    }
  }

  // What depends on the choices: the placeholder, what it costs, which chips are set.
  function refresh() {
    const composer = find("#composer");
    if (!composer) return;
    const command = find("#command").value;
    const count = Math.max(...["count", "candidates"].map((name) => Number(find(`[name="${name}"]`).value || 1)));
    text().placeholder = text().dataset[command];
    find("[data-cost]").textContent = JSON.parse(composer.dataset.units)[command] * (command === "avatar" ? count : 1);
    all(".chip", composer).forEach((chip) => {
      const choice = find("select", chip);
      if (choice) chip.classList.toggle("set", choice.selectedIndex > -1 && choice.value !== defaultOf(choice));
    });
    grow();
  }

  function defaultOf(choice) {
    return { tone: choice.options[0].value, captions: "3" }[choice.name] ?? "";
  }

  function grow() {
    if (CSS.supports("field-sizing", "content")) return;
    text().style.height = "auto";
    text().style.height = `${text().scrollHeight}px`;
  }

  function setPicture(file) {
    const composer = find("#composer");
    const chip = find(".chip-picture", composer);
    if (file && file.size > Number(composer.dataset.limit)) {
      find("[name=image]", chip).value = "";
      complain(composer.dataset.tooLarge);
      return;
    }
    const thumb = find(".thumb.new", chip);
    if (thumb.src.startsWith("blob:")) URL.revokeObjectURL(thumb.src);
    // What is sent joins the chosen pictures where there may be several, and takes the place of one where not.
    if (!file || !SEVERAL.has(find("#command").value)) all("[name=base], .thumb:not(.new)", chip).forEach((old) => old.remove());
    thumb.hidden = !file;
    if (file) thumb.src = URL.createObjectURL(file);
    find("em", chip).textContent = file ? file.name : find("em", chip).dataset.none;
    chip.classList.toggle("set", Boolean(file));
    find(".chip-clear", composer).hidden = !file;
    if (file && find("#command").value === "restyle" && !text().value.trim()) describe(file);
  }

  // What a picture shows, as words to change before it is painted anew.
  async function describe(file) {
    const form = new FormData();
    form.append("csrf", find('#composer [name="csrf"]').value);
    form.append("image", file);
    const area = text();
    area.placeholder = "…";
    const answer = await fetch("/describe", { method: "POST", body: form, headers: { "HX-Request": "true" } });
    refresh();
    if (answer.ok && !area.value.trim()) {
      area.value = await answer.text();
      find("#announce").textContent = find("#composer").dataset.offer;
    } else if (!answer.ok) find("#composer-error").innerHTML = await answer.text();
    grow();
  }

  function takePicture(files) {
    const file = [...files].find((candidate) => candidate.type.startsWith("image/"));
    if (!file) return false;
    const transfer = new DataTransfer();
    transfer.items.add(file);
    const composing = find("#command").value;
    choose(composing === "find" ? "avatar" : composing, text().value);
    find("[name=image]").files = transfer.files;
    setPicture(file);
    return true;
  }

  function complain(sentence) {
    const template = find("#complaint").content.cloneNode(true);
    find("span", template).textContent = sentence;
    find("#composer-error").replaceChildren(template);
  }

  on("input", "#text", (area) => {
    find("#composer-error").replaceChildren();
    const whole = area.value.match(/^\/(\w+)\s([^]*)$/);
    if (whole && find(`#command option[value="${whole[1]}"]`)) choose(whole[1], whole[2]);
    const begun = area.value.match(/^\/(\w*)$/);
    begun ? showMenu(begun[1].toLowerCase()) : hideMenu();
    grow();
  });

  on("keydown", "#text", (area, event) => {
    if (event.isComposing) return;
    const open = !find("#menu").hidden;
    if (open && event.key === "ArrowDown") step(1);
    else if (open && event.key === "ArrowUp") step(-1);
    else if (open && event.key === "Escape") hideMenu();
    else if (open && (event.key === "Enter" || event.key === "Tab"))
      choose(find('#menu [aria-selected="true"]').dataset.command);
    else if (event.key === "Enter" && !event.shiftKey) find("#composer").requestSubmit();
    else if (event.key === "ArrowUp" && area.value === "") all('#log .actions a[href^="/?job="]').at(-1)?.click();
    else return;
    event.preventDefault();
  });

  on("mousemove", "#menu li", select);
  on("mousedown", "#menu li", (_, event) => event.preventDefault());
  on("click", "#menu li", (item) => choose(item.dataset.command));
  on("focusout", "#text", () => setTimeout(() => find("#menu") && hideMenu(), 150));
  on("change", "#composer", refresh);
  on("change", "[name=image]", (input) => setPicture(input.files[0]));
  on("click", ".chip-clear", () => {
    find("[name=image]").value = "";
    setPicture(null);
  });
  on("paste", "#composer", (_, event) => takePicture(event.clipboardData.files) && event.preventDefault());
  on("dragover", ".main", (_, event) => {
    if (!find("#composer") || ![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    find("#composer").classList.add("dropping");
  });
  on("dragleave", ".main", () => find("#composer")?.classList.remove("dropping"));
  on("drop", ".main", (_, event) => {
    if (!find("#composer")) return;
    event.preventDefault();
    find("#composer").classList.remove("dropping");
    takePicture(event.dataTransfer.files);
  });
  on("submit", "#composer", (form, event) => {
    // htmx reads the form after this; an empty one would only come back with a sentence.
    if (!text().value.trim() && !find('[name="base"]', form) && !find("[name=image]", form).value) {
      event.preventDefault();
      event.stopImmediatePropagation();
      text().focus();
    }
  });

  on("input", ".chip-share input", (slider) => {
    const chance = Number(slider.value) < 0;
    find("output", slider.parentElement).textContent = chance
      ? slider.dataset.chance
      : `${Math.round(slider.value * 100)} %`;
  });

  // --- choosing pictures of the gallery ---------------------------------------------------------------------------

  function count() {
    const selection = find("#selection");
    if (!selection) return;
    const chosen = all(".pick input:checked").length;
    find("[data-selected]", selection).textContent = chosen;
    all("[data-needs]", selection).forEach((button) => {
      const [low, high] = button.dataset.needs.split(" ").map(Number);
      button.disabled = chosen < low || chosen > high;
    });
  }
  on("change", ".pick input", count);
  on("reset", "#selection", () => setTimeout(count));

  // --- messages -------------------------------------------------------------------------------------------------

  const idIn = (html) => html.match(/id="(job-[0-9a-f]+)"/)?.[1];

  // A message may reach the page twice, as the answer to its form and as news: the second one is dropped.
  document.addEventListener("htmx:sseBeforeMessage", (event) => {
    if (event.detail.type === "new" && document.getElementById(idIn(event.detail.data))) event.preventDefault();
  });
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.detail.target.id !== "log") return;
    const message = find("[id^=job-]", event.detail.fragment);
    if (message && document.getElementById(message.id)) event.detail.shouldSwap = false;
    requestAnimationFrame(() => (find(".scroller").scrollTop = 0));
  });

  function localTimes(root) {
    const language = document.documentElement.lang;
    all("time:not([data-local])", root).forEach((element) => {
      const moment = new Date(element.dateTime);
      const today = moment.toDateString() === new Date().toDateString();
      const style = today ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
      element.textContent = moment.toLocaleString(language, style);
      element.dataset.local = "";
    });
  }

  on("click", ".copy", async (button) => {
    await navigator.clipboard.writeText(find("p", button.closest("li")).textContent);
    button.classList.add("done");
    find("#announce").textContent = button.dataset.copied;
    setTimeout(() => button.classList.remove("done"), 1500);
  });
  on("click", ".said.long", (words) => words.classList.add("open"));
  on("click", ".dismiss", (button) => button.closest(".notice, .error").remove());
  document.addEventListener("click", (event) =>
    all("details.drop[open]").forEach((drop) => drop.contains(event.target) || drop.removeAttribute("open")),
  );

  // --- dialogs --------------------------------------------------------------------------------------------------

  const viewer = () => find("#viewer");
  let shown = null;

  function turn(by) {
    const links = all("a[data-picture]");
    const at = links.findIndex((link) => link.pathname === shown);
    links[at + by]?.click();
  }

  on("click", "a[data-picture]", (link) => (shown = link.pathname));
  on("click", "[data-close]", () => viewer().close());
  on("click", "#viewer", (dialog, event) => event.target === dialog && dialog.close());
  on("click", '#viewer a[hx-target="#composer"]', () => viewer().close());
  on("keydown", "#viewer", (_, event) => {
    if (event.key === "ArrowRight") turn(1);
    if (event.key === "ArrowLeft") turn(-1);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target === viewer() && !viewer().open) viewer().showModal();
  });
  document.addEventListener("close-viewer", () => viewer().close());

  on("click", "[data-confirm]", (button, event) => {
    if (button.dataset.confirmed) {
      delete button.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const dialog = find("#confirm");
    find("p", dialog).textContent = button.dataset.confirm;
    dialog.returnValue = "";
    dialog.showModal();
    dialog.onclose = () => {
      if (dialog.returnValue !== "yes") return;
      button.dataset.confirmed = "yes";
      button.click();
    };
  });

  // --- when the server is away ----------------------------------------------------------------------------------

  document.addEventListener("htmx:sendError", () => {
    const template = find("#complaint").content.cloneNode(true);
    find("span", template).textContent = find("#toasts").dataset.offline;
    find("#toasts").replaceChildren(template);
  });

  document.addEventListener("DOMContentLoaded", () => {
    document.addEventListener("htmx:load", (event) => {
      localTimes(event.detail.elt);
      if (find("#composer", event.detail.elt.parentElement ?? document)) refresh();
    });
    localTimes(document);
    refresh();
    count();
    if (matchMedia("(hover: hover)").matches) text()?.focus();
  });
})();
