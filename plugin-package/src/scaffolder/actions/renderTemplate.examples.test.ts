import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import {
  createMockDirectory,
  mockServices,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { parse } from 'yaml';
import { createRenderTemplateAction } from './renderTemplate';
import { examples } from './renderTemplate.examples';

/** What each example makes, in order. */
const MADE = [
  { 'payment-service.txt': 'owned by team-payments' },
  {
    'services/payment/payment-service.txt': 'owned by team-payments',
    'services/payment/.github/workflows/ci.yaml': '${{ secrets.TOKEN }}',
  },
  {
    'payment-service.txt': 'payment-service []',
    'plain.txt': '${{ values.name }}',
  },
  { 'payment-service.txt': 'payment-service\n' },
];

describe('goldenpath:template:render examples', () => {
  const folder = createMockDirectory();
  const action = createRenderTemplateAction({
    reader: mockServices.urlReader.mock(),
    integrations: ScmIntegrations.fromConfig(new ConfigReader({})),
  });

  beforeEach(() => {
    folder.setContent({
      temp: {},
      workspace: { services: { payment: { 'payment-service.txt': 'old' } } },
      template: {
        skeleton: { '${{ values.name }}.txt': 'owned by ${{ values.owner }}' },
        'skeleton-with-workflows': {
          '${{ values.name }}.txt': 'owned by ${{ values.owner }}',
          '.github': {
            workflows: { 'ci.yaml': '${{ secrets.TOKEN }}' },
          },
        },
        'skeleton-njk': {
          '${{ values.name }}.txt.njk':
            '${{ values.name }} [${{ values.owner }}]',
          'plain.txt': '${{ values.name }}',
        },
        'skeleton-cookiecutter': {
          '{{ cookiecutter.name }}.txt':
            '  {% if true %}\n{{ cookiecutter.name }}\n  {% endif %}\n',
        },
      },
    });
  });

  it('are all described by what they make', () => {
    expect(MADE).toHaveLength(examples.length);
  });

  it.each(examples.map((example, index) => [example.description, index]))(
    '%s',
    async (_, index) => {
      const [step] = parse(examples[index].example).steps;
      expect(step.action).toBe(action.id);

      await action.handler({
        ...createMockActionContext({
          input: step.input,
          workspacePath: folder.resolve('workspace'),
          templateInfo: {
            entityRef: 'template:default/example',
            baseUrl: pathToFileURL(folder.resolve('template/template.yaml'))
              .href,
          },
        }),
        createTemporaryDirectory: async () => folder.resolve('temp'),
      });

      for (const [name, content] of Object.entries(MADE[index])) {
        const path = folder.resolve(`workspace/${name}`);
        expect(readFileSync(path, 'utf8')).toBe(content);
      }
    },
  );
});
