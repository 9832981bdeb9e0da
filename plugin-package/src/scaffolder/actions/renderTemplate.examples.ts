import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Renders the skeleton beside the template into the workspace.',
    example: stringify({
      steps: [
        {
          id: 'render',
          name: 'Render the skeleton',
          action: 'goldenpath:template:render',
          input: {
            url: './skeleton',
            values: { name: 'payment-service', owner: 'team-payments' },
          },
        },
      ],
    }),
  },
  {
    description:
      'Renders into a folder of the workspace, replaces what is there, and copies workflows, which have expressions of their own.',
    example: stringify({
      steps: [
        {
          id: 'render',
          name: 'Render the skeleton',
          action: 'goldenpath:template:render',
          input: {
            url: './skeleton-with-workflows',
            targetPath: './services/payment',
            values: { name: 'payment-service', owner: 'team-payments' },
            copyWithoutTemplating: ['.github/workflows/**'],
            replace: true,
          },
        },
      ],
    }),
  },
  {
    description:
      'Renders only the files that end in `.njk`, and undefined names as empty text, as `fetch:template` does.',
    example: stringify({
      steps: [
        {
          id: 'render',
          name: 'Render the skeleton',
          action: 'goldenpath:template:render',
          input: {
            url: './skeleton-njk',
            values: { name: 'payment-service' },
            templateFileExtension: true,
            strict: false,
          },
        },
      ],
    }),
  },
  {
    description: 'Renders a skeleton that was made for cookiecutter.',
    example: stringify({
      steps: [
        {
          id: 'render',
          name: 'Render the skeleton',
          action: 'goldenpath:template:render',
          input: {
            url: './skeleton-cookiecutter',
            values: { name: 'payment-service' },
            cookiecutterCompat: true,
            trimBlocks: true,
            lstripBlocks: true,
          },
        },
      ],
    }),
  },
];
