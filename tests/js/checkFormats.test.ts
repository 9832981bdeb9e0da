import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { JSDOM } from 'jsdom';
import MarkdownIt from 'markdown-it';

import { version } from '../../js/dist/version.js';
import { folder } from './folders.ts';
import { goldenpath } from './program.ts';

const cases = join(import.meta.dirname, '../cases/report');

const expected = {
  sarif: 'expected.sarif',
  github: 'expected.github.txt',
  gitlab: 'expected.gitlab.json',
  junit: 'expected.junit.xml',
  markdown: 'expected.md',
};

for (const [format, name] of Object.entries(expected)) {
  test(`check --format ${format} is as expected`, () => {
    const { status, stdout, stderr } = goldenpath(
      cases,
      ...['check', '--format', format],
    );
    assert.deepEqual([status, stderr], [1, '']);
    const file = join(cases, name);
    const actual = stdout.replace(`"${version()}"`, '"VERSION"');
    if (process.env.UPDATE_EXPECT) writeFileSync(file, actual);
    assert.equal(actual, readFileSync(file, 'utf8'));
  });
}

/** A file whose name, and a value whose text, belong to every format's syntax. */
const evilName =
  'a,b:%0A|`]]>&<img src=x onerror=y>"\n::error::@acme #1 é.yaml';
const evilText =
  '\u0007\u202e\n::set-output name=x::y\r\n| a | b | `c` ]]> </failure> <img src=x> & "\' ' +
  '[link](https://evil.example) https://evil.example www.evil.example @acme #1 **b** {0} %0A';

function evilFolder(t: Parameters<typeof folder>[0]) {
  const entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: evilText, tags: [evilText, evilText] },
    spec: { type: 'service', lifecycle: 'production', owner: 'team-a' },
  };
  return folder(t, { [evilName]: JSON.stringify(entity) });
}

function report(cwd: string, format: string) {
  const run = goldenpath(cwd, 'check', evilName, '--format', format);
  assert.deepEqual([run.status, run.stderr], [1, '']);
  return run.stdout;
}

/** The same findings as `--format json` has them. */
function findingsIn(cwd: string) {
  const [file] = JSON.parse(report(cwd, 'json')).files;
  const found = [...file.diagnostics, ...file.documents[0].diagnostics];
  assert.ok(found.length >= 3);
  return found;
}

test('sarif: each finding has its rule, its place, and a fingerprint of its own', t => {
  const cwd = evilFolder(t);
  const found = findingsIn(cwd);
  const log = JSON.parse(report(cwd, 'sarif'));
  assert.equal(log.version, '2.1.0');
  const [run] = log.runs;
  assert.equal(run.columnKind, 'utf16CodeUnits');
  const { rules } = run.tool.driver;
  assert.equal(run.results.length, found.length);
  for (const [i, result] of run.results.entries()) {
    const [{ physicalLocation }] = result.locations;
    const { uri, uriBaseId } = physicalLocation.artifactLocation;
    assert.match(uri, /^[A-Za-z0-9%._~!'()*-]+$/);
    assert.equal(decodeURIComponent(uri), evilName);
    assert.equal(uriBaseId, '%SRCROOT%');
    assert.equal(rules[result.ruleIndex].id, found[i].code);
    assert.equal(result.ruleId, found[i].code);
    assert.equal(physicalLocation.region.endColumn, found[i].end.column);
    assert.doesNotMatch(result.message.text, /(?<!\\)\[[^\]]*\]\(/);
  }
  const prints = run.results.map(
    (result: { partialFingerprints: object }) =>
      Object.values(result.partialFingerprints)[0],
  );
  assert.equal(new Set(prints).size, found.length);
});

test('fingerprints stay when lines are added above', t => {
  const bad = readFileSync(join(cases, 'catalog-info.yaml'), 'utf8');
  const prints = (text: string) => {
    const cwd = folder(t, { 'catalog-info.yaml': text });
    const { stdout } = goldenpath(cwd, 'check', '--format', 'gitlab');
    return JSON.parse(stdout).map(
      (issue: { fingerprint: string }) => issue.fingerprint,
    );
  };
  assert.deepEqual(prints(`# one\n# two\n${bad}`), prints(bad));
});

test('github: one command a finding, whatever names and texts have', t => {
  const cwd = evilFolder(t);
  const found = findingsIn(cwd);
  const lines = report(cwd, 'github')
    .trimEnd()
    .split(/\r\n?|\n/);
  assert.match(lines.pop()!, /^1 file, 1 document: \d+ errors$/);
  assert.equal(lines.length, found.length);
  const unescape = (text: string) =>
    text.replace(/%(25|0D|0A|3A|2C)/g, decodeURIComponent);
  for (const [i, line] of lines.entries()) {
    // as GitHub's runner reads it
    const end = line.indexOf('::', 2);
    const [, properties] = /^::error (.*)$/.exec(line.slice(0, end))!;
    const values = Object.fromEntries(
      properties.split(',').map(property => {
        const [key, value] = property.split(/=(.*)/s);
        return [key, unescape(value)];
      }),
    );
    assert.equal(values.file, evilName);
    assert.equal(values.line, `${found[i].start.line}`);
    assert.equal(values.title, found[i].code);
    const [said] = unescape(line.slice(end + 2)).split('\nwhy: ');
    assert.equal(said, found[i].message);
  }
});

test('gitlab: what Code Quality needs, and no fingerprint twice', t => {
  const cwd = evilFolder(t);
  const found = findingsIn(cwd);
  const issues = JSON.parse(report(cwd, 'gitlab'));
  assert.equal(issues.length, found.length);
  for (const [i, issue] of issues.entries()) {
    assert.equal(issue.check_name, found[i].code);
    assert.equal(issue.severity, 'major');
    assert.equal(issue.location.path, evilName);
    assert.equal(issue.location.lines.begin, found[i].start.line);
  }
  const prints = issues.map(
    (issue: { fingerprint: string }) => issue.fingerprint,
  );
  assert.equal(new Set(prints).size, found.length);
});

test('junit: is XML with a test for the file, whatever names and texts have', t => {
  const cwd = evilFolder(t);
  const xml = report(cwd, 'junit');
  // throws unless it is well-formed
  const { document } = new JSDOM(xml, { contentType: 'text/xml' }).window;
  const tests = [...document.getElementsByTagName('testcase')];
  assert.deepEqual(
    tests.map(element => element.getAttribute('name')),
    [evilName],
  );
  assert.equal(document.getElementsByTagName('failure').length, 1);
  assert.equal(document.getElementsByTagName('img').length, 0);
  assert.equal(document.documentElement.getAttribute('failures'), '1');
  const failure = document.getElementsByTagName('failure')[0];
  for (const { code } of findingsIn(cwd)) {
    assert.ok(failure.textContent?.includes(`error[${code}]`));
  }
});

test('markdown: a row a finding; texts link, mention and format nothing', t => {
  const cwd = evilFolder(t);
  const found = findingsIn(cwd);
  const html = new MarkdownIt({ html: true, linkify: true }).render(
    report(cwd, 'markdown'),
  );
  const { document } = new JSDOM(html).window;
  const rows = [...document.querySelectorAll('tbody tr')];
  assert.equal(rows.length, found.length);
  for (const [i, row] of rows.entries()) {
    assert.equal(row.children.length, 3);
    assert.equal(
      row.children[0].textContent,
      `${evilName.replace('\n', ' ')}:${found[i].start.line}:${
        found[i].start.column
      }`,
    );
    assert.equal(row.children[2].textContent, found[i].code);
  }
  const made = new Set(
    [...document.querySelectorAll('tbody *')].map(({ localName }) => localName),
  );
  assert.deepEqual([...made].sort(), ['br', 'code', 'strong', 'td', 'tr']);
  // only what is in <code> is left alone by those who look for names and numbers
  document.querySelectorAll('code').forEach(code => code.remove());
  assert.doesNotMatch(document.body.textContent!, /@\w|#\d/);
});

test('markdown: fits into a comment', t => {
  const tags = Array.from({ length: 900 }, (_, i) => `Bad Tag ${i}`);
  const entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'shop', tags },
    spec: { type: 'service', lifecycle: 'production', owner: 'team-a' },
  };
  const cwd = folder(t, { 'catalog-info.yaml': JSON.stringify(entity) });
  const { stdout } = goldenpath(cwd, 'check', '--format', 'markdown');
  assert.ok(stdout.length < 65_536);
  const rows = stdout.split('\n').filter(line => /^\| <code>/.test(line));
  assert.ok(rows.length > 50);
  assert.match(stdout, new RegExp(`\nand ${900 - rows.length} more\n$`));
});

test('a file without a problem is in every format, and passes', t => {
  const good = readFileSync(join(cases, 'catalog-info-good.yaml'), 'utf8');
  const cwd = folder(t, { 'catalog-info.yaml': good });
  const said = (format: string) => {
    const { status, stdout } = goldenpath(cwd, 'check', '--format', format);
    assert.equal(status, 0);
    return stdout;
  };
  assert.deepEqual(JSON.parse(said('sarif')).runs[0].results, []);
  assert.equal(said('github'), '1 file, 1 document: no problem\n');
  assert.deepEqual(JSON.parse(said('gitlab')), []);
  assert.match(
    said('junit'),
    /tests="1" failures="0".*\n.*\n.*<testcase .*\/>/,
  );
  assert.equal(
    said('markdown'),
    '**goldenpath check**: 1 file, 1 document: no problem\n',
  );
});

test('check --require: no descriptor is a finding, in every format', t => {
  const cwd = folder(t, { 'sub/other.yaml': '' });
  const without = goldenpath(cwd, 'check', 'sub');
  assert.deepEqual([without.status, without.stdout], [2, '']);

  const pretty = goldenpath(cwd, 'check', '--require', 'sub');
  assert.deepEqual([pretty.status, pretty.stderr], [1, '']);
  assert.match(pretty.stdout, /\[catalog\/no-descriptor\]: .* in `sub`\n/);
  assert.match(pretty.stdout, /0 files, 0 documents: 1 error\n$/);

  for (const format of ['json', ...Object.keys(expected)]) {
    const run = goldenpath(cwd, 'check', '--require', '--format', format);
    assert.deepEqual([run.status, run.stderr], [1, '']);
    assert.match(run.stdout, /catalog\/no-descriptor/);
    assert.match(run.stdout, /catalog-info\.yaml/);
  }
});

test('a configuration that is broken is reported in the format', t => {
  const cwd = folder(t, { 'goldenpath.yaml': 'catalogue: {}\n' });
  const { status, stdout } = goldenpath(cwd, 'check', '--format', 'sarif');
  assert.equal(status, 2);
  const [{ ruleId }] = JSON.parse(stdout).runs[0].results;
  assert.equal(ruleId, 'settings/unknown-key');
});
