// Binds each element with data-module to the module of that name; then the page may rely on its scripts.

const elements = [...document.querySelectorAll("[data-module]")];
const modules = await Promise.all(elements.map((element) => import(`./${element.dataset.module}.js`)));
modules.forEach((module, index) => module.bind(elements[index]));
document.documentElement.classList.add("scripted");
