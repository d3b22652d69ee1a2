// Leads back to the conversation that the reader was opened from.

export const bind = (link) => {
  const from = document.referrer ? new URL(document.referrer) : null;
  if (from?.origin === location.origin && from.pathname === "/") link.href = from.href;
};
