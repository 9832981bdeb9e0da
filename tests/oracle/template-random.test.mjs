// Random templates through goldenpath and Nunjucks: the same output, or an error from both.
//
// The templates are the same at each run. `node tests/oracle/template-random.test.mjs SEED COUNT` tries
// others.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Renderer } from 'goldenpath';

import { random as generator } from './generate.mjs';
import { filters, globals } from './host.mjs';
import { render } from './nunjucks.mjs';

const [seed = 2026, count = 3000] = process.argv.slice(2).map(Number);

const context = {
  s: 'Hello World',
  t: '42',
  e: '',
  n: 7,
  z: 0,
  f: 2.5,
  yes: true,
  no: false,
  nil: null,
  list: [3, 1, 2],
  words: ['b', 'A', 'c'],
  empty: [],
  obj: { k: 'v', n: 1, 10: 'ten', deep: { x: [1, { y: 'z' }] } },
  items: [
    { name: 'p', rank: 2, on: true },
    { name: 'q', rank: 1, on: false },
  ],
};

const names = [...Object.keys(context), 'missing', 'v1', 'v2', 'i', 'loop'];

const members = ['k', 'n', 'deep', 'x', 'length', 'name', 'rank', 'index'];

// without `**`: its last digit is every engine's own
const operators = '+ - * / // % ~ == === != !== < > <= >= and or'.split(' ');

const piped = [
  ...'abs capitalize dump e escape first float int join last length list lower'.split(
    ' ',
  ),
  ...'reverse round safe sort string sum title trim upper urlencode wordcount'.split(
    ' ',
  ),
  ...'nl2br striptags forceescape dictsort shout'.split(' '),
  'default("d")',
  'default("d", true)',
  'replace("l", "L")',
  'replace("", "-")',
  'replace(r/[a-z]+/g, "<$&>")',
  'replace(r/(\\w)(\\w*)/i, "$2$1")',
  'join(", ")',
  'join("|", "name")',
  'indent(2, true)',
  'truncate(5)',
  'truncate(4, true, "~")',
  'batch(2)',
  'slice(2)',
  'groupby("on") | dump',
  'sort(true)',
  'sort(attribute="rank") | dump',
  'selectattr("on") | dump',
  'rejectattr("on") | dump',
  'select("odd")',
  'reject("string")',
  'round(1, "floor")',
  'center(9)',
  'dump(2)',
];

const tested = [
  ...'defined undefined null odd even string number iterable mapping'.split(
    ' ',
  ),
  ...'truthy falsy lower upper callable escaped'.split(' '),
  'divisibleby(2)',
  'eq(7)',
  'sameas("42")',
  'gt(1)',
];

const methods = [
  'toUpperCase()',
  'split("l") | dump',
  'slice(1, 3)',
  'indexOf("l")',
  'indexOf(1)',
  'includes(1)',
  'replace("l", "$&$&")',
  'padStart(8, "ab")',
  'join("-")',
  'concat([9])',
  'toFixed(1)',
  'toString()',
  'charAt(1)',
  'at(-1)',
  'match(r/l+/) | dump',
  'split(r/[lo]/) | dump',
];

const usual = ['{%', '%}', '${{', '}}'];

/** Other delimiters, in the order of the usual ones. */
const others = [
  ['<%', '%>', '[[', ']]'],
  ['<%%', '%%>', '<%', '%>'],
  ['<!--', '-->', '<?', '?>'],
  ['(*', '*)', '$', '$'],
  ['«%', '%»', '«', '»'],
];

// an object, as eslint distrusts a variable that functions of a loop change
const counted = { rendered: 0 };

for (let index = 0; index < count; index += 1) {
  const random = generator(seed + index);
  const written = files(random);
  const text = whole(random, written);
  // `raw` ends with the usual delimiters in Nunjucks
  const tags =
    random(100) < 20 && !/raw|verbatim/.test(text) && random.of(others);
  const template = delimit(text, tags);
  const skeleton = Object.fromEntries(
    Object.entries(written).map(([path, part]) => [path, delimit(part, tags)]),
  );
  test(`random template ${seed + index}`, () => {
    const options = {
      trimBlocks: random(100) < 20,
      lstripBlocks: random(100) < 20,
      tags: tags
        ? {
            blockStart: tags[0],
            blockEnd: tags[1],
            variableStart: tags[2],
            variableEnd: tags[3],
          }
        : {},
    };
    const renderer = new Renderer({
      ...{ ...options, filters, globals },
      templates: skeleton,
    });
    const ours = renderer.renderText(
      { name: 'template.njk', content: template },
      context,
    );
    let theirs;
    try {
      theirs = render({ template, files: skeleton, context, options });
    } catch {
      theirs = undefined;
    }
    counted.rendered += theirs === undefined ? 0 : 1;
    // functions print as their source there, which no template can want
    if (theirs?.includes('function')) return;
    // Nunjucks loses errors of files that are asked for within a block
    if (ours.diagnostics.some(({ file }) => file !== 'template.njk')) return;
    assert.equal(
      ours.output,
      theirs,
      JSON.stringify({ template, skeleton, ...ours }, undefined, 1),
    );
  });
}

test('enough templates render', () => assert(counted.rendered > count / 3));

/** The same text with other delimiters. */
function delimit(text, tags) {
  if (!tags) return text;
  const find = /\{%|%\}|\$\{\{|\}\}/g;
  return text.replace(find, found => tags[usual.indexOf(found)]);
}

/** Files that a template asks for; a file only asks for the next. */
function files(random) {
  if (random(100) < 75) return {};
  const part = next => {
    const body = block(random, random(2));
    const macro = `{% macro f(v1, i=2) %}${block(random, 1)}{% endmacro %}`;
    return `{% set v1 = ${random.of(names)} %}${macro}${body}${
      next ? request(random, next) : ''
    }`;
  };
  const section = (name, inner) => `{% block ${name} %}${inner}{% endblock %}`;
  const base = `${block(random, 1)}${section('x', block(random, 1))}${section(
    'y',
    block(random, 1),
  )}`;
  return { 'a.njk': part('b.njk'), 'b.njk': part(), 'base.njk': base };
}

function request(random, file) {
  const view = random.of(['', ' with context', ' without context']);
  return random.of([
    `{% include "${file}" %}`,
    `{% for i in list %}{% include "./${file}" ignore missing %}{% endfor %}`,
    `{% import "${file}" as v2${view} %}\${{ v2.f(1) }}\${{ v2.v1 }}`,
    `{% from "${file}" import f, v1 as i${view} %}\${{ f(v1, 3) }}\${{ i }}`,
    `{% import "${file}" as v2 %}{% call v2.f(2) %}\${{ i }}{% endcall %}`,
  ]);
}

function whole(random, skeleton) {
  const text = () => block(random, 1 + random(3));
  if (Object.keys(skeleton).length === 0) return text();
  const asking = () => `${text()}${request(random, 'a.njk')}`;
  if (random(100) < 50) return asking() + text();
  const inner = `${random.of(['', '${{ super() }}'])}${asking()}`;
  return `{% extends "base.njk" %}${text()}{% block x %}${inner}{% endblock %}`;
}

function block(random, depth) {
  const statements = Array.from({ length: 1 + random(3) }, () =>
    statement(random, depth),
  );
  return statements.join('');
}

function statement(random, depth) {
  const dash = () => (random(100) < 15 ? '-' : '');
  const tag = text => `{%${dash()} ${text} ${dash()}%}`;
  const value = () => expression(random, depth);
  const inner = () => block(random, depth - 1);
  const kinds = depth > 0 ? 12 : 4;
  switch (random(kinds)) {
    case 0:
      return random.of([' a ', '\n  ', 'b\n', '\n', '${', '{ }', 'é ']);
    case 1:
    case 2:
      return `\${{${dash()} ${value()} ${dash()}}}`;
    case 3:
      return tag(`set ${random.of(['v1', 'v2', 'i'])} = ${value()}`);
    case 4:
      return `${tag(`if ${value()}`)}${inner()}${tag('endif')}`;
    case 5:
      return `${tag(`if ${value()}`)}${inner()}${tag(
        `elif ${value()}`,
      )}${inner()}${tag('else')}${inner()}${tag('endif')}`;
    case 6:
    case 7:
      return `${tag(
        `for i in ${random.of(['list', 'words', 's', value()])}`,
      )}${inner()}${tag('else')}${inner()}${tag('endfor')}`;
    case 8:
      return `${tag('for v1, v2 in obj')}${inner()}${tag('endfor')}`;
    case 9:
      return `${tag('set v1')}${inner()}${tag('endset')}`;
    case 10:
      return `${tag(
        `macro m(v1, v2=${value()})`,
      )}${inner()}\${{ caller() if caller }}${tag('endmacro')}${random.of([
        `\${{ m(${value()}) }}`,
        `\${{ m(${value()}, ${value()}) }}`,
        `{% call m(${value()}) %}${inner()}{% endcall %}`,
      ])}`;
    default:
      return `${tag(`switch ${value()}`)}${tag(
        `case ${value()}`,
      )}${inner()}${tag(`case ${value()}`)}${tag('default')}${inner()}${tag(
        'endswitch',
      )}`;
  }
}

function expression(random, depth) {
  const part = () => expression(random, depth - 1);
  if (depth <= 0 || random(100) < 20) {
    return random.of([
      random.of(names),
      random.of(names),
      random.of(['1', '0', '2.5', '"x"', "'l'", '""', 'true', 'none']),
    ]);
  }
  switch (random(13)) {
    case 0:
    case 1:
    case 2:
      return `${part()} ${random.of(operators)} ${part()}`;
    case 3:
      return `(${part()})`;
    case 4:
      return `not ${part()}`;
    case 5:
      return `-${random.of(names)}`;
    case 6:
      return `${part()} | ${random.of(piped)}`;
    case 7:
      return `${random.of(names)}.${random.of(members)}`;
    case 8:
      return `${random.of(names)}[${part()}]`;
    case 9:
      return `(${part()} if ${part()} else ${part()})`;
    case 10:
      return `(${part()} is ${random.of(['', 'not '])}${random.of(tested)})`;
    case 11:
      return random.of([
        `[${part()}, ${part()}]`,
        `{k: ${part()}, n: ${part()} }`,
        `(${part()} in ${part()})`,
      ]);
    default:
      return `${random.of(names)}.${random.of(methods)}`;
  }
}
