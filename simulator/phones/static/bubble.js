// One message: text with its entities, file, buttons.

import { icons, make, sizeWords } from "./dom.js";
import { enlarge } from "./lightbox.js";

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

function dressed(text, entity, say) {
  if (entity.type === "text_link" || entity.type === "url") {
    return make("a", { href: entity.url ?? text, target: "_blank", rel: "noopener noreferrer" });
  }
  if (entity.type === "bot_command") {
    return make("span", { class: "command", on: { click: () => say(text) } });
  }
  if (entity.type === "spoiler") return make("span", { class: "spoiler" });
  return make(TAGS[entity.type] ?? "span");
}

// Offsets count UTF-16 units, as strings do here; entities nest, never cross.
function written(target, text, entities, from, to, say) {
  let at = from;
  for (let index = 0; index < entities.length; index += 1) {
    const entity = entities[index];
    const end = entity.offset + entity.length;
    if (entity.offset < at || end > to) continue;
    target.append(text.slice(at, entity.offset));
    const inner = entities.slice(index + 1).filter((other) => other.offset + other.length <= end && other.offset >= entity.offset);
    const element = dressed(text.slice(entity.offset, end), entity, say);
    written(element, text, inner, entity.offset, end, say);
    target.append(element);
    at = end;
  }
  target.append(text.slice(at, to));
}

function words(message, say) {
  const box = make("span", { class: "words" });
  written(box, message.text, message.entities, 0, message.text.length, say);
  return box;
}

function meta(message, over) {
  const parts = [];
  if (message.protected) parts.push(make("span", { class: "shield", text: "🛡", title: "Không lưu, không chuyển tiếp được" }));
  parts.push(message.edited ? `đã sửa ${message.time}` : message.time);
  return make("span", { class: over ? "meta over" : "meta" }, ...parts);
}

function stop(event) {
  event.preventDefault();
}

function media(message, address) {
  const file = message.file;
  if (file.kind === "photo") {
    const picture = make("img", {
      class: "picture", src: address, alt: message.text || "Ảnh", width: file.width, height: file.height, draggable: "false",
      on: { click: () => enlarge(address, message.text, message.protected) },
    });
    picture.style.aspectRatio = `${file.width} / ${file.height}`;
    picture.style.height = "auto";
    return picture;
  }
  if (file.kind === "video") {
    return make("video", {
      src: address, controls: true, preload: "metadata", playsinline: true,
      width: file.width || null, height: file.height || null,
      controlslist: message.protected ? "nodownload noremoteplayback" : null, disablepictureinpicture: message.protected,
    });
  }
  const inside = [
    make("span", { html: icons.file }),
    make("span", {}, make("b", { text: file.name }), make("small", { text: sizeWords(file.size_bytes) })),
  ];
  return message.protected
    ? make("div", { class: "document", title: "Nội dung được bảo vệ" }, ...inside)
    : make("a", { class: "document", href: address, download: file.name }, ...inside);
}

const KINDS = { photo: "Ảnh", video: "Video", document: "Tệp" };

function reply(message, bot, jump) {
  const answered = message.reply_to;
  return make(
    "button",
    { class: "reply", type: "button", on: { click: () => jump(answered.id) } },
    make("b", { text: answered.from_bot ? bot : "Bạn" }),
    make("span", { text: answered.text || KINDS[answered.kind] || "" }),
  );
}

function keyboard(message, acts) {
  const rows = message.keyboard.map((row, rowNumber) =>
    make(
      "div",
      {},
      ...row.map((button, column) =>
        make("button", {
          type: "button", text: button.text, class: button.url ? "url" : null, "data-data": button.data,
          on: { click: () => (button.url ? window.open(button.url, "_blank", "noopener") : acts.tap(message.id, rowNumber, column)) },
        }),
      ),
    ),
  );
  return make("div", { class: "keyboard" }, ...rows);
}

export function bubbleOf(message, { bot, address, acts }) {
  const file = message.file;
  const bare = file && !message.text && file.kind !== "document";
  const text = message.text ? words(message, acts.say) : null;
  const content = make("div", { class: file ? "bubble media" : "bubble" });
  if (message.forwarded) content.append(make("span", { class: "forwarded", text: "Đã chuyển tiếp" }));
  if (message.reply_to) content.append(reply(message, bot, acts.jump));
  if (file) {
    content.append(media(message, address(file.id)));
    content.append(bare ? meta(message, true) : make("div", { class: "words-box" }, text, meta(message, false)));
  } else {
    content.append(text, meta(message, false));
  }
  if (message.protected) content.addEventListener("contextmenu", stop);
  const tools = make("div", { class: "acts" },
    make("button", { type: "button", html: icons.reply, title: "Trả lời", "aria-label": "Trả lời", on: { click: () => acts.quote(message, "reply") } }),
    message.from_bot ? null
      : make("button", { type: "button", html: icons.edit, title: "Sửa tin nhắn", "aria-label": "Sửa tin nhắn", on: { click: () => acts.quote(message, "edit") } }));
  const wide = file && file.kind !== "document";
  const element = make("div", {
    class: `message${message.from_bot ? "" : " mine"}${wide ? " wide" : ""}`,
    "data-id": message.id,
  }, content, message.keyboard.length ? keyboard(message, acts) : null, tools);
  element.dataset.version = message.version;
  return element;
}
