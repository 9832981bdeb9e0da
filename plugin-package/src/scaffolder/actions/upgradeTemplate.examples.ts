import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description:
      'Brings a repository, fetched into the workspace, from version 1 of its skeleton to version 2.',
    example: stringify({
      steps: [
        {
          id: 'upgrade',
          name: 'Follow the template',
          action: 'goldenpath:template:upgrade',
          input: {
            baseUrl: './skeleton-v1',
            url: './skeleton-v2',
          },
        },
      ],
    }),
  },
  {
    description:
      'Gives a value that only the new skeleton asks for, and fails rather than leave conflicts in files.',
    example: stringify({
      steps: [
        {
          id: 'upgrade',
          name: 'Follow the template',
          action: 'goldenpath:template:upgrade',
          input: {
            baseUrl: './skeleton-v1',
            url: './skeleton-v2',
            targetPath: './service',
            values: { port: 8080 },
            conflicts: 'fail',
          },
        },
      ],
    }),
  },
];
