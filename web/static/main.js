// Binds each element to the modules that its data-module names; then the page may rely on its scripts.

// Fetching and reading them would hold up the first paint; a page that isn't looked at is painted by nobody.
if (!document.hidden) await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));

const bonds = [...document.querySelectorAll("[data-module]")].flatMap((element) =>
  element.dataset.module.split(" ").map((name) => ({ element, name })),
);
const modules = await Promise.all(bonds.map(({ name }) => import(`./${name}.js`)));
modules.forEach((module, index) => module.bind(bonds[index].element));
document.documentElement.classList.add("scripted");
