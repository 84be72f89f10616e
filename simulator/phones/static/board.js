// The strip beside the phones: cameras and switches for bad luck.

import { make } from "./dom.js";

const SHORT_DAYS = 20;

export class Board {
  constructor(send) {
    this.send = send;
    this.element = document.querySelector(".board");
    this.list = document.getElementById("cameras");
    this.sum = document.getElementById("board-sum");
    this.recorderOff = document.getElementById("recorder-off");
    this.telegramCut = document.getElementById("telegram-cut");
    this.recorderOff.addEventListener("change", () => send({ do: "recorder", on: !this.recorderOff.checked }));
    this.telegramCut.addEventListener("change", () => send({ do: "telegram", cut: this.telegramCut.checked }));
    this.tiles = new Map();
  }

  show(board) {
    this.recorderOff.checked = !board.recorder_on;
    this.telegramCut.checked = board.telegram_cut;
    this.element.classList.toggle("off", !board.recorder_on);
    const online = board.cameras.filter((camera) => camera.online).length;
    this.sum.textContent = board.recorder_on ? `${online}/${board.cameras.length} camera có hình` : "Đầu ghi đang tắt";
    for (const camera of board.cameras) this.tile(camera).update(camera);
  }

  tile(camera) {
    let tile = this.tiles.get(camera.code);
    if (!tile) {
      tile = new Tile(camera, this.send);
      this.tiles.set(camera.code, tile);
      this.list.append(tile.element);
    }
    return tile;
  }
}

class Tile {
  constructor(camera, send) {
    this.days = make("span");
    this.element = make("button", { type: "button", class: "camera", on: { click: () => send({ do: "camera", code: camera.code, online: !this.online }) } },
      make("span", { class: "camera-top" }, make("i", { class: "dot" }), make("b", { text: camera.code }), this.days),
      make("span", { class: "camera-name", text: camera.name }));
  }

  update(camera) {
    this.online = camera.online;
    const isShort = camera.online && camera.kept_days < SHORT_DAYS;
    this.element.classList.toggle("dead", !camera.online);
    this.element.classList.toggle("short", isShort);
    this.days.textContent = camera.online ? `${camera.kept_days} ngày` : "mất hình";
    this.element.title = camera.online
      ? `${camera.code} ${camera.name}: đang lưu ${camera.kept_days} ngày${isShort ? ", thiếu so với quy chế" : ""}. Bấm để làm mất hình.`
      : `${camera.code} ${camera.name}: mất hình. Bấm để nối lại.`;
    this.element.setAttribute("aria-pressed", String(!camera.online));
  }
}
