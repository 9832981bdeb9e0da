import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description:
      'Checks every catalog-info.yaml of the workspace before it is published.',
    example: stringify({
      steps: [
        {
          id: 'validate',
          name: 'Check the catalogue files',
          action: 'goldenpath:catalog:validate',
        },
      ],
    }),
  },
  {
    description: 'Checks other files, and does not let a misspelt field pass.',
    example: stringify({
      steps: [
        {
          id: 'validate',
          name: 'Check the catalogue files',
          action: 'goldenpath:catalog:validate',
          input: {
            files: ['catalog/*.yaml'],
            unknownFields: 'error',
          },
        },
      ],
    }),
  },
  {
    description:
      'Checks by the rules that the repository brings along, and lets no warning pass.',
    example: stringify({
      steps: [
        {
          id: 'validate',
          name: 'Check the catalogue files',
          action: 'goldenpath:catalog:validate',
          input: {
            config: 'goldenpath.yaml',
            failOn: 'warning',
          },
        },
      ],
    }),
  },
];
