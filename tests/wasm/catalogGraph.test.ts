import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  CatalogGraph,
  type SourceFile,
  catalogGraphFields,
  diffCatalogs,
  formatDiagnostics,
} from 'goldenpath';

import { area, json, text } from './cases.ts';

for (const name of foldersOf('catalog-graph')) {
  test(`catalog-graph/${name}`, () => {
    const folder = join(area('catalog-graph'), name);
    const graph = new CatalogGraph(json(join(folder, 'options.json')) ?? {});
    const snapshot = fileIn(folder, 'snapshot.json');
    if (snapshot) assert.deepEqual(graph.readLive(snapshot), []);
    const files = yamlIn(folder);
    for (const file of files) graph.checkFile(file);
    const found = graph.findings().flatMap(({ findings }) => findings);
    assert.equal(
      formatDiagnostics(found, files),
      text(join(folder, 'expected.txt')),
    );
    // all is new, so all is touched
    const judged = graph.judge().filter(({ findings }) => findings.length > 0);
    assert.deepEqual(judged, graph.findings());
    assert.deepEqual(graph.judge(), []);
  });
}

for (const name of foldersOf('catalog-diff')) {
  test(`catalog-diff/${name}`, () => {
    const folder = join(area('catalog-diff'), name);
    const found = diffCatalogs(
      yamlIn(join(folder, 'base')),
      yamlIn(join(folder, 'head')),
      fileIn(folder, 'snapshot.json'),
    );
    assert.deepEqual(found, json(join(folder, 'expected.json')));
  });
}

test('entities of a live catalogue are judged where a change touches them', () => {
  const component = (name: string, owner: string) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default', annotations: { a: 'b' } },
    spec: { type: 'service', lifecycle: 'production', owner },
    relations: [],
  });
  const group = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name: 'team' },
    spec: { type: 'team', children: [] },
  };
  const graph = new CatalogGraph({
    complete: true,
    rules: { 'reference/dangling': { Component: 'error' } },
  });
  graph.set([component('a', 'team'), component('b', 'user:x'), group]);
  const codes = () =>
    graph
      .judge()
      .map(({ entityRef, findings }) => [
        entityRef,
        ...findings.map(({ code, severity }) => `${severity} ${code}`),
      ]);
  assert.deepEqual(codes(), [
    ['component:default/a'],
    ['component:default/b', 'error reference/dangling'],
    ['group:default/team'],
  ]);
  graph.remove(['Group:default/team']);
  assert.deepEqual(codes(), [
    ['component:default/a', 'error reference/dangling'],
    ['group:default/team'],
  ]);
  graph.set([group]);
  assert.deepEqual(codes(), [['component:default/a'], ['group:default/team']]);
  assert.equal(graph.findings().length, 1);
});

test('options that a graph does not have are refused', () => {
  const options = { compelte: true } as object;
  assert.throws(() => new CatalogGraph(options).judge(), /compelte/);
});

test('what is no text is refused by the core, not by the border', () => {
  const file = { name: 'a.yaml', content: Uint8Array.of(0xff) };
  const found = diffCatalogs([], [file]);
  assert('added' in found);
  assert.equal(found.diagnostics[0].code, 'source/not-utf-8');
});

test('a catalogue is asked for names and references only', () => {
  const fields = catalogGraphFields();
  for (const field of ['kind', 'metadata.name', 'spec.type', 'spec.owner']) {
    assert(fields.includes(field), field);
  }
  assert(!fields.includes('spec') && !fields.includes('spec.definition'));
});

function foldersOf(name: string): string[] {
  return readdirSync(area(name)).sort();
}

function fileIn(folder: string, name: string): SourceFile | undefined {
  const content = text(join(folder, name));
  return content === undefined ? undefined : { name, content };
}

function yamlIn(folder: string): SourceFile[] {
  return readdirSync(folder)
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .map(name => ({ name, content: readFileSync(join(folder, name)) }));
}
