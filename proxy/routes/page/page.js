// Draws openapi.json. No library, no outside address; text is always set as text, never as markup.
"use strict";

const VERBS = ["post", "get", "put", "patch", "delete"];
const FATES = { ignored: "no effect", warned: "no effect, told", rejected: "refused", spelling: "spelling" };
const KEYS = { Google: "x-goog-api-key: $KEY", Anthropic: "x-api-key: $KEY" };
const byId = (id) => document.getElementById(id);

/** An element: attributes that are functions are listeners, children are nodes or text. */
function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== ""));
  return made;
}

/** Words with `code` in them. */
const words = (text) => text.split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));
const pathOf = (path) => path.split(/(\{\w+\})/).map((part) => (part.startsWith("{") ? el("i", {}, part) : part));

function resolver(spec) {
  return (thing) => {
    let found = thing;
    while (found && found.$ref) found = found.$ref.slice(2).split("/").reduce((at, step) => at[step], spec);
    return found;
  };
}

/** The document as operations to show: each once, with the other paths where it is, and without HEAD. */
function operationsOf(spec) {
  const shown = [];
  const main = new Map();
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const verb of VERBS) {
      const operation = methods[verb];
      if (!operation) continue;
      if (operation["x-same-as"]) {
        main.get(operation["x-same-as"])?.also.push(path);
        continue;
      }
      const entry = { path, verb, also: [], head: "head" in methods, ...operation };
      main.set(`${verb.toUpperCase()} ${path}`, entry);
      shown.push(entry);
    }
  }
  return shown;
}

// -- schemas ----------------------------------------------------------------------------------------------------------

const nameOf = (schema) => (schema.$ref ? schema.$ref.split("/").pop() : undefined);
const choicesOf = (schema) => schema.anyOf || schema.oneOf;

function kindOf(schema, resolve) {
  if (schema.$ref) return nameOf(schema);
  const choices = choicesOf(schema);
  if (choices) return choices.map((choice) => kindOf(choice, resolve)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((word) => JSON.stringify(word)).join(" | ");
  if (schema.type === "array") {
    const kind = schema.items ? kindOf(schema.items, resolve) : "any";
    return kind.includes("|") ? `(${kind})[]` : `${kind}[]`;
  }
  if (schema.format === "binary") return "file";
  return [].concat(schema.type || "any").join(" | ");
}

/** The object schemas below a field, to open one by one. */
function insideOf(schema, resolve) {
  const choices = choicesOf(schema);
  if (choices) return choices.flatMap((choice) => insideOf(choice, resolve));
  if (schema.type === "array" && schema.items) return insideOf(schema.items, resolve);
  const found = resolve(schema);
  if (found !== schema) return found.properties ? [{ name: nameOf(schema), schema: found }] : insideOf(found, resolve);
  return found.properties && Object.keys(found.properties).length ? [{ name: "members", schema: found }] : [];
}

/** What the data of a stream's events is; undefined for an answer that is no stream. */
function eventOf(schema) {
  const data = schema.properties?.data;
  return data && [data, ...(data.anyOf || [])].map((one) => one.contentSchema).find(Boolean);
}

/** A part that is drawn when it is first opened. */
function lazily(summary, draw, attributes = { class: "more" }) {
  const box = el("details", attributes, el("summary", {}, summary));
  box.addEventListener("toggle", () => { if (box.open && box.children.length === 1) box.append(draw()); });
  return box;
}

function fieldRow(name, schema, required, resolve) {
  const fate = schema["x-fate"];
  return el("div", { class: "field" },
    el("dt", {}, el("b", {}, name), el("span", { class: "kind" }, kindOf(schema, resolve)),
      required ? el("span", { class: "mark required" }, "required") : "",
      FATES[fate] ? el("span", { class: `mark ${fate}` }, FATES[fate]) : ""),
    el("dd", {}, words(schema.description || ""),
      insideOf(schema, resolve).map((part) => lazily(part.name, () => fieldList(part.schema, resolve)))));
}

function fieldList(schema, resolve) {
  const required = new Set(schema.required || []);
  const all = Object.entries(schema.properties || {});
  const idle = all.filter(([name, field]) => FATES[field["x-fate"]] && !required.has(name));
  const active = all.filter((entry) => !idle.includes(entry));
  active.sort(([one], [other]) => required.has(other) - required.has(one));
  const rows = (list) => list.map(([name, field]) => fieldRow(name, field, required.has(name), resolve));
  const list = el("dl", { class: "fields" }, rows(active));
  if (idle.length) list.append(lazily(`${idle.length} more: without effect, refused, or other spellings`, () => el("dl", { class: "fields" }, rows(idle))));
  return list;
}

// -- one operation ----------------------------------------------------------------------------------------------------

function protocolOf(operation) {
  const failure = operation.responses["400"] || operation.responses["401"];
  return failure && failure.$ref ? failure.$ref.split("/").pop().replace(/\d+$/, "") : "OpenAI";
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curl(operation, body, resolve) {
  const base = location.origin + location.pathname.replace(/\/docs\/?$/, "");
  const parameters = operation.parameters.map(resolve);
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => parameters.find((one) => one.in === "path" && one.name === name)?.example ?? name);
  const lines = [`curl ${body && body.stream ? "-N " : ""}${quoted(base + path)}`];
  if (operation.verb === "delete") lines[0] = lines[0].replace("curl ", "curl -X DELETE ");
  if (operation.verb === "post" && body === undefined) lines[0] = lines[0].replace("curl ", "curl -X POST ");
  if (operation.security.length) lines.push(`-H "${KEYS[protocolOf(operation)] || "Authorization: Bearer $KEY"}"`);
  if (body !== undefined) lines.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body, null, 2))}`);
  const content = Object.keys(resolve(operation.responses["200"] || {}).content || {});
  if (content[0]?.startsWith("video/")) lines.push("-o video.mp4");
  return lines.join(" \\\n  ");
}

function copyButton(text) {
  const button = el("button", { type: "button", class: "copy" }, "Copy");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select and copy";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  });
  return button;
}

function panel(operation, resolve) {
  const examples = Object.entries(operation.requestBody?.content["application/json"]?.examples || {});
  const texts = examples.length ? examples.map(([name, example]) => [name, curl(operation, example.value, resolve)]) : [["curl", curl(operation, undefined, resolve)]];
  const pre = el("pre", { tabindex: "0", role: "tabpanel", "aria-label": "Request with curl" }, texts[0][1]);
  const tabs = texts.map(([name, text], index) => el("button", {
    type: "button", role: "tab", "aria-selected": String(index === 0),
    click: (event) => {
      for (const tab of tabs) tab.setAttribute("aria-selected", String(tab === event.currentTarget));
      pre.textContent = text;
    },
  }, name));
  return el("div", { class: "shown" },
    el("div", { class: "panel" }, el("div", { class: "tabs", role: "tablist", "aria-label": "Examples" }, tabs, copyButton(() => pre.textContent)), pre),
    el("p", { class: "links" }, el("a", { href: `#${operation.operationId}` }, "Link to this operation")));
}

function responses(operation, resolve) {
  return Object.entries(operation.responses).map(([status, thing]) => {
    const response = resolve(thing);
    const content = Object.entries(response.content || {});
    return el("div", { class: `status ${status < 400 ? "good" : "bad"}` }, el("b", {}, status),
      el("div", {}, el("p", {}, words(response.description)),
        status < 400 ? content.map(([kind, { schema }]) => el("div", {},
          el("span", { class: "kind" }, `${kind}${schema.description ? `: ${schema.description}` : ""}`),
          insideOf(eventOf(schema) || schema, resolve).map((part) => lazily(part.name, () => fieldList(part.schema, resolve))))) : ""));
  });
}

function parameterList(operation, resolve) {
  const parameters = operation.parameters.map(resolve);
  if (!parameters.length) return [];
  const rows = parameters.map((one) => fieldRow(one.name, { ...one.schema, description: `${one.description} (${one.in})` }, one.required, resolve));
  return [el("h3", {}, "Parameters"), el("dl", { class: "fields" }, rows)];
}

function bodyFields(operation, resolve) {
  const content = operation.requestBody?.content;
  if (!content) return [];
  const schema = resolve(content["application/json"].schema);
  const form = content["multipart/form-data"];
  return [el("h3", {}, "Body"), schema.description ? el("p", {}, words(schema.description)) : "", fieldList(schema, resolve),
    form ? lazily("The same as a form (multipart/form-data)", () => fieldList(resolve(form.schema), resolve)) : ""];
}

function inside(operation, resolve) {
  const failing = Object.keys(operation.responses).some((status) => status >= 400);
  return el("div", { class: "inside" },
    el("div", { class: "told" },
      el("p", {}, words(operation.description || operation.summary), operation.head && operation.verb === "get" ? " HEAD is answered, too." : ""),
      operation.also.length ? el("details", { class: "also" }, el("summary", {}, `Also at ${operation.also.length} other ${operation.also.length > 1 ? "paths" : "path"}`),
        el("ul", {}, operation.also.map((path) => el("li", {}, path)))) : "",
      parameterList(operation, resolve), bodyFields(operation, resolve),
      el("h3", {}, "Answers"), responses(operation, resolve),
      failing ? el("p", { class: "also" }, `Failures have ${protocolOf(operation)}’s shape.`) : ""),
    panel(operation, resolve));
}

function card(operation, resolve) {
  const box = el("details", { class: "operation", id: operation.operationId },
    el("summary", {}, el("span", { class: `verb ${operation.verb}` }, operation.verb.toUpperCase()),
      el("span", { class: "path" }, pathOf(operation.path)), el("span", { class: "summary" }, operation.summary)));
  box.addEventListener("toggle", () => { if (box.open && box.children.length === 1) box.append(inside(operation, resolve)); });
  return box;
}

// -- the page ---------------------------------------------------------------------------------------------------------

/** What the filter looks through: paths, words, and the names of the body's fields. */
function haystack(operation, resolve) {
  const schema = resolve(operation.requestBody?.content["application/json"]?.schema);
  return [operation.verb, operation.path, ...operation.also, operation.operationId, operation.summary, operation.description,
    ...operation.tags, ...Object.keys(schema?.properties || {})].join(" ").toLowerCase();
}

function draw(spec) {
  const resolve = resolver(spec);
  const operations = operationsOf(spec);
  byId("version").textContent = spec.info.version;
  const [lead, ...rest] = spec.info.description.trim().split("\n\n");
  byId("about").append(el("p", { class: "about lead" }, words(lead)), rest.map((text) => el("p", { class: "about" }, words(text)))
    .reduce((all, one) => { all.append(one); return all; }, document.createDocumentFragment()),
  el("ul", { class: "keys", "aria-label": "Where a key may stand" }, Object.values(spec.components.securitySchemes).map((scheme) =>
    el("li", {}, scheme.type === "http" ? "Authorization: Bearer" : scheme.in === "query" ? `?${scheme.name}=` : scheme.name))));
  const contents = byId("contents");
  const list = byId("operations");
  list.replaceChildren();
  const entries = [];
  for (const tag of spec.tags) {
    const own = operations.filter((operation) => operation.tags.includes(tag.name));
    const group = el("section", { class: "group", "aria-label": tag.name }, el("h2", {}, tag.name), el("p", {}, tag.description));
    const links = el("ul");
    for (const operation of own) {
      const box = card(operation, resolve);
      const link = el("li", {}, el("a", { href: `#${operation.operationId}` },
        el("span", { class: `verb ${operation.verb}` }, operation.verb === "delete" ? "DEL" : operation.verb.toUpperCase()), operation.summary));
      group.append(box);
      links.append(link);
      entries.push({ box, link, group, text: haystack(operation, resolve) });
    }
    const heading = el("h2", {}, tag.name);
    contents.append(heading, links);
    for (const entry of entries) if (entry.group === group) entry.heading = heading;
    list.append(group);
  }
  return entries;
}

function filtering(entries) {
  const input = byId("filter");
  const apply = () => {
    const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const groups = new Map();
    let found = 0;
    for (const entry of entries) {
      const fits = wanted.every((word) => entry.text.includes(word));
      entry.box.hidden = entry.link.hidden = !fits;
      groups.set(entry.group, { heading: entry.heading, any: groups.get(entry.group)?.any || fits });
      found += fits;
    }
    for (const [group, { heading, any }] of groups) group.hidden = heading.hidden = !any;
    byId("found").textContent = wanted.length ? (found ? `${found} of ${entries.length} operations` : "Nothing here has that. Try a path or the name of a field.") : "";
  };
  input.addEventListener("input", apply);
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) { event.preventDefault(); input.focus(); }
    if (event.key === "Escape" && document.activeElement === input) { input.value = ""; apply(); }
  });
}

function following(entries) {
  const open = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const entry = entries.find(({ box }) => box.id === id);
    for (const { link } of entries) link.firstChild.removeAttribute("aria-current");
    if (!entry) return;
    entry.link.firstChild.setAttribute("aria-current", "true");
    entry.box.open = true;
    requestAnimationFrame(() => entry.box.scrollIntoView({ block: "start" }));
  };
  addEventListener("hashchange", open);
  for (const { link } of entries) link.addEventListener("click", () => setTimeout(open));
  open();
}

function themed() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const apply = () => { document.documentElement.dataset.theme = kept() || (dark.matches ? "dark" : "light"); };
  dark.addEventListener("change", apply);
  byId("theme").addEventListener("click", () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("theme", next); } catch { /* nothing is kept in a private window */ }
    document.documentElement.dataset.theme = next;
  });
  apply();
}

themed();
fetch("openapi.json").then((answer) => {
  if (!answer.ok) throw new Error(`openapi.json: ${answer.status}`);
  return answer.json();
}).then((spec) => {
  const entries = draw(spec);
  filtering(entries);
  following(entries);
}).catch((error) => {
  byId("operations").replaceChildren(el("p", { class: "none" }, `The description could not be read (${error.message}). Reload, or open openapi.json.`));
});
