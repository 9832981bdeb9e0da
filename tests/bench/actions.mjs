// The scaffolder's `fetch:template` and `goldenpath:template:render` on one skeleton on the disk.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { goldenpath } from './measure.mjs';
import { folder, values } from './skeletons.mjs';

const require = createRequire(import.meta.url);
const example = createRequire(
  new URL('../../examples/backstage/package.json', import.meta.url),
);
const logger = new Proxy({}, { get: () => () => {} });

/**
 * Milliseconds by the clock, the median over rounds in which they take turns, in microseconds; none if
 * the example Backstage is not installed or the plugin not built.
 */
export async function timeActions(rounds) {
  let makers;
  try {
    const { createFetchTemplateAction } = example(
      '@backstage/plugin-scaffolder-backend',
    );
    const {
      createRenderTemplateAction,
    } = require('../../plugin-package/dist/scaffolder/actions/renderTemplate.cjs.js');
    makers = { createRenderTemplateAction, createFetchTemplateAction };
  } catch (error) {
    console.error(`the actions are left out: ${error.message.split('\n')[0]}`);
    return undefined;
  }
  const { ScmIntegrations } = example('@backstage/integration');
  const { ConfigReader } = example('@backstage/config');
  const options = {
    integrations: ScmIntegrations.fromConfig(new ConfigReader({})),
    reader: {},
  };

  const base = mkdtempSync(join(tmpdir(), 'goldenpath-bench-'));
  try {
    const skeleton = join(base, 'template/skeleton');
    for (const { path, text } of folder) {
      const to = join(skeleton, path);
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, text);
    }
    const run = async (action, settings) => {
      const workspacePath = mkdtempSync(join(base, 'workspace-'));
      await action.handler({
        input: { url: './skeleton', values, ...settings },
        templateInfo: {
          entityRef: 'template:default/bench',
          baseUrl: pathToFileURL(join(base, 'template/template.yaml')).href,
        },
        workspacePath,
        logger,
        output() {},
        createTemporaryDirectory: async () => mkdtempSync(join(base, 'tmp-')),
      });
      return workspacePath;
    };
    const library = async () => {
      const target = mkdtempSync(join(base, 'workspace-'));
      const report = await goldenpath.renderSkeleton({ source: skeleton, target, context: { values } }); // prettier-ignore
      if (report.diagnostics.length) throw new Error(JSON.stringify(report.diagnostics)); // prettier-ignore
      return target;
    };
    const render = makers.createRenderTemplateAction(options);
    const fetch = makers.createFetchTemplateAction(options);
    const ways = {
      // the other has no answers to write
      'goldenpath:template:render': () => run(render, { answers: false }),
      'fetch:template': () => run(fetch, {}),
      'renderSkeleton alone': library,
    };
    const times = {};
    const outputs = new Set();
    for (let round = -1; round < rounds; round++) {
      for (const [name, way] of Object.entries(ways)) {
        const start = performance.now();
        const made = await way();
        const time = (performance.now() - start) * 1000;
        if (round < 0) outputs.add(JSON.stringify(contents(made)));
        else (times[name] ??= []).push(time);
        rmSync(made, { recursive: true });
      }
    }
    if (outputs.size > 1) throw new Error('the actions wrote different files');
    const middle = all => all.sort((a, b) => a - b)[Math.floor(rounds / 2)];
    return Object.fromEntries(
      Object.entries(times).map(([name, all]) => [name, middle(all)]),
    );
  } finally {
    rmSync(base, { recursive: true });
  }
}

function contents(target) {
  const paths = readdirSync(target, { recursive: true }).sort();
  return paths
    .filter(path => statSync(join(target, path)).isFile())
    .map(path => [path, readFileSync(join(target, path), 'utf8')]);
}
