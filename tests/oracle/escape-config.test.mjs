// Hostile values in TOML and Java's properties, read by the readers below, in `.env` files, read by dotenv,
// and in HTML, read by jsdom as a browser reads it.

/* eslint no-control-regex: off -- hostile values are what it is about */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import dotenv from 'dotenv';
import { JSDOM } from 'jsdom';

import { HARMLESS, fuzz, render } from './escape/language.mjs';
import { strings } from './escape/strings.mjs';

test('values in TOML', () => {
  const { written } = fuzz({
    file: 'a.toml',
    templates: [
      { text: 'a = "x${{ v }}y"\nb = 1\n', values: read => [read.a.slice(1, -1)] }, // prettier-ignore
      { text: "a = 'x${{ v }}y'\nb = 1\n", values: read => [read.a.slice(1, -1)] }, // prettier-ignore
      { text: 'a = ${{ v }}\nb = 1\n', values: read => [read.a] },
      { text: 'a = """x${{ v }}y"""\nb = 1\n', values: read => [read.a.slice(1, -1)] }, // prettier-ignore
      { text: "a = '''x${{ v }}y'''\nb = 1\n", values: read => [read.a.slice(1, -1)] }, // prettier-ignore
      { text: '[t.${{ v }}]\nb = 1 # ${{ v }}\n', values: read => Object.keys(read.t) }, // prettier-ignore
      { text: '"k${{ v }}" = 1\nb = [ 1, ${{ v }} ]\n', values: read => [read.b[1]] }, // prettier-ignore
    ],
    read(text, { values }) {
      const read = toml(text);
      const shape = JSON.stringify(read, (key, value) =>
        typeof value === 'object' ? Object.values(value) : typeof value,
      );
      return { shape, values: values(read) };
    },
  });
  assert(written > 1000);
});

test('values in properties', () => {
  const { written } = fuzz({
    file: 'a.properties',
    templates: [
      { text: 'a=${{ v }}\nb=1\n', values: read => [read[0][1]] },
      { text: 'a: x${{ v }}\nb=1\n', values: read => [read[0][1].slice(1)] },
      { text: 'k${{ v }} = 1\nb=1\n', values: read => [read[0][0].slice(1)] },
      { text: '# ${{ v }}\na=1,\\\n  ${{ v }}\n', values: read => [read[0][1].slice(2)] }, // prettier-ignore
    ].map(one => ({ ...one, refuses: value => /[$#]\{/.test(value) || value === '' })), // prettier-ignore
    read(text, { values }) {
      const read = properties(text);
      return { shape: read.length, values: values(read) };
    },
  });
  assert(written > 1000);
});

test('values in .env files', () => {
  const refuses = value => /['"\\`$#\s\0-\x1f\x7f-\x9f\u2028\u2029\ufeff]|[^\w./:@%+,=-]/.test(value); // prettier-ignore
  const { written } = fuzz({
    file: '.env',
    templates: [
      { text: 'A=${{ v }}\nB=1\n', refuses },
      { text: "A='${{ v }}'\nB=1\n", refuses: value => /['\\\0-\x1f\x7f-\x9f\u2028\u2029\ufeff]/.test(value) }, // prettier-ignore
      { text: 'A="${{ v }}" # ${{ v }}\nB=1\n', refuses },
    ],
    read(text) {
      const { A, ...rest } = dotenv.parse(text);
      return { shape: rest, values: [A] };
    },
  });
  assert(written > 300);
});

test('values in HTML', () => {
  const page = '<title>${{ v }}</title><p title="${{ v }}" class=\'${{ v }}\'>${{ v }}</p><!-- ${{ v }} --><textarea>x${{ v }}</textarea><b>end</b>'; // prettier-ignore
  const tree = node => [
    node.nodeName,
    (node.getAttributeNames?.() ?? []).join(),
    [...node.childNodes].filter(({ nodeName }) => nodeName !== '#text').map(tree), // prettier-ignore
  ];
  const shape = text => JSON.stringify(tree(new JSDOM(text).window.document));
  const harmless = shape(render('a.html', page, HARMLESS));
  let written = 0;
  for (const value of strings(19, 400)) {
    const output = render('a.html', page, value);
    if (output === undefined) {
      assert.match(value, /[\0-\x1f\ufffe\uffff]/, JSON.stringify(value));
      continue;
    }
    assert.equal(shape(output), harmless, `${JSON.stringify(value)}\n${output}`); // prettier-ignore
    written += 1;
  }
  assert(written > 300);
  for (const place of [
    '<script>a = "</b>${{ v }}"</script>',
    '<p onclick="b=\'${{ v }}\'">',
    '<p style="color: ${{ v }}">',
  ]) {
    assert.equal(render('a.html', place, "';alert(1)//"), undefined, place);
  }
});

/** Reads the TOML that the templates above make: tables, keys, strings, numbers and lists. */
function toml(text) {
  const root = {};
  let table = root;
  let at = 0;
  const fail = () => assert.fail(`no TOML at ${at}`);
  const take = pattern => {
    const found = new RegExp(pattern, 'y');
    found.lastIndex = at;
    const match = found.exec(text);
    if (match) at = found.lastIndex;
    return match?.[0];
  };
  const blank = () => take('[ \\t]*');
  const unescape = body =>
    body.replace(/\\(?:u([0-9a-fA-F]{4})|([\\"bfnrt]))/g, (_, code, letter) =>
      code
        ? String.fromCharCode(parseInt(code, 16))
        : { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }[letter] ?? letter,
    );
  const plain = '[^\\0-\\x08\\x0a-\\x1f\\x7f';
  const escape = '\\\\(?:u[0-9a-fA-F]{4}|[\\\\"bfnrt])';
  const string = () => {
    let found = take(
      `"""(?:(?:"{0,2}(?:${plain}\\\\"]|\\r?\\n|${escape})))*"""`,
    );
    if (found !== undefined) return unescape(found.slice(3, -3));
    found = take(`'''(?:'{0,2}(?:${plain}']|\\r?\\n))*'''`);
    if (found !== undefined) return found.slice(3, -3);
    found = take(`"(?:${plain}\\\\"]|${escape})*"`);
    if (found !== undefined) return unescape(found.slice(1, -1));
    return take(`'${plain}']*'`)?.slice(1, -1);
  };
  const key = () => string() ?? take('[A-Za-z0-9_-]+') ?? fail();
  const path = () => {
    const keys = [key()];
    while (take('[ \\t]*\\.[ \\t]*')) keys.push(key());
    return keys;
  };
  const value = () => {
    if (take('\\[[ \\t]*') === undefined) {
      const found = string();
      if (found !== undefined) return found;
      const word = take('[^\\s,\\]#]+') ?? fail();
      assert.match(word, /^(?:true|false|-?\d[\d.eE+-]*|\d{4}-\d\d-\d\d)$/);
      return word;
    }
    const list = [];
    while (take('[ \\t]*\\]') === undefined) {
      list.push(value());
      take('[ \\t]*,[ \\t]*');
    }
    return list;
  };
  while (at < text.length) {
    blank();
    if (take('\\[') !== undefined) {
      table = root;
      for (const name of path()) table = table[name] ??= {};
      if (take('\\]') === undefined) fail();
    } else if (!/[\n#]/.test(text[at])) {
      const [name] = path();
      if (take('[ \\t]*=[ \\t]*') === undefined) fail();
      // a list, as an object puts numbers first
      table[name] = value();
    }
    blank();
    take(`#${plain}]*`);
    if (take('\\r?\\n') === undefined && at < text.length) fail();
  }
  return root;
}

/** As `java.util.Properties.load`. */
function properties(text) {
  const lines = [];
  for (const line of text.split(/\r\n|\n|\r/)) {
    const last = lines.at(-1);
    if (last?.open) {
      last.text = last.text.slice(0, -1) + line.replace(/^[ \t\f]+/, '');
    } else if (!/^[ \t\f]*(?:[#!]|$)/.test(line)) {
      lines.push({ text: line.replace(/^[ \t\f]+/, '') });
    } else continue;
    const one = lines.at(-1);
    one.open = /\\*$/.exec(one.text)[0].length % 2 === 1;
  }
  const unescape = one =>
    one.replace(/\\(?:u([0-9a-fA-F]{4})|([^]))/g, (_, code, letter) =>
      code
        ? String.fromCharCode(parseInt(code, 16))
        : { t: '\t', n: '\n', r: '\r', f: '\f' }[letter] ?? letter,
    );
  return lines.map(({ text: line }) => {
    const [, name, rest] =
      /^((?:\\[^]|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*([^]*)$/.exec(line);
    return [unescape(name), unescape(rest)];
  });
}
