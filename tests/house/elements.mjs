// What is said of <cnn-playground> is what `www/embed.d.ts` says, and that is what `www/embed.js` does: the manifest by which
// editors and catalogues know it, and the tables of `docs/embedding.md`. `node tests/house/elements.mjs` compares, and with
// `UPDATE_ELEMENTS=1` writes both anew. The manifest's form: https://github.com/webcomponents/custom-elements-manifest, version 2.1.0.

import { readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript-6';

const ROOT = new URL('../../', import.meta.url);
const MANIFEST = 'www/custom-elements.json';
const DOCUMENT = 'docs/embedding.md';
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

/** A type of the types. @param {ts.SourceFile} types @param {string} name */
function typeOf(types, name) {
  const found = types.statements.find((one) => ts.isTypeAliasDeclaration(one) && one.name.text === name);
  if (!found || !ts.isTypeAliasDeclaration(found)) throw new Error(`www/embed.d.ts has no ${name}`);
  return found.type;
}

/** What a type is made of, joined by `|` or `&`. @param {ts.TypeNode} type */
const parts = (type) => (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type) ? [...type.types] : [type]);

/** The attributes: the parameters of a link, then the element's own. The source reads these and no others.
 *  @param {ts.SourceFile} types @param {string} source */
function attributesOf(types, source) {
  const parameters = parts(typeOf(types, 'Parameter')).map((one) => one.getText(types).replaceAll("'", ''));
  const own = parts(typeOf(types, 'CnnPlaygroundAttributes')).filter(ts.isTypeLiteralNode).flatMap(({ members }) => [...members]);
  const attributes = [
    ...parameters.map((name) => ({ name, type: { text: 'string' }, description: `The parameter \`${name}\` of a link.` })),
    ...own.map((one) => ({ name: one.name?.getText(types) ?? '', type: { text: 'string' }, ...described(said(one)) })),
  ];
  const named = (/** @type {string[]} */ names) => [...new Set(names)].sort().join(' ');
  const read = named([...source.matchAll(/(?:this|one)\.(?:get|has)Attribute\('(\w+)'\)/g)].map(([, name]) => name ?? ''));
  const taken = named(/PARAMETERS = new Set\('([^']+)'/.exec(source)?.[1]?.split(' ') ?? []);
  const typed = named(attributes.map(({ name }) => name));
  if (typed !== named([...taken.split(' '), ...read.split(' ')])) throw new Error(`www/embed.js reads other attributes than www/embed.d.ts names:\n${taken} ${read}\n${typed}`);
  return attributes;
}

/** The messages that a frame tells: when, and what each holds. @param {ts.SourceFile} types */
function messagesOf(types) {
  return parts(typeOf(types, 'Message')).map((one) => {
    if (!ts.isTypeLiteralNode(one)) return { type: 'error', when: before(types, one), holds: ['code'] };
    const [kind, ...rest] = one.members.map((member) => ({ name: member.name?.getText(types) ?? '', text: ts.isPropertySignature(member) ? member.type?.getText(types) : '' }));
    return { type: kind?.text?.replaceAll("'", '') ?? '', when: before(types, one), holds: rest.map(({ name }) => name) };
  });
}

/** What is said above a part of a type, before its `|`. @param {ts.SourceFile} types @param {ts.Node} node */
function before(types, node) {
  const [, comment] = /\/\*\* ([^*]+) \*\/\s*\|\s*$/.exec(types.text.slice(0, node.getStart(types))) ?? [];
  if (!comment) throw new Error(`www/embed.d.ts does not say when: ${node.getText(types)}`);
  return comment;
}

/** @param {ts.SourceFile} types @param {string} source */
function manifestOf(types, source) {
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
  const shadow = [...new Set([...source.matchAll(/setAttribute\('part', '(\w+)'\)/g)].map(([, part]) => part))].map((part) => ({ name: part }));
  const declaration = {
    kind: 'class', name: 'CnnPlaygroundElement', tagName: 'cnn-playground', customElement: true, superclass: { name: 'HTMLElement' },
    description: 'The CNN playground in a frame that loads when it is near the screen.',
    attributes: attributesOf(types, source), members, events,
    slots: [{ name: '', description: 'A link for readers without JavaScript; its words name the frame.' }], cssParts: shadow,
  };
  return {
    schemaVersion: '2.1.0',
    modules: [{
      kind: 'javascript-module', path: 'embed.js', declarations: [declaration],
      exports: [{ kind: 'custom-element-definition', name: 'cnn-playground', declaration: { name: declaration.name, module: 'embed.js' } }],
    }],
  };
}

/** @param {string[]} head @param {string[][]} rows */
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n').replace(/^\| --- .*$/m, `|${'---|'.repeat(head.length)}`);
const code = (/** @type {string} */ text) => `\`${text}\``;

/** The tables of the document, by the mark that stands before each. @param {ts.SourceFile} types @param {string} source */
function tablesOf(types, source) {
  const [{ attributes, members }] = manifestOf(types, source).modules[0].declarations;
  const own = attributes.filter(({ description }) => !description.startsWith('The parameter '));
  const call = (/** @type {any} */ one) => `${one.name}(${(one.parameters ?? []).map((/** @type {any} */ { name }) => name).join(', ')})`;
  return {
    attributes: table(['attribute', 'what it is'], own.map(({ name, description }) => [code(name), description])),
    members: table(['property or method', 'type', 'what it is'], members.map((one) => [
      code(one.kind === 'method' ? call(one) : one.name), code('return' in one ? one.return.type.text : `${one.readonly ? 'readonly ' : ''}${one.type.text}`), one.description ?? '',
    ])),
    messages: table(['event', 'when', 'what it holds'], messagesOf(types).filter(({ type }) => type !== 'answer').map(({ type, when, holds }) => [code(type), when, holds.map(code).join(', ')])),
  };
}

const source = read('www/embed.js');
const types = ts.createSourceFile('embed.d.ts', read('www/embed.d.ts'), ts.ScriptTarget.Latest, true);
const document = Object.entries(tablesOf(types, source)).reduce((text, [mark, rows]) => {
  const [head, rest] = text.split(`<!-- ${mark} -->\n`);
  if (rest === undefined) throw new Error(`${DOCUMENT} has no <!-- ${mark} -->`);
  return `${head}<!-- ${mark} -->\n${rows}\n${rest.slice(rest.indexOf('<!-- end -->'))}`;
}, read(DOCUMENT));
const made = { [MANIFEST]: `${JSON.stringify(manifestOf(types, source), null, 2)}\n`, [DOCUMENT]: document };
for (const [file, text] of Object.entries(made)) {
  if (process.env.UPDATE_ELEMENTS) writeFileSync(new URL(file, ROOT), text);
  else if (read(file) !== text) {
    console.error(`${file} says something else than www/embed.js and www/embed.d.ts: UPDATE_ELEMENTS=1 node tests/house/elements.mjs`);
    process.exitCode = 1;
  } else console.log(`${file} says what the element is`);
}
