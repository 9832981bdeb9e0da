// What users see and do in the scaffolder.
import { RequestError } from '../../../examples/backstage/demo/portal.ts';
import { condition, policy, type PolicyText, type When } from './policies.ts';
import { Random } from './random.ts';

/** Form pages and steps, by their tags. */
const TAGS = [
  undefined,
  {},
  { tags: [] },
  { tags: ['platform-only'] },
  { tags: ['Platform-Only'] },
  { tags: ['beta', 'costly'] },
  { tags: ['costly'] },
];

export const PAGES = TAGS.map((permissions, index) => ({
  title: `page ${index}`,
  ...(permissions && { 'backstage:permissions': permissions }),
  properties: { [`p${index}`]: { type: 'string' } },
}));

export const STEPS = TAGS.map((permissions, index) => ({
  id: `step-${index}`,
  name: `step ${index}`,
  action: 'debug:log',
  input: { message: `step ${index}` },
  ...(permissions && { 'backstage:permissions': permissions }),
}));

/** The only page of a template that has no list of them. */
export const SINGLE_PAGE = PAGES[3];

export const TEMPLATES = [
  template('tagged', { parameters: PAGES, steps: STEPS }),
  template('single', { parameters: SINGLE_PAGE, steps: [STEPS[5]] }),
  template('wait', {
    parameters: [],
    steps: [
      {
        id: 'wait',
        name: 'wait',
        action: 'debug:wait',
        input: { milliseconds: '${{ parameters.milliseconds }}' },
      },
      {
        id: 'say',
        name: 'say',
        action: 'debug:log',
        each: '${{ parameters.words }}',
        input: { message: '${{ each.value }}' },
      },
    ],
  }),
];

/** All of what is needed around it is allowed to everybody. */
const AROUND = {
  effect: 'allow' as const,
  permissions: [
    'catalog.entity.read',
    'scaffolder.task.create',
    'scaffolder.template.dry-run',
  ],
};

/** Actions with their input, as a step has them. */
export function actions(gitHubHost: string) {
  const issue = (owner: string, milestone: number | string) => ({
    action: 'github:issues:create',
    input: {
      repoUrl: `${gitHubHost}?owner=${owner}&repo=site`,
      title: owner,
      milestone,
    },
  });
  const write = (spec: object) => ({
    action: 'catalog:write',
    input: { filePath: 'catalog-info.yaml', entity: { metadata: {}, spec } },
  });
  return [
    { action: 'debug:log', input: {} },
    { action: 'debug:log', input: { message: 'hello' } },
    { action: 'debug:log', input: { message: 'Hello' } },
    { action: 'debug:log', input: { message: '7' } },
    { action: 'debug:log', input: { listWorkspace: true } },
    { action: 'debug:log', input: { listWorkspace: false, message: 'hello' } },
    { action: 'debug:log', input: { listWorkspace: 'with-filenames' } },
    { action: 'fs:delete', input: { files: ['hello', 'there'] } },
    { action: 'fs:delete', input: { files: [] } },
    issue('acme', 7),
    issue('ACME', '7'),
    issue('other', 7.5),
    write({ owner: 'group:default/team-payments', replicas: 3 }),
    write({ owner: 'Group:default/Team-Payments', replicas: '3' }),
    write({ owner: 'user:default/erin', public: true, ports: [80, 443] }),
    write({ 'a.b': 'hello', public: 'true', replicas: 0, ports: [] }),
  ];
}

export function actionPolicies(gitHubHost: string): PolicyText[] {
  const repoUrl = `${gitHubHost}?owner=Acme&repo=SITE`;
  const atoms: When[] = [
    { actionId: 'debug:log' },
    { actionId: ['fs:delete', 'catalog:write'] },
    { stringProperty: 'message' },
    { stringProperty: { message: 'hello' } },
    { stringProperty: { repoUrl } },
    { stringProperty: { title: 'acme' } },
    { stringProperty: { 'files[1]': 'there' } },
    { stringProperty: { 'entity.spec.owner': '$ownership' } },
    { stringProperty: { 'entity.spec["a.b"]': 'hello' } },
    { numberProperty: 'milestone' },
    { numberProperty: { milestone: 7 } },
    { numberProperty: { 'entity.spec.replicas': 0 } },
    { numberProperty: { 'entity.spec.ports[0]': 80 } },
    { numberProperty: { 'files.length': 0 } },
    { booleanProperty: { listWorkspace: false } },
    { booleanProperty: 'entity.spec.public' },
  ];
  return policies('scaffolder.action.execute', 'actions', atoms, 6, {
    actionId: 'dry-run:extract',
  });
}

/** Of what the template `wait` does, some for everybody and the rest for engineers. */
export const RUN_POLICY = policy('real tasks', 'direct', [
  AROUND,
  {
    effect: 'allow',
    role: 'reader',
    permissions: [{ resourceType: 'scaffolder-template', action: 'read' }],
  },
  {
    effect: 'allow',
    role: 'reader',
    permissions: ['scaffolder.task.read'],
    when: { createdBy: '$self' },
  },
  {
    effect: 'allow',
    role: 'reader',
    permissions: ['scaffolder.action.execute'],
    when: {
      anyOf: [
        { numberProperty: { milliseconds: 1 } },
        { stringProperty: { message: 'hello' } },
      ],
    },
  },
  {
    effect: 'allow',
    role: 'engineer',
    permissions: ['scaffolder.action.execute'],
    when: { not: { stringProperty: { message: 'secret' } } },
  },
]);

/** Values for the template `wait`, and the steps that they come to. */
export const RUNS = [
  { milliseconds: 1, words: ['hello', 'hello'] },
  { milliseconds: 2, words: ['hello'] },
  { milliseconds: 1, words: ['hello', 'there'] },
  { milliseconds: 1, words: ['hello', 'secret'] },
].map(values => ({
  values,
  steps: [
    { action: 'debug:wait', input: { milliseconds: values.milliseconds } },
    ...values.words.map(message => ({
      action: 'debug:log',
      input: { message },
    })),
  ],
}));

export const TEMPLATE_POLICIES = policies(
  { resourceType: 'scaffolder-template', action: 'read' },
  'template',
  [
    { tag: 'platform-only' },
    { tag: ['beta', 'costly'] },
    { tag: 'costly' },
    { tag: 'unheard-of' },
  ],
  6,
);

export const TASK_POLICIES = policies(
  { resourceType: 'scaffolder-task' },
  'tasks',
  [
    { createdBy: '$self' },
    { createdBy: '$ownership' },
    { createdBy: ['user:default/ERIN', 'user:default/olivia'] },
    { createdBy: 'user:default/guest' },
  ],
  8,
);

/** Everybody sees the tasks of everybody else. */
export const OTHERS_TASKS_POLICY = policy('others', 'direct', [
  AROUND,
  {
    effect: 'allow',
    permissions: ['scaffolder.task.read'],
    when: { not: { createdBy: '$self' } },
  },
]);

/**
 * Each gives another part to readers, to engineers and to the platform, and denies something; `always`
 * is what Backstage itself does in the user's name, as the last step of a dry run.
 */
function policies(
  permission: unknown,
  name: string,
  atoms: When[],
  count: number,
  always?: When,
): PolicyText[] {
  const when = (effect: 'allow' | 'deny', some: When) => {
    if (!always) return some;
    return effect === 'allow'
      ? { anyOf: [some, always] }
      : { allOf: [some, { not: always }] };
  };
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(100 + index);
    const rule = (effect: 'allow' | 'deny', role: string) => ({
      effect,
      role,
      permissions: [permission],
      when: when(effect, condition(random, atoms, 2)),
    });
    return policy(`${name} ${index + 1}`, 'ancestors', [
      AROUND,
      rule('allow', 'reader'),
      rule('allow', 'engineer'),
      rule('allow', 'platform'),
      rule('deny', random.of(['reader', 'engineer'])),
    ]);
  });
}

/** Whether the scaffolder lets a request through, when nothing but a permission may be in the way. */
export async function isLet(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (
      error instanceof RequestError &&
      (error.status === 403 || error.body.includes('Unauthorized action'))
    ) {
      return false;
    }
    throw error;
  }
}

export function template(name: string, spec: object) {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name },
    spec: { type: 'service', owner: 'PLATFORM', ...spec },
  };
}
