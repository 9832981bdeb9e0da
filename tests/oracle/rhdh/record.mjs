// Records what Red Hat's real plugin decides, for tests/it/policy_import.rs and
// tests/wasm/policyImport.test.ts to compare with. The plugin is no dependency of this repository:
// it drags a database, and rbac-common 2 is not on every mirror. To record anew, in an empty folder:
//
//   npm init -y
//   npm pack @backstage-community/plugin-rbac-backend@8.1.3   # unpacked as `plugin`
//   npm install casbin@5.51.1 csv-parse@7.0.3 lodash@4.18.1 js-yaml@5.5.0 chokidar@3.6.0 \
//     @dagrejs/graphlib@4.0.6 @backstage-community/plugin-rbac-common@1.18.0 --legacy-peer-deps
//   npm install @backstage/catalog-model@1.10.1 @backstage/errors@1.3.1 @backstage/config@1.3.8 \
//     @backstage/plugin-permission-common@0.9.10
//
// and then `node tests/oracle/rhdh/record.mjs <that folder>`.
//
// All code that decides is the plugin's: RBACPermissionPolicy with its file watchers, enforcer, role
// manager, conditional storage and alias resolver, and casbin. Ours are the tables in memory, and the
// two functions of rbac-common 2 that 1.18 lacks. Groups are read as on PostgreSQL.
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { database, roleMetadata } from './tables.mjs';
import { permissions, worlds } from './worlds.mjs';

const folder = resolve(process.argv[2] ?? '.');
const require = createRequire(join(folder, 'plugin/dist/index.cjs.js'));
const cases = new URL('../../cases/policy-import/', import.meta.url).pathname;

const temporary = mkdtempSync(join(tmpdir(), 'rhdh-'));
process.on('exit', () => rmSync(temporary, { recursive: true }));

const common = require('@backstage-community/plugin-rbac-common');

const isPermissionInfo = entry => typeof entry === 'object' && 'name' in entry;
require.cache[
  require.resolve('@backstage-community/plugin-rbac-common')
].exports = {
  ...common,
  isPermissionInfo,
  permissionMappingAction: entry =>
    isPermissionInfo(entry) ? entry.action : entry,
};

const casbin = require('casbin');
const yaml = require('js-yaml');
const { ConfigReader } = require('@backstage/config');

const plugin = path => require(`./${path}.cjs.js`);
const { RBACPermissionPolicy } = plugin('policies/permission-policy');
const { EnforcerDelegate } = plugin('service/enforcer-delegate');
const { BackstageRoleManager } = plugin('role-manager/role-manager');
const { DataBaseConditionalStorage } = plugin('database/conditional-storage');
const { MODEL } = plugin('service/permission-model');

for (const name of readdirSync(cases)) {
  const read = file => {
    try {
      return readFileSync(join(cases, name, file), 'utf8');
    } catch {
      return undefined;
    }
  };
  const requests = read('requests.json');
  if (!requests) continue;
  const decide = await policy({
    csv: read('policy.csv'),
    conditions: read('conditions.yaml'),
    precedence: JSON.parse(read('options.json') ?? '{}').precedence,
    directory: JSON.parse(read('directory.json')),
  });
  const recorded = {};
  for (const [sentence, request] of Object.entries(JSON.parse(requests))) {
    if (!('resource' in request)) recorded[sentence] = await decide(request);
  }
  write(join(name, 'recorded.json'), JSON.stringify(recorded, null, 2));
}

const recorded = [];
for (const world of worlds(60)) {
  const decide = await policy(world);
  const decisions = {};
  for (const { ref } of world.directory.users) {
    decisions[ref] = {};
    for (const permission of permissions) {
      const subject = { userEntityRef: ref };
      const { result, ...rest } = await decide({ permission, subject });
      decisions[ref][permission.name] = rest.conditions
        ? { result, ...rest }
        : { result };
    }
  }
  recorded.push(JSON.stringify({ ...world, decisions }));
}
write(
  'recorded/worlds.json',
  `{"permissions":${JSON.stringify(permissions)},"worlds":[\n${recorded.join(
    ',\n',
  )}\n]}`,
);

function write(name, text) {
  writeFileSync(join(cases, name), `${text}\n`);
}

/** The plugin with these files and groups, as a function from requests to decisions. */
async function policy({ csv, conditions, precedence, directory }) {
  const files = mkdtempSync(join(temporary, 'policy-'));
  const csvFile = join(files, 'policy.csv');
  writeFileSync(csvFile, csv);
  const yamlFile = join(files, 'conditions.yaml');
  writeFileSync(yamlFile, conditions ?? '');
  const documents = yaml.loadAll(conditions ?? '').filter(Boolean);
  // from a file the plugin takes only the first of two that overlap; a database may hold both
  const isStored = overlap(documents);
  const config = new ConfigReader({
    backend: { database: { client: 'pg' } },
    permission: {
      rbac: {
        'policies-csv-file': csvFile,
        ...(conditions && !isStored && { conditionalPoliciesFile: yamlFile }),
        ...(precedence && { policyDecisionPrecedence: precedence }),
      },
    },
  });
  const problems = [];
  const logger = {
    debug() {},
    info() {},
    warn: message => problems.push(message),
    error: message => problems.push(message),
  };
  const event = { success: async () => {}, fail: async () => {} };
  const auditor = { createEvent: async () => event };
  const auth = { isPrincipal: () => true };

  const { knex, adapter } = database();
  const enforcer = await casbin.newEnforcer(
    casbin.newModelFromString(MODEL),
    adapter,
  );
  enforcer.enableAutoSave(true);
  enforcer.enableAutoBuildRoleLinks(false);
  enforcer.setRoleManager(
    new BackstageRoleManager(
      undefined,
      logger,
      relations(directory),
      knex,
      config,
      auth,
      { readRole: () => undefined },
    ),
  );
  await enforcer.buildRoleLinks();
  const storage = new DataBaseConditionalStorage(knex);
  const metadata = roleMetadata();
  const delegate = new EnforcerDelegate(
    enforcer,
    auditor,
    storage,
    metadata,
    knex,
  );
  const userInfo = { getUserInfo: async credentials => credentials.info };
  const real = await RBACPermissionPolicy.build(
    logger,
    auditor,
    config,
    storage,
    delegate,
    metadata,
    knex,
    userInfo,
    auth,
  );
  if (isStored) {
    const rows = documents.map(document => storage.toDAO(document));
    for (const row of rows)
      await knex.table('role-condition-policies').insert(row);
  }
  // roles without members matter to nobody
  const isHarmless = /^skip to add condition for role/;
  const skipped = problems.filter(problem => !isHarmless.test(problem));
  if (skipped.some(problem => /skip|fail|unable|duplicate/i.test(problem))) {
    throw new Error(`the plugin skips something: ${problems.join('\n')}`);
  }
  return async ({ permission: { name, action, resourceType }, subject }) => {
    const permission = {
      name,
      attributes: action ? { action } : {},
      ...(resourceType
        ? { type: 'resource', resourceType }
        : { type: 'basic' }),
    };
    const {
      result,
      pluginId,
      conditions: criteria,
    } = await real.handle(
      { permission },
      subject && { credentials: { info: info(directory, subject) } },
    );
    return { result, pluginId, conditions: criteria };
  };
}

function info(directory, { userEntityRef, ownershipEntityRefs }) {
  const user = directory.users.find(({ ref }) => ref === userEntityRef);
  return {
    userEntityRef,
    ownershipEntityRefs: ownershipEntityRefs ?? [
      userEntityRef,
      ...(user?.memberOf ?? []),
    ],
  };
}

/** The catalogue's table of relations, as the plugin queries it. */
function relations({ groups, users }) {
  const row = (type, source, target) => ({
    type,
    source_entity_ref: source,
    target_entity_ref: target,
  });
  const rows = [
    ...users.flatMap(({ ref, memberOf }) =>
      memberOf.map(group => row('memberOf', ref, group)),
    ),
    ...groups.flatMap(({ ref, parent }) =>
      parent ? [row('childOf', ref, parent)] : [],
    ),
  ];
  return () => ({
    select: () => ({
      where: async (filter, value) => {
        const wanted =
          typeof filter === 'string' ? { [filter]: value } : filter;
        return rows.filter(found =>
          Object.entries(wanted).every(([key, is]) => found[key] === is),
        );
      },
    }),
  });
}

/** Whether two documents of a role are about one permission, which only a database can hold. */
function overlap(documents) {
  const meets = (a, b) =>
    (a.action ?? a) === (b.action ?? b) &&
    (!a.name || !b.name || a.name === b.name);
  return documents.some((one, index) =>
    documents
      .slice(0, index)
      .some(
        other =>
          one.roleEntityRef === other.roleEntityRef &&
          one.resourceType === other.resourceType &&
          one.permissionMapping.some(a =>
            other.permissionMapping.some(b => meets(a, b)),
          ),
      ),
  );
}
