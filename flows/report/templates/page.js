"use strict";
/* The page reads without this. It puts boxes near their marks, opens what a link leads into, and all for print. */
(() => {
  const root = document.documentElement;
  const GAP = 8; // pixels between a mark and its box, and between a box and the edge of the window

  const place = (noted) => {
    const tip = noted.querySelector(".tip");
    const mark = noted.querySelector("mark, button, .num");
    if (!tip || !mark) return;
    root.classList.remove("hush");
    const at = mark.getClientRects()[0];
    const width = tip.offsetWidth, height = tip.offsetHeight;
    const left = Math.max(GAP, Math.min(at.left, root.clientWidth - width - GAP));
    const below = at.bottom + GAP + height < root.clientHeight;
    tip.style.left = `${left}px`;
    tip.style.right = "auto";
    tip.style.bottom = "auto";
    tip.style.top = `${Math.max(GAP, below ? at.bottom : at.top - height)}px`;
  };
  for (const kind of ["mouseover", "focusin"])
    document.addEventListener(kind, (event) => {
      const noted = event.target.closest?.(".noted");
      if (noted && !event.target.closest(".tip")) place(noted);
    });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") root.classList.add("hush");
  });

  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let box = target; box; box = box.parentElement) if (box.localName === "details") box.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const box of closed) box.open = true;
  });
  addEventListener("afterprint", () => {
    for (const box of closed) box.open = false;
  });
})();
