import { checkCatalogFile } from 'goldenpath';
import { diagnosticsOf } from './diagnosticsOf';

function codes(content: string): string[] {
  const report = checkCatalogFile({ name: 'catalog-info.yaml', content });
  return diagnosticsOf(report).map(({ code }) => code);
}

function entity(apiVersion: string, kind: string, spec: string): string {
  return `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: a
  tags: [Java]
spec: ${spec}
`;
}

describe('diagnosticsOf', () => {
  it('judges the kinds of Backstage in full', () => {
    expect(codes(entity('backstage.io/v1alpha1', 'Domain', '{}'))).toEqual([
      'catalog/invalid-tag',
      'catalog/missing-field',
    ]);
  });

  it.each([
    ['a kind', 'acme.example/v1', 'Product'],
    ['a kind with a name like one of Backstage', 'acme.example/v1', 'Domains'],
    ['a version of a kind of Backstage', 'acme.example/v1', 'Domain'],
  ])('leaves to other plugins the rest of %s', (_, apiVersion, kind) => {
    expect(codes(entity(apiVersion, kind, '{}'))).toEqual([
      'catalog/invalid-tag',
    ]);
  });

  it('does not leave a misspelt kind or version to others', () => {
    expect(
      codes(entity('backstage.io/v1alpha1', 'Domian', '{owner: a}')),
    ).toEqual(['catalog/unknown-kind', 'catalog/invalid-tag']);
    expect(
      codes(entity('backstage.io/v1alpa1', 'Domain', '{owner: a}')),
    ).toEqual(['catalog/unknown-api-version', 'catalog/invalid-tag']);
  });

  it('does not leave YAML to others', () => {
    expect(
      codes(entity('acme.example/v1', 'Product', '{a: 1, a: 2}')),
    ).toContain('yaml/duplicate-key');
  });
});
