// The two other ways from the bytes of a catalogue file to its entities and a verdict.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// the packages that the project installs for its tests, as they are published
const ofProject = createRequire(new URL('../../package.json', import.meta.url));
const ofBench = createRequire(import.meta.url);
const model = ofProject('@backstage/catalog-model');
const { parseEntityYaml } = ofProject('@backstage/plugin-catalog-node');
const Ajv = ofBench('ajv').default;
const jsYaml = ofBench('js-yaml');
export const npmYaml = createRequire(
  ofProject.resolve('@backstage/plugin-catalog-node'),
)('yaml');

const KINDS = 'API Component Resource Group Location User System Domain'.split(' '); // prettier-ignore

/** What both sides answer of one file. */
export const refused = { verdict: 'refused' };

/**
 * Backstage's way: its parser, its four policies, and the validators of its kinds, tried one after the
 * other as its processor of built-in kinds does. It stops at the first problem.
 */
export function backstage() {
  const policies = model.EntityPolicies.allOf([
    new model.SchemaValidEntityPolicy(),
    new model.DefaultNamespaceEntityPolicy(),
    new model.NoForeignRootFieldsEntityPolicy(),
    new model.FieldFormatEntityPolicy(),
  ]);
  const validators = KINDS.map(
    kind => model[`${kind.toLowerCase()}EntityV1alpha1Validator`],
  );
  const isKnown = async entity => {
    for (const validator of validators) {
      if (await validator.check(entity)) return true;
    }
    return false;
  };
  return async ({ name, content }) => {
    const location = { type: 'file', target: name };
    const entities = [];
    try {
      for (const result of parseEntityYaml(content, location)) {
        if (result.type === 'error') return refused;
        entities.push(result.entity);
        const entity = await policies.enforce(result.entity);
        if (!(await isKnown(entity))) return refused;
      }
    } catch {
      return refused;
    }
    return { verdict: 'accepted', entities };
  };
}

/** js-yaml and ajv with the schemas of Backstage, one for each kind. ajv knows no format of names. */
export function jsYamlAndAjv() {
  const schemas = join(
    dirname(ofProject.resolve('@backstage/catalog-model')),
    'schema',
  );
  const schema = path => ofProject(join(schemas, `${path}.schema.json.cjs.js`)).default; // prettier-ignore
  const ajv = new Ajv({ allowUnionTypes: true, allErrors: true });
  for (const path of [
    'Entity',
    'EntityMeta',
    'EntityEnvelope',
    'shared/common',
  ]) {
    ajv.addSchema(schema(path));
  }
  const isEntity = ajv.getSchema('Entity');
  const ofKind = new Map(
    KINDS.map(kind => [kind, ajv.compile(schema(`kinds/${kind}.v1alpha1`))]),
  );
  return ({ content }) => {
    let entities;
    try {
      entities = jsYaml.loadAll(content.toString('utf8'));
    } catch {
      return refused;
    }
    const isValid = entity => isEntity(entity) && ofKind.get(entity.kind)?.(entity); // prettier-ignore
    return entities.every(isValid)
      ? { verdict: 'accepted', entities }
      : refused;
  };
}

const version = (from, name) => {
  const [folder] = from.resolve.paths(name).filter(path => {
    try {
      return from(join(path, name, 'package.json'));
    } catch {
      return false;
    }
  });
  return `${name} ${from(join(folder, name, 'package.json')).version}`;
};

export const versions = [
  version(ofProject, '@backstage/catalog-model'),
  version(ofProject, '@backstage/plugin-catalog-node'),
  version(ofProject, 'yaml'),
  version(ofBench, 'js-yaml'),
  version(ofBench, 'ajv'),
];
