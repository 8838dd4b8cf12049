// The page's colours as a canvas takes them.

/** What the page's styles say that a token is: its colour by day and by night. @param {string} name */
export const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A canvas knows no `light-dark()`: a hidden element resolves it. @type {HTMLElement | undefined} */
let probe;

/** Asking for a style makes the browser work the page's styles out anew. @type {Map<string, string>} */
const resolved = new Map();
const dark = matchMedia('(prefers-color-scheme: dark)');
const forced = matchMedia('(forced-colors: active)');

/** The colour of a token as a canvas takes it. @param {string} name */
export function colour(name) {
  const key = `${document.documentElement.dataset.theme} ${dark.matches} ${forced.matches} ${name}`;
  const known = resolved.get(key);
  if (known) return known;
  if (!probe) {
    probe = document.createElement('span');
    probe.hidden = true;
    // Else every colour would be that of the text there.
    probe.style.setProperty('forced-color-adjust', 'none');
    document.body.append(probe);
  }
  probe.style.color = token(name);
  const { color } = getComputedStyle(probe);
  resolved.set(key, color);
  return color;
}
