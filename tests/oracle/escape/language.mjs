// Renders hostile strings into a language, and reads what comes out with a parser of that language.

import assert from 'node:assert/strict';

import { Renderer } from 'goldenpath';

import { strings } from './strings.mjs';

/** A word that no place has to escape. */
export const HARMLESS = 'word';

const renderer = new Renderer({ escape: 'auto', strict: true });

/** The output for a value, or nothing if it is refused. */
export function render(file, template, v) {
  const { output, diagnostics } = renderer.renderText(
    { name: file, content: template },
    { v },
  );
  for (const { code } of diagnostics) assert.match(code, /^template\/unsafe-/);
  assert.equal(output === undefined, diagnostics.length > 0);
  return output;
}

/**
 * Renders each string into each template and compares what `read` makes of it: `shape` with that of a
 * harmless word, and each of `values` with the string.
 *
 * A template is `{ text, read?, refuses?, says? }`: `refuses` tells which strings may be refused, `says`
 * what the parser gives back for a string, if not the string.
 */
export function fuzz({ file, templates, read, seed = 2026, count = 1500 }) {
  const totals = { written: 0, refused: 0 };
  for (const template of templates) {
    const { text, refuses = () => false, says = value => value } = template;
    const harmless = render(file, text, HARMLESS);
    assert.notEqual(harmless, undefined, text);
    const expected = read(harmless, template);
    assert(expected.values.length > 0, text);
    for (const value of strings(seed, count)) {
      // text that is not well-formed is made so on the way into the core
      const wanted = value.toWellFormed();
      const output = render(file, text, value);
      if (output === undefined) {
        assert(refuses(wanted), `refused ${JSON.stringify(value)} in ${text}`);
        totals.refused += 1;
        continue;
      }
      const told = `${JSON.stringify(value)} in\n${text}\n=>\n${output}`;
      let actual;
      try {
        actual = read(output, template);
      } catch (error) {
        assert.fail(`${error.message}: ${told}`);
      }
      assert.deepEqual(actual.shape, expected.shape, told);
      const back = actual.values.map(found => found);
      assert.deepEqual(
        back,
        back.map(() => says(wanted)),
        told,
      );
      totals.written += 1;
    }
  }
  return totals;
}
