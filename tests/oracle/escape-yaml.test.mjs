// Hostile values in YAML, JSON and workflows, read by npm `yaml` as YAML 1.2 and 1.1.

/* eslint no-control-regex: off -- hostile values are what it is about */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';

import { fuzz, render } from './escape/language.mjs';

/** Maps, lists and scalars; the values are those of the keys `v`, and the keys that begin with `k_`. */
function read(version, trim) {
  return output => {
    const documents = parseAllDocuments(output, { version, merge: true });
    const values = [];
    const shape = documents.map(document => {
      if (document.errors.length > 0) throw document.errors[0];
      return visit(document.contents, '');
    });
    return { shape, values };

    function visit(node, key) {
      if (isMap(node)) {
        return node.items.map(pair => {
          const name = pair.key.value;
          if (typeof name === 'string' && name.startsWith('k_')) {
            values.push(name.slice(2));
            return ['k_', visit(pair.value, '')];
          }
          return [name, visit(pair.value, String(name))];
        });
      }
      if (isSeq(node)) return [node.items.map(item => visit(item, key))];
      if (!isScalar(node)) return node;
      if (key.startsWith('v'))
        values.push(trim ? trim(node.value, key) : node.value);
      return key.startsWith('v') ? 'value' : node.value;
    }
  };
}

const breaks = value => value.replace(/\r\n?/g, '\n');
// what YAML does not read, or reads as a line break, where there are no escapes
const unwritable =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;
const templates = [
  { text: 'a: 1\nv: ${{ v }}\nb: 2\n' },
  { text: 'a: 1\nv: ${{ v }}  # comment\nb: 2\n' },
  { text: 'v:\n  - ${{ v }}\n  - "${{ v }}"\n  - \'${{ v }}\'\nb: 2\n' },
  { text: '- - v: ${{ v }}\n    b: x\n- v: "${{ v }}"\n' },
  { text: 'a: {v: ${{ v }}, b: 1}\nc: [{v: ${{ v }}}, 2]\nv: [${{ v }}]\n' },
  { text: 'a:\n  v:\n    ${{ v }}\n  b: x\n' },
  { text: '"a": 1\n"v": \'${{ v }}\'\n"v2": "${{ v }}"\n' },
  {
    text: 'k_${{ v }}: 1\nb: {"k_${{ v }}": 2}\nc:\n  - \'k_${{ v }}\': 3\n',
    refuses: value => value.length > 60,
  },
  {
    text: 'v: pre ${{ v }} post\nb: 1\n',
    trims: value => value.slice(4, -5),
  },
  {
    text: 'v: "pre ${{ v }}\n  post"\nv2: pre ${{ v }}\n  post\nb: 1\n',
    trims: value => value.slice(4, -5),
  },
  {
    text: "v: 'pre ''\n  ${{ v }}'\nb: 1\n",
    trims: value => value.slice(6),
  },
  {
    text: 'a:\n  v: |-\n    ${{ v }}\n    end\n  b: 1\nc: x\n',
    trims: value => value.slice(0, -4),
    refuses: value => unwritable.test(value),
    says: breaks,
  },
  {
    text: 'v:\n- |+\n  start\n  ${{ v }} end\nb: 1\n',
    trims: value => value.slice(6, -5),
    refuses: value => unwritable.test(value),
    says: breaks,
  },
  { text: '# ${{ v }}\nv: 1 # ${{ v }}\n', says: () => 1 },
  {
    text: 'v: ${{ v | dump }}\nv2: [${{ v | dump }}]\n',
    refuses: () => false,
  },
];

for (const version of ['1.2', '1.1']) {
  test(`values in YAML ${version}`, () => {
    const totals = { written: 0, refused: 0 };
    for (const template of templates) {
      const found = fuzz({
        file: 'values.yaml',
        templates: [template],
        read: read(version, template.trims),
      });
      totals.written += found.written;
      totals.refused += found.refused;
    }
    assert(totals.refused < totals.written / 10, JSON.stringify(totals));
  });
}

test('values in JSON', () => {
  const scalar = value => {
    try {
      const found = JSON.parse(value);
      return typeof found === 'object' && found !== null ? value : found;
    } catch {
      return value;
    }
  };
  const json = output => {
    const values = [];
    const shape = visit(JSON.parse(output), '');
    return { shape, values };

    function visit(node, key) {
      if (Array.isArray(node)) return node.map(item => visit(item, key));
      if (typeof node === 'object' && node !== null) {
        return Object.entries(node).map(([name, value]) => {
          if (!name.startsWith('k_')) return [name, visit(value, name)];
          values.push(name.slice(2));
          return ['k_', visit(value, '')];
        });
      }
      if (key !== 'v') return node;
      values.push(node);
      return 'value';
    }
  };
  const { refused } = fuzz({
    file: 'a.json',
    read: json,
    templates: [
      { text: '{"a": 1, "v": "${{ v }}", "b": {"k_${{ v }}": 1}}' },
      { text: '[{"v": ${{ v | dump }}}, 1]' },
      {
        text: '{"v": ${{ v }}, "b": [1]}',
        // a value that is a scalar of JSON is one, where the template has no quotes
        says: value => (/^[\s"]|\s$/.test(value) ? value : scalar(value)),
      },
    ],
  });
  assert.equal(refused, 0);
});

test('workflows: no value begins an expression', () => {
  const template = 'a: ${{ v }}\nb: "$${{ v }}"\nc: x${{ v }}{ secrets.X }}\n';
  for (const value of ['${{ x }}', '{{ x }}', '$', '${', '{']) {
    const output = render('.github/workflows/a.yml', template, value);
    assert(!/\$\{\{/.test(output ?? ''), output);
  }
});
