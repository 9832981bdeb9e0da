import type { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

export const examples: TemplateExample[] = [
  {
    description: 'Ends the task unless its user may create environments.',
    example: stringify({
      steps: [
        {
          id: 'check',
          name: 'Ask the policy',
          action: 'goldenpath:policy:check',
          input: {
            permission: 'goldenpath.environment.create',
            context: { input: '${{ parameters }}' },
          },
        },
      ],
    }),
  },
  {
    description:
      'Asks for an environment of the catalogue, and goes another way if consent is missing.',
    example: stringify({
      steps: [
        {
          id: 'check',
          name: 'Ask the policy',
          action: 'goldenpath:policy:check',
          input: {
            permission: 'goldenpath.environment.destroy',
            resource: '${{ parameters.environment }}',
            digest: '${{ parameters.planDigest }}',
            onNeedsApproval: 'output',
          },
        },
        {
          id: 'ask',
          name: 'Tell who can consent',
          if: "${{ steps.check.output.outcome === 'needs-approval' }}",
          action: 'debug:log',
          input: { message: '${{ steps.check.output.approvers }}' },
        },
      ],
    }),
  },
];
