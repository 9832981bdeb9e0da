// What Backstage says of a descriptor, put together from its published packages in the order of its
// processing: parse, envelope, placeholders, policies, kinds, references.

import { createRequire } from 'node:module';

import yaml from 'yaml';

// Backstage loads the CommonJS builds; the others do not load in Node.
const require = createRequire(import.meta.url);
const {
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  DefaultNamespaceEntityPolicy,
  domainEntityV1alpha1Validator,
  entityEnvelopeSchemaValidator,
  EntityPolicies,
  FieldFormatEntityPolicy,
  groupEntityV1alpha1Validator,
  locationEntityV1alpha1Validator,
  NoForeignRootFieldsEntityPolicy,
  parseEntityRef,
  resourceEntityV1alpha1Validator,
  SchemaValidEntityPolicy,
  systemEntityV1alpha1Validator,
  userEntityV1alpha1Validator,
} = require('@backstage/catalog-model');
const {
  aiResourceEntityV1alpha1Validator,
  marketplaceAiResourceEntityV1alpha1Validator,
  mcpServerApiEntityValidator,
  pluginAiResourceEntityV1alpha1Validator,
  ruleAiResourceEntityV1alpha1Validator,
  skillAiResourceEntityV1alpha1Validator,
} = require('@backstage/catalog-model/alpha');
const {
  templateEntityV1beta3Validator,
} = require('@backstage/plugin-scaffolder-common');

/** The documents of a text as JSON values, null documents left out; or why it cannot be read. */
export function parseAll(text) {
  const documents = [];
  for (const document of yaml.parseAllDocuments(text, {
    merge: false,
    logLevel: 'silent',
  })) {
    if (document.errors.length > 0) {
      return { error: document.errors[0].message };
    }
    try {
      documents.push(document.toJSON());
    } catch (error) {
      return { error: error.message };
    }
  }
  return { documents: documents.filter(document => document !== null) };
}

const validateEnvelope = entityEnvelopeSchemaValidator();

const policy = EntityPolicies.allOf([
  new SchemaValidEntityPolicy(),
  new DefaultNamespaceEntityPolicy(),
  new NoForeignRootFieldsEntityPolicy(),
  new FieldFormatEntityPolicy(),
]);

const validators = [
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  domainEntityV1alpha1Validator,
  groupEntityV1alpha1Validator,
  locationEntityV1alpha1Validator,
  resourceEntityV1alpha1Validator,
  systemEntityV1alpha1Validator,
  templateEntityV1beta3Validator,
  userEntityV1alpha1Validator,
  aiResourceEntityV1alpha1Validator,
];

/** Kinds of which a `spec.type` has a schema of its own. */
const specTypes = {
  'API mcp-server': mcpServerApiEntityValidator,
  'AiResource marketplace': marketplaceAiResourceEntityV1alpha1Validator,
  'AiResource plugin': pluginAiResourceEntityV1alpha1Validator,
  'AiResource rule': ruleAiResourceEntityV1alpha1Validator,
  'AiResource skill': skillAiResourceEntityV1alpha1Validator,
};

/** Fields with references, as the processors of the built-in kinds read them. */
const refs = {
  API: { owner: 'Group', system: 'System' },
  AiResource: { owner: 'Group', system: 'System' },
  'AiResource marketplace': { plugins: 'AiResource' },
  'AiResource plugin': { skills: 'AiResource' },
  'AiResource skill': { dependsOn: 'AiResource' },
  Component: {
    owner: 'Group',
    system: 'System',
    subcomponentOf: 'Component',
    providesApis: 'API',
    consumesApis: 'API',
    dependsOn: undefined,
    dependencyOf: undefined,
  },
  Domain: { owner: 'Group', subdomainOf: 'Domain' },
  Group: { parent: 'Group', children: 'Group', members: 'User' },
  Resource: {
    owner: 'Group',
    system: 'System',
    dependsOn: undefined,
    dependencyOf: undefined,
  },
  System: { owner: 'Group', domain: 'Domain' },
  Template: { owner: 'Group' },
  User: { memberOf: 'Group' },
};

/** Why Backstage refuses the entity; undefined if it does not. */
export async function refuses(document) {
  try {
    if (typeof document !== 'object' || Array.isArray(document)) {
      return 'not an object';
    }
    const located = withLocation(document);
    validateEnvelope(located);
    const entity = await policy.enforce(resolvePlaceholders(located));
    const kind = `${entity.kind} ${entity.spec?.type}`;
    const special = Object.hasOwn(specTypes, kind)
      ? specTypes[kind]
      : undefined;
    let recognised = false;
    for (const validator of special ? [special] : validators) {
      recognised = (await validator.check(entity)) || recognised;
    }
    if (!recognised) {
      return 'no processor recognized the entity';
    }
    for (const [field, defaultKind] of Object.entries({
      ...refs[entity.kind],
      ...refs[kind],
    })) {
      for (const ref of [entity.spec[field] ?? []].flat()) {
        parseEntityRef(ref, { defaultKind, defaultNamespace: 'default' });
      }
    }
    return undefined;
  } catch (error) {
    return error.message;
  }
}

/** Texts become a text; the engine under test does not read files either. */
function resolvePlaceholders(value) {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(resolvePlaceholders);
  }
  const names = Object.keys(value);
  if (
    names.length === 1 &&
    ['$text', '$openapi', '$asyncapi'].includes(names[0])
  ) {
    return 'text';
  }
  const entries = Object.entries(value).map(([name, inner]) => [
    name,
    resolvePlaceholders(inner),
  ]);
  return Object.fromEntries(entries);
}

/** Backstage notes in the annotations where an entity comes from before it looks at anything else. */
function withLocation(document) {
  const { metadata } = document;
  const hasNone =
    typeof metadata === 'object' &&
    metadata !== null &&
    'annotations' in metadata &&
    !metadata.annotations;
  if (!hasNone) return document;
  return { ...document, metadata: { ...metadata, annotations: {} } };
}
