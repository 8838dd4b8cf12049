// What a tab keeps until it is closed, also when its page is loaded again. Where the browser keeps nothing, it is forgotten.

/** @param {string} name @param {unknown} value that JSON can say */
export function keepInTab(name, value) {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Storage is forbidden or full: the page works without it.
  }
}

/** @param {string} name @returns {any} what was kept, if it is there */
export function tabKept(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? 'null');
  } catch {
    return null;
  }
}
