// The line at the foot of a phone: text, command menu, attachments, ready-made answers.

import { icons, make } from "./dom.js";

function kindOf(file) {
  if (file.type.startsWith("image/")) return "photo";
  if (file.type.startsWith("video/")) return "video";
  return "document";
}

class Composer {
  constructor(owner, send) {
    this.owner = owner;
    this.send = send;
    this.commands = [];
    this.quoted = null;
    this.readyShown = "";
    this.input = make("textarea", {
      rows: "1", placeholder: "Nhắn tin", "aria-label": `Tin nhắn của ${owner.name}`, maxlength: "4096",
      on: { input: () => this.typed(), keydown: (event) => this.key(event) },
    });
    this.file = make("input", { type: "file", hidden: true, on: { change: () => this.attach() } });
    this.menu = make("div", { class: "commands", hidden: true, role: "listbox", "aria-label": "Lệnh" });
    this.quote_ = make("div", { class: "quote", hidden: true });
    this.ready = make("div", { class: "ready", hidden: true });
    const tool = (name, label, html, act) => make("button", { type: "button", class: `tool ${name}`, title: label, "aria-label": label, html, on: { click: act } });
    this.element = make("div", { class: "composer" }, this.menu, this.quote_,
      make("div", { class: "line" },
        tool("attach", "Đính kèm ảnh, video hoặc tệp", icons.clip, () => this.file.click()), this.file,
        this.input,
        tool("slash", "Danh sách lệnh", "/", () => this.toggleMenu()),
        tool("send", "Gửi", icons.send, () => this.submit())),
      this.ready);
  }

  offer(commands, keyboard) {
    this.commands = commands;
    const wanted = JSON.stringify(keyboard);
    if (wanted === this.readyShown) return;
    this.readyShown = wanted;
    this.ready.hidden = !keyboard.length;
    this.ready.replaceChildren(...keyboard.map((row) => make("div", {},
      ...row.map((text) => make("button", { type: "button", text, on: { click: () => this.send({ do: "say", text }) } })))));
  }

  quote(message, how) {
    this.quoted = { id: message.id, how };
    this.quote_.replaceChildren(
      make("span", { text: `${how === "edit" ? "Sửa" : "Trả lời"}: ${message.text || "tệp"}` }),
      make("button", { type: "button", text: "×", "aria-label": "Bỏ", on: { click: () => this.unquote() } }));
    this.quote_.hidden = false;
    if (how === "edit") this.input.value = message.text;
    this.input.focus();
  }

  unquote() {
    this.quoted = null;
    this.quote_.hidden = true;
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      this.menu.hidden = true;
      this.unquote();
    }
  }

  typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight + 2, 96)}px`;
    const text = this.input.value;
    this.showMenu(/^\/\w*$/.test(text) ? text.slice(1).toLowerCase() : null);
  }

  toggleMenu() {
    this.showMenu(this.menu.hidden ? "" : null);
    this.input.focus();
  }

  showMenu(start) {
    const found = start === null ? [] : this.commands.filter(([name]) => name.startsWith(start));
    this.menu.hidden = !found.length;
    this.menu.replaceChildren(...found.map(([name, words]) => make("button", {
      type: "button", role: "option", on: { click: () => { this.send({ do: "say", text: `/${name}` }); this.clear(); } },
    }, make("b", { text: `/${name}` }), make("span", { text: words }))));
  }

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    if (this.quoted?.how === "edit") this.send({ do: "edit", message_id: this.quoted.id, text });
    else this.send({ do: "say", text, reply_to: this.quoted?.id });
    this.clear();
  }

  clear() {
    this.input.value = "";
    this.unquote();
    this.typed();
  }

  async attach() {
    const file = this.file.files[0];
    this.file.value = "";
    if (!file) return;
    const form = new FormData();
    form.append("kind", kindOf(file));
    form.append("caption", this.input.value.trim());
    if (this.quoted?.how === "reply") form.append("reply_to", this.quoted.id);
    form.append("file", file, file.name);
    const answer = await fetch(`attach/${this.owner.user_id}`, { method: "POST", body: form });
    if (answer.ok) this.clear();
    else this.input.placeholder = "Không gửi được tệp này";
  }
}

export const composerOf = (owner, send) => new Composer(owner, send);
