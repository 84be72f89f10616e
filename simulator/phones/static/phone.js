// One phone: its chat, what is typed on it, toasts.

import { bubbleOf } from "./bubble.js";
import { composerOf } from "./composer.js";
import { avatarOf, icons, make } from "./dom.js";

const BUSY = {
  typing: "đang nhập…", upload_photo: "đang gửi ảnh…", upload_video: "đang gửi video…", record_video: "đang quay video…",
  upload_document: "đang gửi tệp…",
};

export class Phone {
  constructor(owner, number, bot, send, today) {
    this.owner = owner;
    this.bot = bot;
    this.today = today;
    this.shown = new Map();
    this.toastsSeen = null;
    this.unread = 0;
    this.send = (act) => send({ user_id: owner.user_id, ...act });
    this.acts = {
      say: (text) => this.send({ do: "say", text }),
      tap: (messageId, row, column) => this.send({ do: "tap", message_id: messageId, row, column }),
      quote: (message, how) => this.composer.quote(message, how),
      jump: (id) => this.jump(id),
    };
    this.build(number);
  }

  build(number) {
    const { owner } = this;
    this.time = make("span", { text: "--:--" });
    this.state = make("span", { text: "trợ lý camera" });
    this.chat = make("div", { class: "chat", tabindex: "0", "aria-label": `Tin nhắn của ${owner.name}` });
    this.empty = make("p", { class: "empty", text: "Chưa có tin nhắn. Hãy nhắn cho trợ lý, hoặc bấm một gợi ý ở dưới." });
    this.count = make("em");
    this.newest = make("button", {
      class: "newest", type: "button", hidden: true, "aria-label": "Xuống tin mới nhất", html: icons.down, on: { click: () => this.toEnd(true) },
    });
    this.newest.append(this.count);
    this.composer = composerOf(owner, this.send);
    this.screen = make("div", { class: "screen" },
      make("div", { class: "status" }, this.time, make("span", { html: icons.signal, style: "margin-left:auto;display:contents" })),
      make("div", { class: "bar" }, make("img", { src: "static/icon.svg", alt: "" }),
        make("div", { class: "bar-words" }, make("b", { text: this.bot }), this.state)),
      this.chat, this.newest, this.composer.element);
    this.chat.addEventListener("scroll", () => this.scrolled());
    const chips = owner.suggestions.map((line) =>
      make("button", { class: "chip", type: "button", text: line, title: line, on: { click: () => this.acts.say(line) } }));
    this.element = make("article", { class: "seat", "data-user": owner.user_id, "aria-label": owner.name },
      make("header", { class: "owner" }, avatarOf(owner.name, number),
        make("div", { class: "owner-words" }, make("b", { text: owner.name }), make("span", { text: owner.title }))),
      make("div", { class: "phone" }, this.screen),
      make("div", { class: "chips", "aria-label": "Gợi ý" }, ...chips));
  }

  show(chat) {
    const wasAtEnd = this.atEnd();
    const arrived = this.arrange(chat.messages);
    this.state.textContent = BUSY[chat.activity] ?? "trợ lý camera";
    this.state.classList.toggle("busy", chat.activity in BUSY);
    this.mark(chat.working);
    this.composer.offer(chat.commands, chat.reply_keyboard);
    this.toasts(chat.toasts);
    const mine = arrived.some((message) => !message.from_bot);
    if (wasAtEnd || mine) this.toEnd(false);
    else if (arrived.length) {
      this.unread += arrived.length;
      this.count.textContent = this.unread;
    }
  }

  // Bubbles that did not change stay as they are, so that a video goes on playing.
  arrange(messages) {
    const arrived = [];
    const kept = new Set();
    let day = "";
    const order = [];
    for (const message of messages) {
      kept.add(message.id);
      let known = this.shown.get(message.id);
      if (!known || known.dataset.version !== String(message.version)) {
        if (!known) arrived.push(message);
        const bubble = bubbleOf(message, { bot: this.bot, address: (id) => `files/${this.owner.user_id}/${id}`, acts: this.acts });
        known?.replaceWith(bubble);
        known = bubble;
        this.shown.set(message.id, bubble);
      }
      if (message.day !== day) {
        day = message.day;
        order.push(this.dayLine(day));
      }
      order.push(known);
    }
    for (const [id, element] of this.shown) {
      if (!kept.has(id)) {
        element.remove();
        this.shown.delete(id);
      }
    }
    this.chat.querySelectorAll(".day").forEach((line) => { if (!order.includes(line)) line.remove(); });
    this.empty.remove();
    if (!messages.length) this.chat.append(this.empty);
    order.forEach((element, index) => {
      if (this.chat.children[index] !== element) this.chat.insertBefore(element, this.chat.children[index] ?? null);
    });
    return arrived;
  }

  dayLine(day) {
    const words = day === this.today() ? "Hôm nay" : day;
    const known = [...this.chat.querySelectorAll(".day")].find((line) => line.dataset.day === day);
    const line = known ?? make("div", { class: "day", "data-day": day });
    line.textContent = words;
    return line;
  }

  mark(working) {
    this.chat.querySelectorAll(".working").forEach((button) => button.classList.remove("working"));
    for (const [id, data] of working) {
      this.shown.get(id)?.querySelectorAll(".keyboard button").forEach((button) => {
        if (button.dataset.data === data) button.classList.add("working");
      });
    }
  }

  toasts(toasts) {
    if (this.toastsSeen !== null) {
      for (const toast of toasts.slice(this.toastsSeen)) (toast.alert ? this.alert(toast.text) : this.toast(toast.text));
    }
    this.toastsSeen = toasts.length;
  }

  toast(text) {
    this.screen.querySelector(".toast")?.remove();
    const toast = make("div", { class: "toast", role: "status", text });
    toast.addEventListener("animationend", () => toast.remove());
    this.screen.append(toast);
  }

  alert(text) {
    const cover = make("div", { class: "alert", role: "alertdialog", "aria-label": "Thông báo" });
    const close = make("button", { type: "button", text: "Đã hiểu", on: { click: () => cover.remove() } });
    cover.append(make("div", {}, make("p", { text }), close));
    this.screen.append(cover);
    close.focus({ preventScroll: true });
  }

  atEnd() {
    return this.chat.scrollHeight - this.chat.scrollTop - this.chat.clientHeight < 60;
  }

  toEnd(smooth) {
    this.chat.scrollTo({ top: this.chat.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }

  scrolled() {
    const atEnd = this.atEnd();
    this.newest.hidden = atEnd;
    if (atEnd) {
      this.unread = 0;
      this.count.textContent = "";
    }
  }

  jump(id) {
    const element = this.shown.get(id);
    if (!element) return;
    element.scrollIntoView({ block: "center", behavior: "smooth" });
    element.classList.add("glow");
    setTimeout(() => element.classList.remove("glow"), 1500);
  }
}
