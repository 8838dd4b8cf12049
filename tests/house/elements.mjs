// `www/custom-elements.json`, by which editors and catalogues know <cnn-playground>, says what `www/embed.js` and its types
// say: `node tests/house/elements.mjs`, and with `UPDATE_ELEMENTS=1` writes it anew.
// Its form: https://github.com/webcomponents/custom-elements-manifest, version 2.1.0.

import { readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript-6';

const ROOT = new URL('../../', import.meta.url);
const FILE = 'www/custom-elements.json';
/** @param {string} path */
const read = (path) => readFileSync(new URL(path, ROOT), 'utf8');

/** What is said above a member, as one line. @param {ts.Node} node */
const said = (node) => ts.getJSDocCommentsAndTags(node).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join(' ').replaceAll(/\s+/g, ' ');
/** @param {string} text */
const described = (text) => (text ? { description: text } : {});

/** The members of an interface of the types. @param {ts.SourceFile} types @param {string} name */
function membersOf(types, name) {
  const found = types.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name);
  if (!found || !ts.isInterfaceDeclaration(found)) throw new Error(`www/embed.d.ts has no ${name}`);
  return [...found.members];
}

/** The attributes that the element reads: the parameters of a link, then its own. @param {string} source */
function attributesOf(source) {
  const parameters = /PARAMETERS = new Set\('([^']+)'/.exec(source)?.[1]?.split(' ') ?? [];
  const own = new Set([...source.matchAll(/(?:this|one)\.(?:get|has)Attribute\('(\w+)'\)/g)].map(([, name]) => name ?? ''));
  const names = [...parameters, ...[...own].filter((name) => !parameters.includes(name)).sort()];
  return names.map((name) => ({ name, type: { text: 'string' }, ...(parameters.includes(name) ? { description: `The parameter \`${name}\` of a link.` } : {}) }));
}

/** @param {string} source @param {string} typed */
export function manifestOf(source, typed) {
  const types = ts.createSourceFile('embed.d.ts', typed, ts.ScriptTarget.Latest, true);
  /** @param {ts.Node | undefined} node */
  const text = (node) => node?.getText(types) ?? 'void';
  const name = (/** @type {ts.TypeElement} */ one) => text(one.name);
  const members = membersOf(types, 'CnnPlaygroundElement').filter((one) => name(one) !== 'addEventListener').map((one) => {
    if (ts.isMethodSignature(one)) {
      const parameters = one.parameters.map((parameter) => ({ name: text(parameter.name), type: { text: text(parameter.type) } }));
      return { kind: 'method', name: name(one), ...described(said(one)), ...(parameters.length > 0 ? { parameters } : {}), return: { type: { text: text(one.type) } } };
    }
    if (!ts.isPropertySignature(one)) throw new Error(`what is ${text(one)}?`);
    const readonly = one.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword) ?? false;
    return { kind: 'field', name: name(one), type: { text: text(one.type) }, ...described(said(one)), ...(readonly ? { readonly } : {}) };
  });
  const events = membersOf(types, 'CnnPlaygroundEventMap').map((one) => ({ name: name(one), type: { text: ts.isPropertySignature(one) ? text(one.type) : '' } }));
  const parts = [...new Set([...source.matchAll(/setAttribute\('part', '(\w+)'\)/g)].map(([, part]) => part))].map((part) => ({ name: part }));
  const declaration = {
    kind: 'class', name: 'CnnPlaygroundElement', tagName: 'cnn-playground', customElement: true, superclass: { name: 'HTMLElement' },
    description: 'The CNN playground in a frame that loads when it is near the screen.',
    attributes: attributesOf(source), members, events,
    slots: [{ name: '', description: 'A link for readers without JavaScript; its words name the frame.' }], cssParts: parts,
  };
  return {
    schemaVersion: '2.1.0',
    modules: [{
      kind: 'javascript-module', path: 'embed.js', declarations: [declaration],
      exports: [{ kind: 'custom-element-definition', name: 'cnn-playground', declaration: { name: declaration.name, module: 'embed.js' } }],
    }],
  };
}

const made = `${JSON.stringify(manifestOf(read('www/embed.js'), read('www/embed.d.ts')), null, 2)}\n`;
if (process.env.UPDATE_ELEMENTS) writeFileSync(new URL(FILE, ROOT), made);
else if (read(FILE) !== made) {
  console.error(`${FILE} says something else than www/embed.js and www/embed.d.ts: UPDATE_ELEMENTS=1 node tests/house/elements.mjs`);
  process.exitCode = 1;
} else console.log(`${FILE} says what the element is`);
