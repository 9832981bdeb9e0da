import { isDeepStrictEqual } from 'node:util';

import { hasErrors } from '../../../diagnostics';
import { Renderer } from '../../../template';
import type { Diagnostic, JsonObject, JsonValue } from '../../../types';
import { isObject } from '../../files';
import {
  type Setting,
  StepFailure,
  actions,
  catalogFiles,
  checkCatalog,
} from './actions';
import type { TestCase } from './cases';

/** What a run of a template leaves behind. */
export interface Run {
  /** Why it failed, if it did. */
  failure?: StepFailure;
  output?: JsonValue;
  /** What the policy said, if it was asked. */
  policy?: string;
}

/** Runs the steps of a template as the scaffolder does, in a workspace, without what is outside of it. */
export async function runCase(
  spec: JsonObject,
  test: TestCase,
  setting: Setting,
): Promise<Run> {
  const task = new Task(test, setting);
  const steps = Array.isArray(spec.steps) ? spec.steps.filter(isObject) : [];
  for (const [index, step] of steps.entries()) {
    const id = String(step.id ?? `step-${index + 1}`);
    try {
      await task.step(id, step);
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      // the first is what went wrong
      task.failure ??= new StepFailure(
        `step ${id}: ${error.message}`,
        error.diagnostics,
        error.sources,
      );
    }
  }
  const run: Run = { failure: task.failure, policy: task.policy };
  if (!task.failure) {
    try {
      checkCatalog(await catalogFiles(setting.workspace), setting);
      run.output = task.render('output', spec.output ?? {}, {});
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      run.failure = error;
    }
  }
  return run;
}

class Task {
  failure?: StepFailure;
  policy?: string;
  #asked = false;
  readonly #steps: Record<string, JsonObject> = {};
  readonly #renderer: Renderer;

  constructor(
    private readonly test: TestCase,
    private readonly setting: Setting,
  ) {
    this.#renderer = new Renderer({
      globals: {
        always: () => this.#answer(true),
        failure: () => this.#answer(this.failure !== undefined),
      },
    });
  }

  async step(id: string, step: JsonObject) {
    const { if: condition, each } = step;
    const later = { secrets: this.test.secrets };
    if (this.failure) {
      // only a condition that asks for it runs after a failure
      this.#asked = false;
      if (typeof condition !== 'string') return;
      this.render(`${id}.if`, condition, {});
      if (!this.#asked) return;
    }
    if (condition === false) return;
    if (each === undefined && !this.#holds(id, condition, {})) return;

    const iterations = this.#iterations(id, each);
    const output: JsonObject = {};
    for (const iteration of iterations) {
      const context = { ...later, ...(iteration && { each: iteration }) };
      if (iteration && !this.#holds(id, condition, context)) continue;
      const input = this.render(`${id}.input`, step.input ?? {}, context);
      const made = await this.#run(id, String(step.action), input);
      for (const [name, value] of Object.entries(made)) {
        if (value === undefined) continue;
        if (iteration) (output[name] ??= [] as any).push(value);
        else output[name] = value;
      }
    }
    this.#steps[id] = { output };
  }

  /** With the types of the scaffolder 4.2; unlike it, what fails is not passed on as it is. */
  render(name: string, value: JsonValue, more: JsonObject): JsonValue {
    const { parameters, user } = this.test;
    const { value: rendered, ...told } = this.#renderer.renderValue(
      value,
      {
        parameters,
        user,
        steps: this.#steps,
        context: { task: { id: 'test' } },
        environment: { parameters: {}, secrets: {} },
        ...more,
      },
      { name, typing: 'native' },
    );
    if (hasErrors(told.diagnostics)) {
      throw new StepFailure(
        `\`${name}\` cannot be rendered`,
        told.diagnostics as Diagnostic[],
        told.sources,
      );
    }
    return rendered as JsonValue;
  }

  #answer(value: boolean): boolean {
    this.#asked = true;
    return value;
  }

  #holds(id: string, condition: JsonValue | undefined, more: JsonObject) {
    if (typeof condition !== 'string') return condition !== false;
    const value = this.render(`${id}.if`, condition, more);
    return Array.isArray(value) ? value.length > 0 : Boolean(value);
  }

  #iterations(
    id: string,
    each: JsonValue | undefined,
  ): Array<JsonObject | undefined> {
    if (each === undefined) return [undefined];
    const value = this.render(`${id}.each`, each, {
      secrets: this.test.secrets,
    });
    if (typeof value !== 'object' || value === null) {
      throw new StepFailure('`each` must be a list or an object');
    }
    return Object.entries(value).map(([key, item]) => ({
      key: Array.isArray(value) ? Number(key) : key,
      value: item as JsonValue,
    }));
  }

  async #run(id: string, name: string, input: JsonValue): Promise<JsonObject> {
    const given = this.test.steps[id];
    if (given) return given;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (!action) {
      throw new StepFailure(
        `\`${name}\` is not run in tests: give its output as \`steps.${id}\` of the case`,
      );
    }
    const { failure, ...output } = await action(input, this.setting);
    if (name === 'goldenpath:policy:check') {
      this.policy = String(output.outcome);
      if (failure) throw new StepFailure(String(failure));
    }
    return output;
  }
}

/** Why a run is not what the case says, in words. */
export function judge(test: TestCase, run: Run): string[] {
  const wrong: string[] = [];
  if (test.policy !== undefined && test.policy !== run.policy) {
    wrong.push(
      `the policy must say ${test.policy}, and ${
        run.policy ? `says ${run.policy}` : 'was not asked'
      }`,
    );
  }
  const { failure } = run;
  if (test.error !== undefined) {
    if (!failure) {
      wrong.push(`it must fail with \`${test.error}\`, and does not`);
    } else if (!says(failure, test.error)) {
      wrong.push(
        `it must fail with \`${test.error}\`, and fails with \`${failure.message}\``,
      );
    }
  } else if (failure && test.policy === undefined) {
    wrong.push(failure.message);
  } else if (
    test.output !== undefined &&
    !isDeepStrictEqual(test.output, run.output)
  ) {
    wrong.push(`its output is ${JSON.stringify(run.output)}`);
  }
  return wrong;
}

function says({ message, diagnostics }: StepFailure, text: string): boolean {
  return [message, ...diagnostics.map(found => found.message)].some(line =>
    line.includes(text),
  );
}
