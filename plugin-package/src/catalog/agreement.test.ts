import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type TestBackend,
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import {
  type Entity,
  entityEnvelopeSchemaValidator,
} from '@backstage/catalog-model';
import catalogBackend from '@backstage/plugin-catalog-backend';
import {
  type CatalogProcessorResult,
  parseEntityYaml,
  processingResult,
} from '@backstage/plugin-catalog-node';
import globby from 'globby';
import { createEntityDataParser } from './createEntityDataParser';
import { GoldenpathEntityProcessor } from './GoldenpathEntityProcessor';
import { ReportMemory } from './ReportMemory';

jest.setTimeout(60_000);

const ROOT = join(__dirname, '../../..');
const location = { type: 'url', target: 'https://example.com/a.yaml' };

/** All descriptors of the project, good and bad, with what Backstage makes of them. */
const files = globby
  .sync(
    ['tests/cases/{catalog,yaml}/**/*.yaml', 'examples/catalog/**/*.yaml'],
    {
      cwd: ROOT,
    },
  )
  .map(name => {
    const data = readFileSync(join(ROOT, name));
    return { name, data, theirs: read(data) };
  });

describe('agreement with Backstage', () => {
  it('has something to compare', () => {
    expect(files.length).toBeGreaterThan(20);
  });

  it.each(files)('reads $name as Backstage does', async ({ data, theirs }) => {
    const parser = createEntityDataParser({
      options: {},
      memory: new ReportMemory(),
    });
    const ours: Array<CatalogProcessorResult | 'refused'> = [];
    for await (const result of parser({ data, location })) {
      ours.push(result.type === 'error' ? 'refused' : result);
    }
    const accepted = theirs.every(isUsable) && !theirs.some(isMisspelt);
    expect(ours).toEqual(accepted ? theirs : ['refused']);
  });

  describe('on entities', () => {
    let backend: TestBackend;

    beforeAll(async () => {
      backend = await startTestBackend({
        features: [
          catalogBackend,
          mockServices.rootConfig.factory({ data: {} }),
        ],
      });
    });

    afterAll(async () => {
      await backend.stop();
    });

    const entities = files.flatMap(({ name, theirs }) =>
      theirs
        .filter(isUsable)
        .map(
          (result, index) =>
            [
              `${name} #${index + 1}`,
              result.type === 'entity' ? result.entity : ({} as Entity),
            ] as const,
        ),
    );

    it.each(entities)('accepts %s if Backstage does', async (_, entity) => {
      const problems = await backstageProblems(backend, entity);
      if (
        problems.some(isNotOfTheEntity) ||
        isOfTheNewModel(entity) ||
        hasPlaceholderOfModule(entity)
      ) {
        return;
      }
      const errors = await ourErrors(entity);
      expect({ problems, refused: errors.length > 0, errors }).toEqual({
        problems,
        refused: problems.length > 0,
        errors,
      });
    });
  });
});

/**
 * We say that the kind is misspelt. Backstage reads the file, and then drops it
 * as its rules for locations do not know the kind.
 */
function isMisspelt(result: CatalogProcessorResult): boolean {
  return (
    result.type === 'entity' &&
    ['Componnent', 'component'].includes(result.entity.kind)
  );
}

/** Kinds that need other modules, and placeholders: our processor has its turn when they are resolved. */
function isNotOfTheEntity(problem: string): boolean {
  return /No processor recognized|Reading from .* is not allowed|PlaceholderProcessor threw/.test(
    problem,
  );
}

/** What another module resolves before our processor has its turn. */
function hasPlaceholderOfModule({ spec }: Entity): boolean {
  return /"\$(openapi|asyncapi)":/.test(JSON.stringify(spec ?? {}));
}

/** Needs no definition there, and one in the model that is still the default. */
function isOfTheNewModel({ kind, spec }: Entity): boolean {
  return kind === 'API' && spec?.type === 'mcp-server';
}

function read(data: Buffer): CatalogProcessorResult[] {
  try {
    return [...parseEntityYaml(data, location)];
  } catch (error) {
    return [processingResult.inputError(location, String(error))];
  }
}

function isUsable(result: CatalogProcessorResult): boolean {
  if (result.type !== 'entity') {
    return false;
  }
  try {
    entityEnvelopeSchemaValidator()(result.entity);
    const annotations = result.entity.metadata.annotations ?? {};
    return typeof annotations === 'object' && !Array.isArray(annotations);
  } catch {
    return false;
  }
}

async function ourErrors(entity: Entity): Promise<string[]> {
  const processor = new GoldenpathEntityProcessor({
    options: {},
    memory: new ReportMemory(),
    logger: mockServices.logger.mock(),
  });
  const errors: string[] = [];
  await processor.preProcessEntity(
    entity,
    location,
    result => {
      if (result.type === 'error') errors.push(result.error.message);
    },
    location,
    { get: async () => undefined, set: async () => {} },
  );
  return errors;
}

async function backstageProblems(
  backend: TestBackend,
  entity: Entity,
): Promise<string[]> {
  const response = await fetch(
    `http://localhost:${backend.server.port()}/api/catalog/validate-entity`,
    {
      method: 'POST',
      headers: {
        authorization: mockCredentials.service.header(),
        'content-type': 'application/json',
      },
      body: JSON.stringify({ entity, location: `url:${location.target}` }),
    },
  );
  if (response.ok) {
    return [];
  }
  const { errors } = await response.json();
  return errors.map((error: Error) => error.message);
}
