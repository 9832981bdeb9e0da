import { writeFile } from 'node:fs/promises';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { readPolicyFiles, watchPolicyFiles } from './policyFiles';

describe('policy files', () => {
  const folder = createMockDirectory();

  beforeEach(() => {
    folder.setContent({
      'b.yaml': 'b',
      'a.yaml': 'a',
      deep: { er: { 'c.yaml': 'c' } },
      'readme.md': 'not a policy',
    });
  });

  it('are read in the order of the patterns, each once', async () => {
    const files = await readPolicyFiles([
      folder.resolve('b.yaml'),
      folder.resolve('*.yaml'),
      folder.resolve('deep/**/*.yaml'),
    ]);
    expect(files.map(({ name, content }) => [name, String(content)])).toEqual([
      [folder.resolve('b.yaml'), 'b'],
      [folder.resolve('a.yaml'), 'a'],
      [folder.resolve('deep/er/c.yaml'), 'c'],
    ]);
  });

  it('must all be there', async () => {
    await expect(
      readPolicyFiles([folder.resolve('a.yaml'), folder.resolve('c.yaml')]),
    ).rejects.toThrow(`no policy file matches \`${folder.resolve('c.yaml')}\``);
  });

  it.each(['a.yaml', '*.yaml', 'deep/**/*.yaml'])(
    'are watched by the pattern %s, with one call for many events',
    async pattern => {
      let changes = 0;
      const stop = watchPolicyFiles({
        patterns: [folder.resolve(pattern)],
        logger: mockServices.logger.mock(),
        onChange: () => {
          changes += 1;
        },
      });
      const changed = folder.resolve(
        pattern.replace('**/*', 'er/c').replace('*', 'a'),
      );
      for (const text of ['1', '2', '3']) {
        await writeFile(changed, text);
      }
      await settle();
      stop();
      expect(changes).toBe(1);

      await writeFile(changed, '4');
      await settle();
      expect(changes).toBe(1);
    },
  );

  it('need not be watched', () => {
    const logger = mockServices.logger.mock();
    const stop = watchPolicyFiles({
      patterns: [folder.resolve('gone/*.yaml')],
      logger,
      onChange: () => {},
    });
    stop();
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});

function settle() {
  return new Promise(resolve => setTimeout(resolve, 400));
}
