// What the plugin keeps in its database, in memory.

/** The tables of casbin's rules and of conditional policies. */
export function database() {
  const conditions = [];
  const knex = {
    client: { config: { client: 'better-sqlite3' } },
    transaction: async () => ({ commit() {}, rollback() {} }),
    table: () => ({
      insert(row) {
        const id = conditions.length + 1;
        conditions.push({ ...row, id });
        const inserted = Promise.resolve();
        inserted.returning = async () => [{ id }];
        return inserted;
      },
      async where(build) {
        const tests = [];
        build({
          where: (key, value) => tests.push(row => row[key] === value),
          whereIn: (key, values) =>
            tests.push(row => values.includes(row[key])),
        });
        return conditions.filter(row => tests.every(test => test(row)));
      },
    }),
  };
  const rules = [];
  const load = (model, rows) =>
    rows.forEach(({ ptype, v }) =>
      model.model.get(ptype[0]).get(ptype).policy.push(v),
    );
  const adapter = {
    isFiltered: () => false,
    loadPolicy: async model => load(model, rules),
    loadFilteredPolicy: async (model, filters) =>
      load(
        model,
        rules.filter(({ ptype, v }) =>
          filters.some(filter =>
            Object.entries(filter).every(([key, value]) =>
              key === 'ptype'
                ? ptype === value
                : value === undefined || v[Number(key[1])] === value,
            ),
          ),
        ),
      ),
    addPolicy: async (_section, ptype, v) => rules.push({ ptype, v }),
    addPolicies: async (_section, ptype, all) =>
      all.forEach(v => rules.push({ ptype, v })),
  };
  return { knex, adapter };
}

/** The table of roles. */
export function roleMetadata() {
  const roles = new Map();
  return {
    findRoleMetadata: async ref => roles.get(ref),
    filterRoleMetadata: async source =>
      [...roles.values()].filter(role => role.source === source),
    createRoleMetadata: async role => {
      roles.set(role.roleEntityRef, role);
    },
    updateRoleMetadata: async (role, ref) => {
      roles.set(ref, role);
    },
  };
}
