// The oldest browsers that the page works in: read off what its sources use, with the browsers' own data (MDN's). Held
// against the table in README.md and the sentence that an older browser gets. `node tests/house/browsers.mjs`, with
// UPDATE_DOCS=1 to write them.
//
// What a browser may lack, since the page asks before it uses it or does without, stands in `browsers.json` beside this
// file with its reason; an entry that nothing needs any more is a fault too.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import bcd from '@mdn/browser-compat-data' with { type: 'json' };
import { parse as parseScript } from 'acorn';
import { generate, parse, walk } from 'css-tree';
import { parseDocument } from 'htmlparser2';
// The seventh version has no checker that a program could ask.
import ts from 'typescript-6';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** @param {string} path */
const read = (path) => readFileSync(ROOT + path, 'utf8');
const BROWSERS = { chrome: 'Chrome', edge: 'Edge', firefox: 'Firefox', safari: 'Safari', safari_ios: 'Safari on iOS', chrome_android: 'Chrome on Android', firefox_android: 'Firefox on Android' };

/** Where each feature is used first. @type {Map<string, string>} */
const used = new Map();
/** @param {string} path */
const known = (path) => path.split('.').reduce((/** @type {any} */ at, part) => at?.[part], bcd)?.__compat;
/** The first of these that the data know. @param {string[]} paths @param {string} place */
function note(paths, place) {
  const path = paths.find(known);
  if (path && !used.has(path)) used.set(path, place);
}

/** JavaScript: what the platform's own declarations declare, under the name of what it is asked of, and syntax. */
function scripts() {
  const { fileNames, options } = ts.parseJsonConfigFileContent(ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile).config, ts.sys, ROOT);
  const program = ts.createProgram(fileNames, options);
  const checker = program.getTypeChecker();
  const platform = (/** @type {ts.Declaration} */ { parent }) => /\/lib\.[^/]*\.d\.ts$/.test(parent.getSourceFile().fileName);
  /** The interfaces of a type, most special first. @param {ts.Type} type @returns {string[]} */
  const interfaces = (type) => (type.isUnionOrIntersection() ? type.types : [checker.getApparentType(type)])
    .flatMap((one) => [one.symbol?.name ?? '', ...(one.isClassOrInterface() ? checker.getBaseTypes(one).flatMap(interfaces) : [])]);
  /** @param {ts.Identifier} node */
  const paths = (node) => {
    const symbol = checker.getSymbolAtLocation(node);
    const declaration = symbol?.declarations?.find(platform);
    if (!symbol || !declaration) return [];
    if (!ts.isPropertyAccessExpression(node.parent) || node.parent.name !== node) {
      return ['api', 'javascript.builtins', 'javascript.builtins.Intl', 'api.Window'].map((of) => `${of}.${symbol.name}`);
    }
    const declared = ts.isInterfaceDeclaration(declaration.parent) ? declaration.parent.name.text : '';
    const { expression } = node.parent;
    const owners = [ts.isIdentifier(expression) ? expression.text : '', ...interfaces(checker.getTypeAtLocation(expression)), declared]
      .map((name) => name.replace(/Constructor$/, '')).filter(Boolean);
    return owners.flatMap((owner) => [`api.${owner}.${symbol.name}`, `api.${owner}.${symbol.name}_static`, `javascript.builtins.${owner}.${symbol.name}`, `javascript.builtins.Intl.${owner}.${symbol.name}`]);
  };
  /** @param {ts.Node} node @returns {string | undefined} */
  const syntax = (node) => {
    if (ts.isClassStaticBlockDeclaration(node)) return 'classes.static_initialization_blocks';
    if (ts.isPrivateIdentifier(node)) return 'classes.private_class_fields';
    if (ts.isPropertyDeclaration(node)) return 'classes.public_class_fields';
    if (ts.isQuestionDotToken(node)) return 'operators.optional_chaining';
    if (ts.isMetaProperty(node)) return 'operators.import_meta';
    if (ts.isForOfStatement(node) && node.awaitModifier) return 'statements.for_await_of';
    if (ts.isImportAttributes(node)) return 'statements.import.import_attributes';
    if (ts.isAwaitExpression(node) && !ts.findAncestor(node, ts.isFunctionLike)) return 'operators.await.top_level';
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return 'operators.import';
    if (ts.isRegularExpressionLiteral(node)) {
      const flags = node.text.slice(node.text.lastIndexOf('/'));
      if (flags.includes('v')) return 'builtins.RegExp.unicodeSets';
      if (/\(\?<[=!]/.test(node.text)) return 'regular_expressions.lookbehind_assertion';
      if (/\(\?<\w/.test(node.text)) return 'regular_expressions.named_capturing_group';
      if (/\\p\{/i.test(node.text)) return 'regular_expressions.unicode_character_class_escape';
    }
    return { [ts.SyntaxKind.QuestionQuestionToken]: 'operators.nullish_coalescing', [ts.SyntaxKind.QuestionQuestionEqualsToken]: 'operators.nullish_coalescing_assignment', [ts.SyntaxKind.BarBarEqualsToken]: 'operators.logical_or_assignment', [ts.SyntaxKind.AmpersandAmpersandEqualsToken]: 'operators.logical_and_assignment' }[/** @type {number} */ (node.kind)];
  };
  for (const file of program.getSourceFiles().filter(({ fileName, isDeclarationFile }) => !isDeclarationFile && fileName.startsWith(`${ROOT}www/`))) {
    /** @param {ts.Node} node */
    const visit = (node) => {
      const place = `${file.fileName.slice(ROOT.length)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      if (ts.isIdentifier(node)) note(paths(node), place);
      // A worker that is a module.
      if (ts.isNewExpression(node) && node.expression.getText() === 'Worker' && node.arguments?.[1]?.getText().includes('module')) note(['api.Worker.Worker.ecmascript_modules'], place);
      const form = syntax(node);
      if (form && !known(`javascript.${form}`)) throw new Error(`the browsers' data do not know javascript.${form}`);
      if (form) note([`javascript.${form}`], place);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
}

/** Styles: at-rules, properties, words and functions as values, and selectors. */
function styles() {
  for (const name of readdirSync(`${ROOT}www/style`)) {
    const file = `www/style/${name}`;
    walk(parse(read(file), { positions: true, parseCustomProperty: true }), {
      enter(node) {
        const place = `${file}:${node.loc?.start.line}`;
        if (node.type === 'Atrule') note([`css.at-rules.${node.name}`], place);
        if (node.type === 'Feature') note([`css.at-rules.${this.atrule?.name}.${node.name}`], place);
        if (node.type === 'PseudoClassSelector' || node.type === 'PseudoElementSelector') note([`css.selectors.${node.name}`].filter((path) => !path.includes('.-')), place);
        if (node.type === 'NestingSelector') note(['css.selectors.nesting'], place);
        if (node.type === 'Function') note([`css.types.${node.name}`, `css.types.color.${node.name}`, `css.types.image.${node.name}`, `css.types.gradient.${node.name}`], place);
        if (node.type === 'Dimension') note([`css.types.length.${node.unit}`, `css.types.length.viewport_percentage_units_${({ d: 'dynamic', s: 'small', l: 'large' })[node.unit[0] ?? '']}`].slice(0, /^[dsl]v/.test(node.unit) ? 2 : 1), place);
        if (node.type === 'Declaration') {
          note([`css.properties.${node.property}`], place);
          for (const [word] of generate(node.value).matchAll(/(?<![\w-])[a-z][\w-]*(?![\w(-])/g)) note([`css.properties.${node.property}.${word}`], place);
        }
      },
    });
  }
}

/** Pages: elements and attributes. */
function pages() {
  for (const file of readdirSync(`${ROOT}www`).filter((name) => name.endsWith('.html')).map((name) => `www/${name}`)) {
    const source = read(file);
    /** @param {any[]} nodes */
    const visit = (nodes) => nodes.forEach((/** @type {any} */ { type, name, attribs = {}, children = [], startIndex }) => {
      const place = `${file}:${source.slice(0, startIndex).split('\n').length}`;
      if (['tag', 'script', 'style'].includes(type)) note([`html.elements.${name}`], place);
      for (const [attribute, value] of Object.entries(attribs)) {
        note([`html.elements.${name}.${attribute}`, `html.global_attributes.${attribute}`], place);
        if (name === 'input' || name === 'script') note([`html.elements.${name}.${attribute}.${value}`, `html.elements.${name}.${attribute}_${value}`], place);
      }
      visit(children);
    });
    visit(parseDocument(source, { withStartIndices: true }).children);
  }
}

/** Modules: what wasm-opt is told that they may have. */
function modules() {
  const names = { threads: '', simd: 'fixed-width-SIMD', 'bulk-memory': 'bulk-memory-operations', 'sign-ext': 'sign-extension-operations', 'nontrapping-float-to-int': 'non-trapping-float-to-int-conversions', 'mutable-globals': '', 'reference-types': 'reference-types', multivalue: 'multi-value' };
  for (const [, feature = ''] of read('xtask/src/wasm.rs').matchAll(/"--enable-([\w-]+)"/g)) {
    if (!(feature in names)) throw new Error(`xtask/src/wasm.rs switches on ${feature}, which has no name here`);
    const name = names[/** @type {keyof typeof names} */ (feature)];
    if (name) note([`webassembly.${name}`], 'xtask/src/wasm.rs');
  }
}

/** The first version of a browser that has a feature, as a number; none if no version has it. @param {string} path @param {string} browser */
function since(path, browser) {
  const plain = [known(path).support[browser]].flat().filter((one) => one && !one.flags && !one.prefix && !one.alternative_name);
  const number = (/** @type {unknown} */ version) => Number.parseFloat(String(version).replace('≤', ''));
  // What was taken away again does not count, unless the same version brought it back whole.
  const lasting = plain.filter(({ version_removed }) => !version_removed || plain.some(({ version_added }) => version_added === version_removed));
  const versions = lasting.map(({ version_added }) => number(version_added)).filter((version) => !Number.isNaN(version));
  return versions.length ? Math.min(...versions) : undefined;
}

scripts();
styles();
pages();
modules();

/** @type {Record<string, string>} */
const spared = JSON.parse(read('tests/house/browsers.json'));
/** Whether an entry is about this feature or one that it contains. @param {string} entry @param {string} path */
const about = (entry, path) => path === entry || path.startsWith(`${entry}.`);
const faults = Object.keys(spared).filter((entry) => ![...used.keys()].some((path) => about(entry, path))).map((entry) => `browsers.json: nothing uses ${entry} any more`);
const needed = [...used.keys()].filter((path) => !Object.keys(spared).some((entry) => about(entry, path)));
/** Of features with one first version, those that a reader knows. */
const rows = Object.entries(BROWSERS).map(([browser, name]) => {
  const lacking = needed.filter((path) => since(path, browser) === undefined);
  faults.push(...lacking.map((path) => `${name} has no ${path} (${used.get(path)})`));
  const oldest = Math.max(...needed.map((path) => since(path, browser) ?? 0));
  const deciding = needed.filter((path) => since(path, browser) === oldest);
  return { name, oldest, deciding };
});

const short = (/** @type {string} */ path) => path.replace(/^(api|javascript\.builtins|javascript|css\.properties|css\.types|css|html\.elements|html\.global_attributes)\./, '');
const table = ['| browser | oldest version | what decides it |', '|---|---|---|', ...rows.map(({ name, oldest, deciding }) => `| ${name} | ${oldest} | ${deciding.slice(0, 3).map((path) => `\`${short(path)}\``).join(', ')}${deciding.length > 3 ? ' and more' : ''} |`)].join('\n');
/** What the sentence for older browsers says. */
const sentence = rows.filter(({ name }) => !name.includes(' on ')).map(({ name, oldest }) => `${name} ${oldest}`).join(', ');

/** @param {string} file @param {RegExp} place @param {string} wanted */
function hold(file, place, wanted) {
  const text = read(file);
  const found = text.match(place);
  if (!found) faults.push(`${file}: ${place} is not there`);
  else if (found[2] !== wanted) {
    if (process.env.UPDATE_DOCS) writeFileSync(ROOT + file, text.replaceAll(new RegExp(place, 'g'), (_, before, __, after) => before + wanted + after));
    else faults.push(`${file} says \`${found[2]}\` where the sources need \`${wanted}\`: UPDATE_DOCS=1 node tests/house/browsers.mjs`);
  }
}
// What says so must itself run where little else does.
parseScript(read('www/app/not-started.js'), { ecmaVersion: 2015, sourceType: 'script' });

hold('README.md', /(<!-- browsers -->\n)([\s\S]*?)(\n<!-- end -->)/, table);
for (const page of ['index', 'builder', 'check', 'teaching']) hold(`www/${page}.html`, /(<b data-oldest>)([^<]*)(<\/b>)/, sentence);

if (process.argv.includes('--all')) for (const path of needed) console.log(Object.keys(BROWSERS).map((browser) => since(path, browser)).join('\t'), path, used.get(path));
console.log(table);
if (faults.length) {
  console.error(faults.join('\n'));
  process.exit(1);
}
