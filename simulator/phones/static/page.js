// The page: one live connection, phones, board, clock, guide.

import { Board } from "./board.js";
import { Phone } from "./phone.js";

const WEEKDAYS = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"];
const phones = new Map();
const clock = { second: null, day: "", weekday: 0, heardAt: 0 };
let socket = null;

function send(act) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(act));
}

const board = new Board(send);

const heard = {
  hello(news) {
    document.getElementById("school").textContent = news.school;
    const place = document.getElementById("phones");
    phones.clear();
    news.phones.forEach((owner, number) => phones.set(owner.user_id, new Phone(owner, number, news.bot, send, () => clock.day)));
    place.replaceChildren(...[...phones.values()].map((phone) => phone.element));
  },
  chat(news) {
    phones.get(news.user_id)?.show(news);
  },
  board(news) {
    board.show(news);
  },
  clock(news) {
    Object.assign(clock, news, { heardAt: performance.now() });
    tick();
  },
  refused(news) {
    phones.values().next().value?.toast(news.words);
  },
};

function connect() {
  const address = new URL("live", document.baseURI);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(address);
  const link = document.getElementById("link");
  socket.addEventListener("open", () => { link.hidden = true; });
  socket.addEventListener("message", (event) => {
    const news = JSON.parse(event.data);
    heard[news.type]?.(news);
  });
  socket.addEventListener("close", () => {
    link.hidden = false;
    setTimeout(connect, 1500);
  });
}

function tick() {
  if (clock.second === null) return;
  const now = Math.floor(clock.second + (performance.now() - clock.heardAt) / 1000) % 86400;
  const two = (value) => String(value).padStart(2, "0");
  const [hour, minute, second] = [Math.floor(now / 3600), Math.floor(now / 60) % 60, now % 60].map(two);
  document.getElementById("clock").textContent = `${hour}:${minute}:${second}`;
  document.getElementById("day").textContent = `${WEEKDAYS[clock.weekday]}, ${clock.day}`;
  for (const phone of phones.values()) phone.time.textContent = `${hour}:${minute}`;
}

const guide = document.getElementById("guide");
document.getElementById("help").addEventListener("click", () => guide.showModal());
const remember = () => localStorage.setItem("truccam-guide", "read");
guide.querySelector("form").addEventListener("submit", remember);
guide.addEventListener("cancel", remember);
if (!localStorage.getItem("truccam-guide")) guide.showModal();

connect();
setInterval(tick, 250);
