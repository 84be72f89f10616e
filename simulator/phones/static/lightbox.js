// A picture, big.

const box = document.getElementById("lightbox");
const picture = box.querySelector("img");

export function enlarge(address, caption, isProtected) {
  picture.src = address;
  picture.alt = caption || "Ảnh";
  box.querySelector(".caption").textContent = caption;
  box.querySelector(".shield").hidden = !isProtected;
  box.dataset.protected = isProtected ? "yes" : "no";
  box.showModal();
}

box.addEventListener("click", () => box.close());
box.addEventListener("close", () => picture.removeAttribute("src"));
box.addEventListener("contextmenu", (event) => {
  if (box.dataset.protected === "yes") event.preventDefault();
});
picture.addEventListener("dragstart", (event) => event.preventDefault());
