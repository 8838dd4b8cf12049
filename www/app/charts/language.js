// Before uPlot, which makes a number format of the browser's language as it is loaded: a system without a language calls
// it C, which is none, and the page would not start.
try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en' });
}
