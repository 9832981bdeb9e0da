/** A policy that lets team-a read all and delete its own. */
export const policy = `apiVersion: goldenpath/v1alpha1
kind: AccessPolicy
roles: { engineer: {} }
bindings:
  - { role: engineer, to: [group:default/team-a] }
rules:
  - { id: read, effect: allow, role: engineer, permissions: [catalog.entity.read] }
  - id: delete-own
    effect: allow
    role: engineer
    permissions: [catalog.entity.delete]
    when: { owner: $ownership }
tests:
  - { name: reads, as: user:default/bob, permission: catalog.entity.read, expect: allow }
`;

/** Who is in team-a, and who is not. */
export const directory = `groups: [{ ref: group:default/team-a }]
users:
  - { ref: user:default/bob, memberOf: [group:default/team-a] }
  - { ref: user:default/eve, memberOf: [] }
`;
