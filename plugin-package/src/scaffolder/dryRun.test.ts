import {
  type TestBackend,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scaffolderBackend from '@backstage/plugin-scaffolder-backend';
import { dryRun, templateOf } from './__testUtils__/dryRun';
import { scaffolderModuleGoldenpath } from './module';

const CATALOG_INFO = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: \${{ values.name }}
spec:
  type: service
  lifecycle: \${{ values.lifecycle }}
  owner: team-a
`;

// a real backend, on a machine that may be busy
jest.setTimeout(60_000);

describe('a dry run of a real scaffolder', () => {
  let backend: TestBackend;

  beforeAll(async () => {
    backend = await startTestBackend({
      features: [
        scaffolderBackend,
        scaffolderModuleGoldenpath,
        catalogServiceMock.factory(),
        mockServices.rootConfig.factory({ data: {} }),
      ],
    });
  });

  afterAll(async () => {
    await backend.stop();
  });

  const template = templateOf(
    'service',
    [
      {
        id: 'render',
        name: 'Render',
        action: 'goldenpath:template:render',
        input: {
          url: './skeleton',
          values: { name: '${{ parameters.name }}', lifecycle: '' },
        },
      },
      {
        id: 'validate',
        name: 'Validate',
        action: 'goldenpath:catalog:validate',
      },
    ],
    ['entity', '${{ steps.validate.output.entityRefs[0] }}'],
  );

  function render(skeleton: Record<string, string>) {
    const files = Object.entries(skeleton).map(
      ([path, content]): [string, string] => [
        `skeleton/${path}`,
        Buffer.from(content).toString('base64'),
      ],
    );
    return dryRun(backend, template, { name: 'payment-service' }, files);
  }

  it('renders and validates', async () => {
    const { status, body } = await render({
      'catalog-info.yaml': CATALOG_INFO.replace(
        '${{ values.lifecycle }}',
        'production',
      ),
      'README-${{ values.name }}.md': '# ${{ values.name }}',
    });
    expect({ status, body }).toEqual({ status: 200, body: expect.anything() });
    expect(
      body.directoryContents.map((file: { path: string }) => file.path).sort(),
    ).toEqual(['README-payment-service.md', 'catalog-info.yaml']);
    expect(body.output.text[0].content).toBe(
      'component:default/payment-service',
    );
  });

  it('fails with the frames of a skeleton that has errors', async () => {
    const { status, body } = await render({
      'README.md': '# title\n${{ values.nmae }}',
    });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('README.md:2:12');
  });

  it('fails with the frames of a rendered entity that is not valid', async () => {
    const { status, body } = await render({
      'catalog-info.yaml': CATALOG_INFO,
    });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('catalog-info.yaml:7:');
  });
});
