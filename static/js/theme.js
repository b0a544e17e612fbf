// Runs before the page is drawn: applies the theme this reader chose in this browser, so that nothing flashes.
// The server writes data-theme too; this only helps where a page came without it (signed-out pages, errors).
(() => {
  const chosen = localStorage.getItem("theme");
  const root = document.documentElement;
  root.classList.add("js");
  if ((chosen === "light" || chosen === "dark") && !root.dataset.theme) root.dataset.theme = chosen;
})();
