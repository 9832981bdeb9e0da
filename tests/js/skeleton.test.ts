import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import {
  type SkeletonOptions,
  formatDiagnostics,
  renderSkeleton,
} from 'goldenpath';

import { type Tree, folder, tree } from './folders.ts';

const { write } = createRequire(import.meta.url)(
  '../../js/dist/skeleton/write.js',
) as typeof import('../../js/src/skeleton/write.ts');

const context = { values: { name: 'shop', no: false, dir: 'src', up: '..' } };

type Options = Partial<Omit<SkeletonOptions, 'source' | 'target'>>;

/** Renders a skeleton in memory into a target in memory. */
async function render(
  t: TestContext,
  skeleton: Tree,
  { before = {}, ...options }: Options & { before?: Tree } = {},
) {
  const source = folder(t, skeleton);
  const target = folder(t, before);
  const report = await renderSkeleton({ source, target, context, ...options });
  return {
    target,
    tree: tree(target),
    codes: report.diagnostics.map(({ code, file }) => `${code} ${file}`),
    files: report.files.map(({ action, path }) => `${action} ${path}`),
    diagnostics: report.diagnostics,
  };
}

test('names and contents are rendered, empty folders kept', async t => {
  const { tree: written, files } = await render(t, {
    '${{ values.dir }}/${{ values.name }}.txt': 'I am ${{ values.name }}\n',
    empty: null,
  });
  assert.deepEqual(written, { 'src/shop.txt': 'I am shop\n', empty: null });
  assert.deepEqual(files, [
    'rendered src',
    'rendered src/shop.txt',
    'rendered empty',
  ]);
});

test('a file includes, imports and extends files of the skeleton', async t => {
  const { tree: written } = await render(t, {
    'a.txt': '{% include "parts/hello.txt" %}!',
    'b/c.txt': '{% from "../parts/m.txt" import f %}${{ f(values.name) }}',
    'parts/hello.txt': 'Hello ${{ values.name }}',
    'parts/m.txt': '{% macro f(x) %}<${{ x }}>{% endmacro %}',
  });
  assert.deepEqual(written, {
    'a.txt': 'Hello shop!',
    'b/c.txt': '<shop>',
    'parts/hello.txt': 'Hello shop',
    'parts/m.txt': '',
  });
});

test('partials are there for others and not written', async t => {
  const { tree: written, files } = await render(
    t,
    {
      'a.txt': '{% include "parts/b.txt" %}',
      'parts/b.txt': '${{ values.name }}',
      'c.part': '${{ nothing is broken here }}',
    },
    { partials: ['parts/**', '*.part'] },
  );
  assert.deepEqual(written, { 'a.txt': 'shop' });
  assert.deepEqual(files, [
    'rendered a.txt',
    'skipped c.part',
    'skipped parts',
    'skipped parts/b.txt',
  ]);
});

test('a file of another folder is never included, not even by a link', async t => {
  const outside = folder(t, { 'secret.txt': 'secret' });
  const source = folder(t, {
    'a.txt': '{% include "link.txt" %}',
    'b.txt': '{% include "linked/secret.txt" %}',
    'c.txt': `{% include "${outside}/secret.txt" %}`,
  });
  symlinkSync(join(outside, 'secret.txt'), join(source, 'link.txt'));
  symlinkSync(outside, join(source, 'linked'));
  const target = folder(t, {});
  const report = await renderSkeleton({ source, target, context });
  const found = report.diagnostics.map(({ code, file }) => `${code} ${file}`);
  assert.deepEqual(found.slice(0, 3), [
    'template/not-found a.txt',
    'template/not-found b.txt',
    'template/not-found c.txt',
  ]);
  assert.deepEqual(tree(target), {});
});

test('an error of an included file is told with both files', async t => {
  const source = folder(t, {
    'a.txt': '{% include "b.txt" %}',
    'b.txt': '${{ values.name.nope() }}',
  });
  const target = folder(t, {});
  const { diagnostics, sources } = await renderSkeleton({
    ...{ source, target, context },
  });
  const text = formatDiagnostics(diagnostics.slice(0, 1), sources);
  assert.match(text, /b\.txt:1:5/);
  assert.match(text, /asked for here\n +--> a\.txt:1:12/);
  assert.match(text, /values\.name\.nope\(\)/);
});

test('an entry with an empty part in its name is left out, with all below', async t => {
  const { tree: written, files } = await render(t, {
    '{% if values.no %}a.txt{% endif %}': 'a',
    '{% if values.no %}b{% endif %}/c.txt': 'c',
    'd.txt': 'd',
  });
  assert.deepEqual(written, { 'd.txt': 'd' });
  assert.equal(files.filter(file => file.startsWith('skipped')).length, 3);
});

test('binary files are copied to the byte', async t => {
  const bytes = Uint8Array.from({ length: 600 }, (_, i) => i % 256);
  const { target, files } = await render(t, { 'a.bin': bytes });
  assert.deepEqual(new Uint8Array(readFileSync(join(target, 'a.bin'))), bytes);
  assert.deepEqual(files, ['copied a.bin']);
});

test('copied files keep their content, their names are rendered', async t => {
  const workflow = '${{ github.ref }}';
  const { tree: written } = await render(
    t,
    {
      '.github/workflows/${{ values.name }}.yaml': workflow,
      'a.md': '${{ values.name }}',
    },
    { copyWithoutTemplating: ['.github/**'] },
  );
  assert.deepEqual(written, {
    '.github/workflows/shop.yaml': workflow,
    'a.md': 'shop',
  });
});

test('with an extension only such files are rendered, and lose it', async t => {
  const { tree: written } = await render(
    t,
    { 'a.md.njk': '${{ values.name }}', '${{ values.name }}.md': '${{ b }}' },
    { templateFileExtension: '.njk' },
  );
  assert.deepEqual(written, { 'a.md': 'shop', 'shop.md': '${{ b }}' });
});

test('the executable bit is kept', async t => {
  const source = folder(t, { 'run.sh': '#!/bin/sh\n', data: 'x' });
  chmodSync(join(source, 'run.sh'), 0o755);
  const target = folder(t);
  await renderSkeleton({ source, target, context });
  assert.equal(statSync(join(target, 'run.sh')).mode & 0o111, 0o111);
  assert.equal(statSync(join(target, 'data')).mode & 0o111, 0);
});

test('what is there stays, and is replaced on demand', async t => {
  const before = { 'a.txt': 'old' };
  const kept = await render(t, { 'a.txt': 'new', 'b.txt': 'b' }, { before });
  assert.deepEqual(kept.tree, { 'a.txt': 'old', 'b.txt': 'b' });
  assert.deepEqual(kept.files, ['skipped a.txt', 'rendered b.txt']);

  const replaced = await render(
    t,
    { 'a.txt': 'new' },
    { before, replace: true },
  );
  assert.deepEqual(replaced.tree, { 'a.txt': 'new' });
});

test('one error anywhere, and nothing is written; all errors are told', async t => {
  const {
    tree: written,
    codes,
    files,
  } = await render(
    t,
    {
      'good.txt': 'fine',
      'bad.txt': '${{ values.name | nix }}',
      'deep/bad.txt': '${{ values.',
    },
    { before: { 'was.txt': 'here' } },
  );
  assert.deepEqual(written, { 'was.txt': 'here' });
  assert.deepEqual(files, []);
  assert.deepEqual(
    [...new Set(codes.map(code => code.split(' ')[1]))],
    ['bad.txt', 'deep/bad.txt'],
  );
});

test('an error in a name is shown in the name, once for all below it', async t => {
  const source = folder(t, {
    '${{ values.nix.a }}/b/c.txt': 'first line\n${{ | }}\n',
    '${{ values.nix.a }}/d.txt': 'fine',
  });
  const target = folder(t);
  const { diagnostics, sources } = await renderSkeleton({
    ...{ source, target, context },
    renderer: { strict: true },
  });
  const shown = formatDiagnostics(diagnostics, sources);
  assert.match(shown, /1 \| \$\{\{ values\.nix\.a \}\}\n/);
  assert.match(shown, /2 \| \$\{\{ \| \}\}\n/);
  assert.equal(diagnostics.length, 2);
});

test('a target that is not there is not made for an error', async t => {
  const source = folder(t, { 'bad.txt': '${{' });
  const target = join(folder(t), 'a/b');
  await renderSkeleton({ source, target, context });
  assert.throws(() => statSync(join(target, '..')), /ENOENT/);
});

test('a name cannot leave the target', async t => {
  const { tree: written, diagnostics } = await render(t, {
    '${{ values.up }}/${{ values.up }}/evil.txt': 'x',
    'good.txt': 'x',
  });
  assert.deepEqual(written, {});
  assert.ok(diagnostics.some(({ severity }) => severity === 'error'));
});

test('two entries of one path are refused', async t => {
  const { codes, tree: written } = await render(t, {
    '${{ values.name }}.txt': '1',
    'shop.txt': '2',
  });
  assert.deepEqual(codes, ['template/path-collision shop.txt']);
  assert.deepEqual(written, {});
});

test('a file where another entry needs a folder is refused', async t => {
  const { codes } = await render(t, {
    '${{ values.name }}': 'a file',
    'shop/a.txt': 'below it',
  });
  assert.deepEqual(codes, [
    'template/path-collision shop',
    'template/path-collision shop/a.txt',
  ]);
});

test('git folders are refused, once', async t => {
  const { codes } = await render(t, {
    '.git/hooks/post-checkout': 'x',
    '.git/config': 'x',
    '${{ "." }}GIT': 'x',
  });
  assert.deepEqual(codes.sort(), [
    'template/path-escapes ${{ "." }}GIT (name)',
    'template/path-escapes .git (name)',
  ]);
});

test('links are made again if they stay inside', async t => {
  const skeleton: Tree = {
    'docs/a.md': 'a',
    'a.md': { link: 'docs/a.md' },
    'docs/up': { link: '../a.md' },
  };
  const { tree: written } = await render(t, skeleton);
  assert.deepEqual(written, skeleton);
});

test('links that lead outside are refused', async t => {
  const links = ['/etc/passwd', '../x', 'd/../../x', 'd/../x'];
  for (const link of links) {
    const { codes, tree: written } = await render(t, { a: { link } });
    assert.deepEqual(codes, ['template/link-outside a'], link);
    assert.deepEqual(written, {}, link);
  }
});

test('a chain of links and a dangling link are no way out', async t => {
  const outside = folder(t, {});
  const source = folder(t, { 'dir/x.txt': 'x' });
  symlinkSync('two', join(source, 'one'));
  symlinkSync(outside, join(source, 'two'));
  symlinkSync(join(outside, 'later'), join(source, 'dangling'));
  symlinkSync('dir/../../later', join(source, 'up'));
  const target = folder(t, {});
  const report = await renderSkeleton({ source, target, context });
  assert.deepEqual(
    report.diagnostics.map(({ code, file }) => `${code} ${file}`).sort(),
    [
      'template/link-outside dangling',
      'template/link-outside two',
      'template/link-outside up',
    ],
  );
  assert.deepEqual([tree(target), tree(outside)], [{}, {}]);
});

test('nothing is written through a link of the skeleton', async t => {
  const { codes } = await render(t, {
    src: { link: '.' },
    '${{ values.dir }}/a.txt': 'x',
  });
  assert.ok(codes.every(code => code.startsWith('template/path-collision')));
  assert.ok(codes.length > 0);
});

test('nothing is written through a link in the target', async t => {
  const outside = folder(t);
  const { codes } = await render(
    t,
    { 'src/a.txt': 'x' },
    { before: { src: { link: outside } }, replace: true },
  );
  assert.ok(codes.includes('template/target-in-the-way src/a.txt'));
  assert.deepEqual(tree(outside), {});
});

test('replacing a link replaces the link, not what it points to', async t => {
  const outside = folder(t, { 'a.txt': 'precious' });
  const { tree: written } = await render(
    t,
    { 'a.txt': 'new' },
    { before: { 'a.txt': { link: join(outside, 'a.txt') } }, replace: true },
  );
  assert.deepEqual(written, { 'a.txt': 'new' });
  assert.deepEqual(tree(outside), { 'a.txt': 'precious' });
});

test('a file does not replace a folder', async t => {
  const before: Tree = { 'a/b.txt': 'b' };
  const { codes, tree: written } = await render(
    t,
    { a: 'x' },
    { before, replace: true },
  );
  assert.deepEqual(codes, ['template/target-in-the-way a']);
  assert.deepEqual(written, before);
});

test('a failure while writing takes everything back', async t => {
  const before = { 'a.txt': 'old', 'there/c.txt': 'c' };
  const target = folder(t, before);
  const entry = (path: string) =>
    ({ path, kind: 'file', mode: 0o644 } as const);
  await assert.rejects(
    write(
      [
        { path: 'a.txt', text: 'new', entry: entry('a.txt'), replaces: true },
        { path: 'b/c/d.txt', text: 'd', entry: entry('d'), replaces: false },
        { path: 'there/l', link: 'c.txt', entry: entry('l'), replaces: false },
        // without a text it is copied from the skeleton, where it is gone
        { path: 'z.bin', entry: entry('z.bin'), replaces: false },
      ],
      folder(t),
      target,
    ),
    { code: 'ENOENT' },
  );
  assert.deepEqual(tree(target), before);
});

test('a skeleton that is not there rejects', async t => {
  const source = join(folder(t), 'nowhere');
  await assert.rejects(renderSkeleton({ source, target: folder(t), context }), {
    code: 'ENOENT',
  });
});

test('text that is not UTF-8 has a diagnostic with its place', async t => {
  const latin1 = Buffer.from('ok\ncaf\u00e9 au lait\n', 'latin1');
  const {
    codes,
    diagnostics,
    tree: written,
  } = await render(t, {
    'a.txt': latin1,
  });
  assert.equal(codes.length, 1);
  assert.equal(diagnostics[0].start.line, 2);
  assert.deepEqual(written, {});
});

test('the language of a file is that of its path in the target', async t => {
  const { tree: written, diagnostics } = await render(
    t,
    {
      '${{ values.name }}.${{ values.format }}.njk': 'a: ${{ values.evil }}',
      'plain.txt.njk': 'a: ${{ values.evil }}',
    },
    {
      context: { values: { name: 'shop', format: 'yaml', evil: 'b: c' } },
      renderer: { escape: 'auto' },
      templateFileExtension: '.njk',
    },
  );
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(written, {
    'shop.yaml': 'a: "b: c"',
    'plain.txt': 'a: b: c',
  });
});

for (const skeleton of [
  'new-service/skeleton/common',
  'new-service/skeleton/python',
  'new-service/skeleton/typescript',
  'new-service/platform',
  'preview-environment/skeleton',
]) {
  test(`harmless values are written as they are: ${skeleton}`, async t => {
    const source = join(
      import.meta.dirname,
      '../../examples/templates',
      skeleton,
    );
    const values = {
      ...{ name: 'shop', title: 'Shop', description: "It's a shop (v1)" },
      ...{ owner: 'group:default/shop', port: 8080, database: true },
    };
    const trees: Tree[] = [];
    for (const escape of ['off', 'auto'] as const) {
      const target = folder(t);
      const { files, diagnostics } = await renderSkeleton({
        ...{ source, target, context: { values } },
        renderer: { escape },
      });
      assert.deepEqual(diagnostics, []);
      assert(files.length > 0);
      trees.push(tree(target));
    }
    assert.deepEqual(trees[1], trees[0]);
  });
}

test('what is rendered is verified, by the names in the target, before anything is written', async t => {
  const skeleton = {
    '${{ values.name }}.json': '{"name": ${{ values.name }}}\n',
    'copied.json': '{"name": ${{ values.name }}}\n',
    'deploy.yaml': 'kind: Service\n',
  };
  const copyWithoutTemplating = ['copied.json'];
  const { tree: none, diagnostics } = await render(t, skeleton, {
    copyWithoutTemplating,
    verify: ['json', 'kubernetes'],
  });
  assert.deepEqual(none, {});
  assert.deepEqual(
    diagnostics.map(({ code, file }) => `${code} ${file}`),
    [
      'verify/json-syntax shop.json (rendered)',
      'verify/kubernetes deploy.yaml (rendered)',
    ],
  );
  const { tree: all } = await render(t, skeleton, { copyWithoutTemplating });
  assert.equal(Object.keys(all).length, 3);
});

test('the answers are written with the rest, and never outside', async t => {
  const skeleton = { 'a.txt': 'a' };
  const { tree: written } = await render(t, skeleton, {
    answers: { text: 'b: 1\n' },
  });
  assert.deepEqual(written, {
    'a.txt': 'a',
    '.goldenpath/answers.yaml': 'b: 1\n',
  });
  for (const path of ['../a', '/a', 'a/../../b', '.', 'a\0']) {
    await assert.rejects(
      render(t, skeleton, { answers: { text: '', path } }),
      /leads out of the target/,
    );
  }
  const { codes } = await render(t, skeleton, {
    answers: { text: '', path: 'a.txt' },
  });
  assert.deepEqual(codes, ['template/path-collision a.txt']);
});
