// Hostile values in HCL, read by HashiCorp's own parser.

/* eslint no-control-regex: off -- hostile values are what it is about */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parse } from '@cdktf/hcl2json';

import { HARMLESS, render } from './escape/language.mjs';
import { strings } from './escape/strings.mjs';

/** The parser writes texts as HCL would, with `$${` for `${`. */
const unescaped = text => text.replace(/([$%])\1\{/g, '$1{');

const templates = [
  { text: 'v = "${{ v }}"\nb = "x"\n', says: v => v },
  { text: 'v = "a${{ v }}b${{ v }}"\nb = "x"\n', says: v => `a${v}b${v}` },
  {
    text: 'v = "$${{ v }}{a}%${{ v }}"\nb = "x"\n',
    says: v => `$${v}{a}%${v}`,
  },
  {
    text: 'v = <<EOT\n[${{ v }}]\nEOT\nb = "x"\n',
    says: v => `[${v}]\n`,
    refuses: v =>
      /[$%]{2}\{|[\0-\x08\x0b-\x1f\x7f-\x9f]/.test(v) || /^\s*EOT\s*$/m.test(v),
  },
  {
    text: '# ${{ v }}\n/* ${{ v }} */ v = "w" // ${{ v }}\nb = "x"\n',
    says: () => 'w',
  },
];

test('values in HCL', async () => {
  for (const { text, says, refuses = () => false } of templates) {
    const keys = Object.keys(
      await parse('a.tf', render('a.tf', text, HARMLESS)),
    );
    for (const value of strings(19, 500)) {
      const wanted = value.toWellFormed();
      const output = render('a.tf', text, value);
      const told = `${JSON.stringify(value)} in\n${text}\n=>\n${output}`;
      if (output === undefined) {
        assert(refuses(wanted), told);
        continue;
      }
      const read = await parse('a.tf', output).catch(error =>
        assert.fail(`${error.message}: ${told}`),
      );
      assert.deepEqual(Object.keys(read), keys, told);
      assert.equal(read.b, 'x', told);
      assert.equal(unescaped(read.v), says(wanted), told);
    }
  }
});

test('a block has the labels and the references that the author wrote', async () => {
  const text =
    'module "${{ v }}" {\n  source = "./${{ v }}"\n  a = { for k in var.x : k => "${k}-${{ v }}" }\n  t = ${{ [v] | dump }}\n}\n';
  for (const value of strings(23, 300)) {
    const output = render('a.tf', text, value);
    assert(output !== undefined, JSON.stringify(value));
    const read = await parse('a.tf', output).catch(error =>
      assert.fail(`${error.message}: ${JSON.stringify(value)} =>\n${output}`),
    );
    assert.deepEqual(Object.keys(read), ['module']);
    const [[block]] = Object.values(read.module);
    assert.deepEqual(Object.keys(block).sort(), ['a', 'source', 't']);
    assert.equal(block.t.length, 1);
  }
});
