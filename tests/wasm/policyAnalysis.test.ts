import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import {
  type Diagnostic,
  type Directory,
  type Policy,
  compilePolicy,
  diffPolicies,
  formatDiagnostics,
} from 'goldenpath';

import { area, inputs, json, text } from './cases.ts';

const files = inputs('policy-analysis', '.yaml');

type Ask = Record<string, any>;

for (const asks of inputs('policy-analysis', 'asks.json')) {
  const name = dirname(asks);
  test(`policy-analysis/${name}`, () => {
    const folder = join(area('policy-analysis'), name);
    const { policy, diagnostics } = compilePolicy(
      sources(name),
      json(join(folder, 'options.json')),
    );
    assert.ok(policy, JSON.stringify(diagnostics));
    const directory: Directory | undefined = json(
      join(folder, 'directory.json'),
    );
    if (directory) policy.setDirectory(directory);

    const answers: Record<string, unknown> = {};
    let texts = '';
    const questions: Record<string, Ask> = json(join(folder, 'asks.json'))!;
    for (const [sentence, ask] of Object.entries(questions)) {
      const answer = answerTo(policy, ask, name);
      let said = '';
      if (Array.isArray(answer)) {
        said = formatDiagnostics(answer as Diagnostic[], sources(name));
        answers[sentence] = answer;
      } else {
        const { text: own = '', ...rest } = answer;
        said = own;
        answers[sentence] = rest;
      }
      texts += `=== ${sentence}\n${said}\n`;
    }
    assert.deepEqual(answers, json(join(folder, 'expected.json')));
    assert.equal(texts, text(join(folder, 'expected.txt')));
  });
}

function sources(folder: string) {
  return files
    .filter(file => dirname(file) === folder)
    .map(file => ({
      name: file.slice(folder.length + 1),
      content: text(join(area('policy-analysis'), file)) ?? '',
    }));
}

function answerTo(
  policy: Policy,
  ask: Ask,
  name: string,
): Record<string, any> | Diagnostic[] {
  const file = (path: string) =>
    json(join(area('policy-analysis'), name, path));
  const [kind, question] = Object.entries(ask)[0];
  switch (kind) {
    case 'decide':
      return policy.decide(question);
    case 'explain':
      return policy.explain(question);
    case 'whoCan':
      return policy.whoCan(question);
    case 'whatCan':
      return policy.whatCan(question);
    case 'lint':
      return policy.lint({ permissions: file('lock.json'), ...question });
    case 'diff':
      return diffPolicies(
        sources(join(name, 'old')),
        sources(name),
        {
          directory: file('directory.json'),
          entities: file('entities.json'),
          ...question,
        },
        file('options.json'),
      );
    default:
      throw new Error(`unknown question ${kind}`);
  }
}
