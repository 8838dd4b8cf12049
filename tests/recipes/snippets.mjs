// The pieces of code that docs/embedding.md gives to copy.
import { readFileSync } from 'node:fs';

const DOCUMENT = readFileSync(new URL('../../docs/embedding.md', import.meta.url), 'utf8');

/** Pieces of code in a language below a heading. @param {string} heading @param {string} language @returns {string[]} */
export function below(heading, language) {
  const [, section = ''] = DOCUMENT.split(`\n${heading}\n`);
  const [body = ''] = section.split(/\n##+ /);
  const found = [...body.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, code = '']) => code);
  if (found.length === 0) throw new Error(`docs/embedding.md has no ${language} below ${heading}`);
  return found;
}

/** The iframe, and the element with its script apart, as the document gives them. */
export function snippets() {
  const [iframe = ''] = below('## Iframe', 'html');
  const [whole = ''] = below('## The element', 'html');
  const script = /<script .*<\/script>/.exec(whole)?.[0] ?? '';
  return { iframe: iframe.trim(), script, element: whole.replace(script, '').trim() };
}

/** @typedef {ReturnType<typeof snippets>} Snippets */
