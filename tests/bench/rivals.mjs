// The same policy for casbin and for Cedar. Both are told the roles of the users, only of those asked about.
import cedar from '@cedar-policy/cedar-wasm/nodejs';
import { newEnforcer, newModelFromString } from 'casbin';

const MODEL = `
[request_definition]
r = sub, act
[policy_definition]
p = sub, act, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = r.act == p.act && g(r.sub, p.sub)
`;

export const cedarVersion = cedar.getCedarVersion();

/** A function (user's ref, permission's name) => whether it is allowed. */
export async function casbin({ rules }, roles) {
  const enforcer = await newEnforcer(newModelFromString(MODEL));
  await enforcer.addPolicies(
    unique(rules.map(one => [one.role, one.permission, one.effect])),
  );
  await enforcer.addGroupingPolicies(
    [...roles].flatMap(([user, has]) => has.map(role => [user, role])),
  );
  return (user, permission) => enforcer.enforceSync(user, permission);
}

function unique(rows) {
  return [...new Map(rows.map(row => [row.join(), row])).values()];
}

/** The same, with the policies parsed before. */
export function cedarWasm({ rules }, roles) {
  const text = rules.map(
    ({ role, effect, permission }) =>
      `${effect === 'deny' ? 'forbid' : 'permit'}(principal in Role::"${role}",
        action == Action::"${permission}", resource);`,
  );
  const parsed = cedar.preparsePolicySet('bench', {
    staticPolicies: text.join('\n'),
  });
  if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed));
  const resource = { type: 'Thing', id: 'all' };
  const entities = new Map(
    [...roles].map(([user, has]) => {
      const parents = has.map(id => ({ type: 'Role', id }));
      return [user, [{ uid: { type: 'User', id: user }, attrs: {}, parents }]];
    }),
  );
  return (user, permission) => {
    const answer = cedar.statefulIsAuthorized({
      principal: { type: 'User', id: user },
      action: { type: 'Action', id: permission },
      resource,
      context: {},
      preparsedPolicySetId: 'bench',
      entities: entities.get(user),
    });
    if (answer.type !== 'success') throw new Error(JSON.stringify(answer));
    return answer.response.decision === 'allow';
  };
}
