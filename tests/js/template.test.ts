import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Context, Renderer, formatDiagnostics } from 'goldenpath';

function text(renderer: Renderer, content: string, context: object = {}) {
  return renderer.renderText({ name: 'a.txt', content }, context);
}

test('functions of the host get copies and give copies', () => {
  const kept: unknown[] = [];
  const answer = { list: [1] };
  const renderer = new Renderer({
    filters: {
      spoil: (value: any) => {
        kept.push(value);
        value.name = 'spoilt';
        Object.setPrototypeOf(value, { evil: true });
        return answer;
      },
    },
  });
  const values = { name: 'shop' };
  const context = new Context({ values });
  const content =
    '${{ (values | spoil).list.push(2) }}${{ values.name }}${{ values.evil }}';
  assert.equal(text(renderer, content, context).output, '2shop');
  assert.deepEqual(answer, { list: [1] });
  assert.equal(values.name, 'shop');
  (kept[0] as any).name = 'later';
  assert.equal(text(renderer, '${{ values.name }}', context).output, 'shop');
});

test('nothing compiled crosses the border', () => {
  const renderer = new Renderer();
  const context = { f: { toString: 'x' }, code: 'process.exit()' };
  const result = text(renderer, '${{ code }}${{ f.toString }}', context);
  assert.deepEqual(result, { output: 'process.exit()x', diagnostics: [] });
  // what a renderer keeps is in the core's memory; here there is no field to exchange
  assert.deepEqual(Reflect.ownKeys(renderer), []);
});

test('a regex that never ends stops within 50 ms', () => {
  const renderer = new Renderer();
  const content =
    '${{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" | replace(r/^(a+)+$/, "x") }}';
  text(renderer, content);
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    const { output, diagnostics } = text(renderer, content);
    assert.ok(
      output === undefined
        ? diagnostics[0]?.code === 'source/limit-exceeded'
        : output.endsWith('a!'),
    );
    return performance.now() - start;
  });
  assert.ok(Math.min(...times) < 50, `${times} ms`);
});

test('diagnostics are free of secrets', () => {
  const renderer = new Renderer({
    secrets: ['secrets', 'environment.secrets'],
    filters: {
      fail: (value: string) => {
        throw new Error(`cannot take ${value}`);
      },
    },
    templates: path => {
      throw new Error(`no ${path}`);
    },
  });
  const context = {
    secrets: { token: 'hunter2' },
    environment: { secrets: { key: 'opensesame' } },
  };
  for (const expression of [
    'secrets.token | fail',
    'secrets.token | upper | fail',
    '[environment.secrets.key] | fail',
    '{a: secrets.token} | dump | fail',
    'secrets.token in 5',
  ]) {
    const content = `\${{ ${expression} }}`;
    const { diagnostics, output } = text(renderer, content, context);
    assert.equal(output, undefined);
    const shown = formatDiagnostics(diagnostics, [{ name: 'a.txt', content }]);
    assert.doesNotMatch(shown, /hunter2|opensesame/i);
  }
  const asked = text(renderer, '{% include secrets.token %}', context);
  assert.doesNotMatch(JSON.stringify(asked.diagnostics), /hunter2/);
  const named = renderer.renderPath('../${{ secrets.token }}', context);
  assert.doesNotMatch(JSON.stringify(named.diagnostics), /hunter2/);
});

test('the secrets of a result are what a logger must mask', () => {
  const renderer = new Renderer({ secrets: ['secrets'] });
  const context = { secrets: { token: 'hunter2' } };
  const content = '${{ secrets.token | upper }} ${{ "public" }}';
  const { output = '', secrets = [] } = text(renderer, content, context);
  const logged = secrets.reduce(
    (line, secret) => line.replaceAll(secret, '***'),
    output,
  );
  assert.equal(logged, '*** public');
  assert.equal(text(renderer, 'public', context).secrets, undefined);
});

test('templates are an object or a function, each asked once', () => {
  const asked: string[] = [];
  const renderer = new Renderer({
    templates: path => {
      asked.push(path);
      return path === 'a.njk' ? Buffer.from('A') : undefined;
    },
  });
  const content =
    '{% include "a.njk" %}{% include "./a.njk" %}{% include "b" ignore missing %}';
  assert.equal(text(renderer, content).output, 'AA');
  assert.deepEqual(asked, ['a.njk', 'b']);
  const object = new Renderer({ templates: { 'a.njk': 'A' } });
  assert.equal(text(object, '{% include "a.njk" %}').output, 'A');
  const none = new Renderer({ templates: {} });
  const { diagnostics } = text(none, '{% include "toString" %}');
  assert.equal(diagnostics[0]?.code, 'template/not-found');
});

test('values keep their types', () => {
  const renderer = new Renderer();
  const context = { parameters: { n: 3, list: [1], no: false } };
  const value = {
    n: '${{ parameters.n }}',
    list: ['${{ parameters.list }}', 'n=${{ parameters.n }}'],
    gone: '${{ parameters.nothing }}',
    flag: '{% if parameters.no %}true{% else %}false{% endif %}',
  };
  assert.deepEqual(renderer.renderValue(value, context), {
    value: { n: 3, list: [[1], 'n=3'], flag: false },
    diagnostics: [],
    sources: [],
  });
  const native = renderer.renderValue(value, context, { typing: 'native' });
  assert.equal((native.value as { flag: unknown }).flag, 'false');
  assert.equal(renderer.renderValue(undefined, context).value, null);
  const failed = renderer.renderValue({ a: '${{ 1 + }}' }, context);
  assert.equal(failed.value, undefined);
  assert.match(
    formatDiagnostics(failed.diagnostics, failed.sources),
    /value\/a:1:9/,
  );
});

test('files that ask for themselves meet a limit, not the end of the stack', () => {
  const wrap = (inner: string) =>
    `{% for i in [1] %}{% if i %}{% filter upper %}${inner}{% endfilter %}{% endif %}{% endfor %}`;
  for (const ask of [
    '{% include "A" %}',
    '{% import "A" as m with context %}',
    '{% extends "A" %}',
    '{% block b %}{% endblock %}{% include "A" %}',
    '{% macro f() %}{% include "A" %}{% endmacro %}${{ f() }}',
    '{% macro f() %}${{ caller() }}{% endmacro %}{% call f() %}{% include "A" %}{% endcall %}',
  ]) {
    for (const file of [ask, wrap(ask), wrap(wrap(wrap(ask)))]) {
      const renderer = new Renderer({ templates: { A: file } });
      const { diagnostics } = text(renderer, '{% include "A" %}');
      assert.equal(diagnostics[0]?.code, 'source/limit-exceeded', file);
    }
  }
});
