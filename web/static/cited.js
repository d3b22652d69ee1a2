// Puts the focus on the sentence that was cited, where the fragment has scrolled to.

export const bind = () => {
  const sentence = document.getElementById("cited");
  sentence.tabIndex = -1;
  sentence.focus();
};
