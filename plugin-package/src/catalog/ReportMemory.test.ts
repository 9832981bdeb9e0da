import type { CatalogReport, Diagnostic } from 'goldenpath';
import { ReportMemory } from './ReportMemory';

const point = { line: 1, column: 1, offset: 0 };

function problem(change: Partial<Diagnostic>): Diagnostic {
  return {
    code: 'catalog/wrong-type',
    severity: 'error',
    message: 'is wrong',
    file: 'entity',
    start: point,
    end: point,
    ...change,
  };
}

function report(diagnostics: Diagnostic[]): CatalogReport {
  return {
    diagnostics: [],
    documents: [
      {
        entity: {},
        entityRef: 'component:default/a',
        hasEnvelope: true,
        start: point,
        diagnostics,
      },
    ],
  };
}

describe('ReportMemory', () => {
  const location = { type: 'url', target: 'https://example.com/a.yaml' };
  const file = { name: location.target, content: 'text' };
  const here = problem({ pointer: '/spec/owner', file: file.name });

  it('knows a problem by its pointer, or else by its message', () => {
    const memory = new ReportMemory();
    const moved = problem({
      pointer: '/spec/dependsOn/1',
      message: '`x y` is no ref',
      file: file.name,
    });
    memory.remember(location, file, report([here, moved]));

    const { diagnostics } = memory.relocate(location, 'component:default/a', [
      problem({ pointer: '/spec/owner' }),
      problem({ pointer: '/spec/dependsOn/0', message: '`x y` is no ref' }),
      problem({ pointer: '/spec/type', message: 'is new' }),
    ]);
    expect(diagnostics.map(diagnostic => diagnostic.file)).toEqual([
      file.name,
      file.name,
      'entity',
    ]);
  });

  it('does not use one place twice', () => {
    const memory = new ReportMemory();
    memory.remember(location, file, report([here]));
    const twice = [
      problem({ pointer: '/spec/owner' }),
      problem({ pointer: '/spec/owner' }),
    ];
    const { diagnostics } = memory.relocate(
      location,
      'component:default/a',
      twice,
    );
    expect(diagnostics.map(diagnostic => diagnostic.file)).toEqual([
      file.name,
      'entity',
    ]);
  });

  it('forgets a file that has no problems any more', () => {
    const memory = new ReportMemory();
    memory.remember(location, file, report([here]));
    memory.remember(location, file, report([]));
    expect(
      memory.relocate(location, 'component:default/a', [here]).file,
    ).toBeUndefined();
  });

  it('forgets the file read longest ago when it is full', () => {
    const memory = new ReportMemory({
      maxBytes: 2 * file.content.length,
    });
    const targets = ['a', 'b', 'a', 'c'];
    for (const target of targets) {
      memory.remember({ type: 'url', target }, file, report([here]));
    }
    const kept = ['a', 'b', 'c'].filter(
      target =>
        memory.relocate({ type: 'url', target }, 'component:default/a', [])
          .file,
    );
    expect(kept).toEqual(['a', 'c']);
  });
});
