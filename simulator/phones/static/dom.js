// Small helpers for building elements. Words from people go in as text, never as markup.

export function make(tag, { text, html, on, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value == null) continue;
    if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  if (text !== undefined) element.textContent = text;
  if (html !== undefined) element.innerHTML = html; // only our own icons
  for (const [event, listener] of Object.entries(on ?? {})) element.addEventListener(event, listener);
  element.append(...children.filter((child) => child != null));
  return element;
}

const icon = (path) =>
  `<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${path}</svg>`;

export const icons = {
  clip: icon('<path d="M20 11.5l-8.3 8.300a5.5 5.5 0 0 1-7.8-7.800l8.6-8.600a3.7 3.7 0 0 1 5.2 5.200l-8.6 8.600a1.8 1.8 0 0 1-2.6-2.600l7.9-7.9"/>'),
  send: icon('<path d="M5 12h13M12 5.500L18.5 12 12 18.5"/>'),
  down: icon('<path d="M6 9l6 6 6-6"/>'),
  file: icon('<path d="M7 3h7l5 5v13H7zM14 3v5h5"/>'),
  reply: icon('<path d="M10 7L4 12l6 5M5 12h9a6 6 0 0 1 6 6"/>'),
  edit: icon('<path d="M4 20l1-4L16 5l3 3L8 19z"/>'),
  signal:
    '<svg viewBox="0 0 46 12" aria-hidden="true"><g fill="currentColor"><rect x="0" y="8" width="3" height="4" rx="1"/><rect x="4.5" y="5.5" width="3" height="6.5" rx="1"/><rect x="9" y="3" width="3" height="9" rx="1"/><rect x="13.5" y="0" width="3" height="12" rx="1"/><rect x="23" y="1" width="19" height="10" rx="3" fill="none" stroke="currentColor"/><rect x="25" y="3" width="13" height="6" rx="1.5"/><rect x="43" y="4" width="2" height="4" rx="1"/></g></svg>',
};

export function sizeWords(bytes) {
  if (bytes < 1024) return `${bytes} byte`;
  const [value, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KB"] : [bytes / 1024 / 1024, "MB"];
  return `${value.toLocaleString("vi-VN", { maximumFractionDigits: 1 })} ${unit}`;
}

const COLOURS = ["#3d8fd1", "#c2668a", "#8a6bc1", "#3f9a7c", "#c98336", "#5b7fb5", "#a3587e", "#6a8f3c"];

export function avatarOf(name, number) {
  const initials = name.split(" ").at(-1).slice(0, 1).toUpperCase();
  const avatar = make("span", { class: "avatar", text: initials, "aria-hidden": "true" });
  avatar.style.background = COLOURS[number % COLOURS.length];
  return avatar;
}
