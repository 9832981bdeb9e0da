// Backstage's own published processing, from the bytes of a file to the verdict on each entity. Nothing
// of it is put together here but what an installation puts together: which processors there are.

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// The example installs the backend that these parts are of; they are not exported.
const backstage = createRequire(
  new URL('../../../examples/backstage/package.json', import.meta.url),
);
const partsOf = name => {
  const dist = join(dirname(backstage.resolve(`${name}/package.json`)), 'dist');
  return path => backstage(join(dist, `${path}.cjs.js`));
};
const part = partsOf('@backstage/plugin-catalog-backend');
const { AnnotateLocationEntityProcessor } = part(
  'processors/AnnotateLocationEntityProcessor',
);
const { BuiltinKindsEntityProcessor } = part(
  'processors/BuiltinKindsEntityProcessor',
);
const { DefaultCatalogProcessingOrchestrator } = part(
  'processing/DefaultCatalogProcessingOrchestrator',
);
const { defaultEntityDataParser } = part('util/parse');
const { ModelHolder } = part('model/ModelHolder');
const { ModelProcessor } = part('processors/ModelProcessor');
const {
  PlaceholderProcessor,
  jsonPlaceholderResolver,
  textPlaceholderResolver,
  yamlPlaceholderResolver,
} = part('processors/PlaceholderProcessor');
const { UrlReaderProcessor } = part('processors/UrlReaderProcessor');
const { ScaffolderEntitiesProcessor } = partsOf(
  '@backstage/plugin-catalog-backend-module-scaffolder-entity-model',
)('processor/ScaffolderEntitiesProcessor');
const {
  DefaultNamespaceEntityPolicy,
  EntityPolicies,
  FieldFormatEntityPolicy,
  NoForeignRootFieldsEntityPolicy,
  SchemaValidEntityPolicy,
} = backstage('@backstage/catalog-model');
const {
  aiResourceEntityModel,
  compileCatalogModel,
  createCatalogModelLayer,
  defaultCatalogEntityModel,
  mcpServerApiEntityModel,
} = backstage('@backstage/catalog-model/alpha');
const { ConfigReader } = backstage('@backstage/config');
const { ScmIntegrations } = backstage('@backstage/integration');

const silent = { child: () => silent };
for (const level of ['debug', 'info', 'warn', 'error']) {
  silent[level] = () => {};
}

const root = 'https://github.com/acme/shop/tree/main';
const subject = `${root}/catalog-info.yaml`;

/** What every file but the one under test contains: fit for `$text`, `$json`, `$yaml` and a target. */
const other = Buffer.from(
  JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'System',
    metadata: { name: 'other' },
    spec: { owner: 'a' },
  }),
);

/** Kinds of somebody's own: one below all `spec.type`s but one, and one that only has types. */
const robots = createCatalogModelLayer({
  layerId: 'acme.com/robots',
  builder: model => {
    const owner = {
      selector: { path: 'spec.made.by' },
      relation: 'ownedBy',
      defaultKind: 'Group',
    };
    const shape = (spec, others) => ({
      relationFields: [owner],
      schema: {
        jsonSchema: {
          type: 'object',
          required: ['spec'],
          properties: { spec: { type: 'object', ...spec } },
        },
      },
      ...others,
    });
    const arms = { arms: { type: 'integer', minimum: 1, maximum: 8 } };
    model.addKind({
      group: 'acme.com',
      names: { kind: 'Robot', singular: 'robot', plural: 'robots' },
      description: 'A machine',
      versions: [
        shape({ required: ['arms'], properties: arms }, { name: ['v1', 'v2'] }),
        shape(
          {
            required: ['volts'],
            additionalProperties: false,
            properties: {
              type: { const: 'welder' },
              volts: { enum: [230, 400] },
              made: { type: 'object' },
            },
          },
          { name: 'v1', specType: 'welder' },
        ),
      ],
    });
    model.addKind({
      group: 'acme.com',
      names: { kind: 'Tool', singular: 'tool', plural: 'tools' },
      description: 'What a robot holds',
      versions: [
        shape(
          {
            properties: {
              speed: { type: ['number', 'string'], pattern: '^[0-9]+rpm$' },
            },
          },
          { name: 'v1', specType: 'drill' },
        ),
      ],
    });
    model.addAnnotation({
      name: 'acme.com/bay',
      description: 'Where it stands',
      schema: { jsonSchema: { type: 'string', minLength: 2, maxLength: 3 } },
    });
  },
});

const published = [
  defaultCatalogEntityModel,
  aiResourceEntityModel,
  mcpServerApiEntityModel,
];
const models = {
  model: compileCatalogModel(published),
  own: compileCatalogModel([...published, robots]),
};

/** The file that `goldenpath model pull` would write of the installation `own`. */
export function pulledModel() {
  const { own } = models;
  const kinds = own.listKinds().flatMap(({ names: { kind }, versions }) =>
    versions.map(({ apiVersion, specType: type }) => ({
      apiVersion,
      kind,
      specType: type,
      ...own.getKind({ kind, apiVersion, spec: { type } }),
    })),
  );
  return JSON.stringify({ kinds });
}

/**
 * An installation: `builtin` is what one gets with no model installed, `model` what one gets with the
 * declarative model and the kinds that Backstage publishes for it, `own` one with kinds of its own, too.
 */
export function installation(kinds) {
  let text = Buffer.alloc(0);
  const contentOf = url => (url === subject ? text : other);
  const reader = {
    readUrl: async url => ({ buffer: async () => contentOf(url) }),
    search: async url => ({
      files: [{ url, content: async () => contentOf(url) }],
    }),
  };
  const integrations = ScmIntegrations.fromConfig(new ConfigReader({}));
  const orchestrator = new DefaultCatalogProcessingOrchestrator({
    processors: [
      new PlaceholderProcessor({
        resolvers: {
          json: jsonPlaceholderResolver,
          yaml: yamlPlaceholderResolver,
          text: textPlaceholderResolver,
          // what the module for OpenAPI and AsyncAPI adds, without its bundling of references
          openapi: textPlaceholderResolver,
          asyncapi: textPlaceholderResolver,
        },
        reader,
        integrations,
      }),
      kinds === 'builtin'
        ? new BuiltinKindsEntityProcessor()
        : new ModelProcessor(
            ModelHolder.modelPassthroughForTest(models[kinds]),
          ),
      new UrlReaderProcessor({ reader, logger: silent }),
      new AnnotateLocationEntityProcessor({ integrations }),
      new ScaffolderEntitiesProcessor(),
    ],
    integrations,
    logger: silent,
    parser: defaultEntityDataParser,
    policy: EntityPolicies.allOf([
      new SchemaValidEntityPolicy(),
      new DefaultNamespaceEntityPolicy(),
      new NoForeignRootFieldsEntityPolicy(),
      new FieldFormatEntityPolicy(),
    ]),
    // which kinds a location may bring is for each installation to say
    rulesEnforcer: { isAllowed: () => true },
    allowedLocationTypes: ['url'],
  });
  const process = entity => orchestrator.process({ entity });

  /**
   * Registers a file of that content. Either the file is refused as a whole, or there is a verdict on
   * each of its entities, with the relations of those that are accepted.
   */
  return async function register(content) {
    text = Buffer.from(content);
    const reading = await process(locationOf(subject));
    if (!reading.ok) {
      return { refused: describe(reading.errors) };
    }
    const entities = [];
    for (const { entity } of reading.deferredEntities) {
      const read = JSON.parse(JSON.stringify(entity));
      const { ok, errors, completedEntity, relations } = await process(entity);
      entities.push(
        ok
          ? { read, completed: completedEntity, relations }
          : { read, refused: describe(errors) },
      );
    }
    return { entities };
  };
}

/** The annotations that Backstage adds when it reads a file. */
export const ofReading = {
  'backstage.io/managed-by-location': `url:${subject}`,
  'backstage.io/managed-by-origin-location': `url:${subject}`,
};

function locationOf(target) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Location',
    metadata: { name: 'generated-for-the-file', annotations: ofReading },
    spec: { type: 'url', target },
  };
}

function describe(errors) {
  return errors.map(String).join('; ');
}
