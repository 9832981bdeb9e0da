// Hostile values in shell, run by bash and sh; in `run` of workflows and in Dockerfiles too.

/* eslint no-control-regex: off -- hostile values are what it is about */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { parse } from 'yaml';

import { render } from './escape/language.mjs';
import { strings } from './escape/strings.mjs';

const tell = "printf '%s\\0'";

/** A template prints; `says` is what it should print for a value. */
const templates = [
  {
    text: `${tell} \${{ v }} "a\${{ v }}b" 'c\${{ v }}d' x\${{ v }}y --z=\${{ v }}\n`,
    says: v => [v, `a${v}b`, `c${v}d`, `x${v}y`, `--z=${v}`],
  },
  {
    text: `x=\${{ v }}; y="\${{ v }}"\n${tell} "$x" "$y"\n`,
    says: v => [v, v],
  },
  {
    text: `${tell} "$(printf %s. \${{ v }} "\${{ v }}")" $(printf 1)\n`,
    says: v => [`${v}.${v}.`, '1'],
  },
  {
    text: `# \${{ v }}\n${tell} a # \${{ v }}\n`,
    says: () => ['a'],
  },
  {
    text: `case \${{ v }} in \${{ v }}) ${tell} same;; *) ${tell} other;; esac\n`,
    says: () => ['same'],
  },
  {
    text: `for i in \${{ v }} "\${{ v }}"; do ${tell} "$i"; done\n`,
    says: v => [v, v],
  },
  {
    text: `(x=a\${{ v }}; if [ 1 ]; then ${tell} "$x" "\${x}"; fi)\n`,
    says: v => [`a${v}`, `a${v}`],
  },
  {
    bash: true,
    text: `${tell} $'a\${{ v }}b' "\${x:-"\${y:-}c\${{ '' }}"}"\n`,
    says: v => [`a${v}b`, 'c'],
  },
  {
    bash: true,
    text: `IFS= read -rd '' x <<EOF\n[\${{ v }}]\n\${{ v }}\nEOF\n${tell} "$x"\n`,
    says: v => [`[${v}]\n${v}\n`],
    refuses: v => v.split('\n').includes('EOF'),
  },
  {
    bash: true,
    text: `IFS= read -rd '' x <<'EOF'\n[\${{ v }}]\nEOF\n${tell} "$x"\n`,
    says: v => [`[${v}]\n`],
    refuses: v => v.split('\n').includes('EOF'),
  },
];

/** Runs all scripts as one, without any command but the shell's own. */
function run(shell, scripts) {
  const folder = mkdtempSync(join(tmpdir(), 'escape-'));
  try {
    const script = scripts
      .map(({ output }, index) => `${output}\n${tell} '---${index}'\n`)
      .join('');
    const { stdout, stderr, error } = spawnSync(shell, ['-u', '-s'], {
      cwd: folder,
      input: script,
      env: { PATH: '', LC_ALL: 'C.UTF-8' },
      maxBuffer: 1 << 28,
    });
    assert.equal(error, undefined);
    const words = stdout.toString().split('\0');
    let at = 0;
    for (const [index, { value, output, wanted }] of scripts.entries()) {
      const actual = words.slice(at, at + wanted.length + 1);
      assert.deepEqual(
        actual,
        [...wanted, `---${index}`],
        `${JSON.stringify(value)} =>\n${output}\n${stderr
          .toString()
          .slice(0, 500)}`,
      );
      at += actual.length;
    }
    assert.deepEqual(readdirSync(folder), []);
    assert.equal(stderr.toString(), '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function scriptsOf(template, file, text, code = output => output) {
  const scripts = [];
  for (const value of strings(7, 800)) {
    const wanted = value.toWellFormed();
    const output = render(file, text, value);
    if (output === undefined) {
      const mayBe = wanted.includes('\0') || template.refuses?.(wanted);
      assert(mayBe, `refused ${JSON.stringify(value)} in ${text}`);
      continue;
    }
    scripts.push({
      value,
      output: code(output),
      wanted: template.says(wanted),
    });
  }
  return scripts;
}

test('values in shell are the words they are', () => {
  for (const template of templates) {
    const scripts = scriptsOf(template, 'a.sh', template.text);
    run('/bin/bash', scripts);
    if (!template.bash) run('/bin/sh', scripts);
  }
});

// a line break of a value is YAML's, which knows one kind, and YAML does not hold control characters
const unlike = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

test('values in run of a workflow are too', () => {
  for (const template of templates) {
    const lines = template.text.replace(/^/gm, '          ').trimEnd();
    const text = `jobs:\n  a:\n    steps:\n      - run: |\n${lines}\n      - uses: x\n`;
    const refuses = value =>
      unlike.test(value) || value.includes('${{') || template.refuses?.(value);
    const scripts = scriptsOf(
      { ...template, refuses },
      '.github/workflows/ci.yml',
      text,
      output => parse(output).jobs.a.steps[0].run,
    );
    run(
      '/bin/bash',
      scripts.filter(({ value }) => !unlike.test(value)),
    );
  }
});

test('values in RUN and in exec forms of a Dockerfile are too', () => {
  const one = {
    text: `RUN ${tell} \${{ v }} \\\n  "a\${{ v }}" 'b\${{ v }}'\nCMD ["x", "\${{ v }}"]\nUSER x\n`,
    says: v => [v, `a${v}`, `b${v}`],
    refuses: v => /[\n\r]/.test(v),
  };
  const read = output => {
    const match = /^RUN ([^]*)\nCMD (\[.*\])\nUSER x\n$/.exec(output);
    assert(match, output);
    const [, command, exec] = match;
    // an instruction goes on behind a backslash only
    assert.match(command, /^[^\n]*\\\n[^\n]*$/);
    assert.equal(JSON.parse(exec).length, 2);
    return command;
  };
  run('/bin/bash', scriptsOf(one, 'Dockerfile', one.text, read));
});
