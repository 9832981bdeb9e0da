import type { CatalogModel } from '@backstage/catalog-model/alpha';

/** What `goldenpath model pull` writes: all shapes of all kinds, and what else the model declares. */
export function describeModel(model: CatalogModel) {
  const kinds = model.listKinds().flatMap(({ names: { kind }, versions }) =>
    versions.map(({ apiVersion, specType }) => {
      const spec = specType === undefined ? undefined : { type: specType };
      const shape = model.getKind({ kind, apiVersion, spec });
      return {
        apiVersion,
        kind,
        specType,
        description: shape?.description,
        relationFields: shape?.relationFields,
        jsonSchema: shape?.jsonSchema,
      };
    }),
  );
  return {
    apiVersion: 'goldenpath/v1alpha1',
    kind: 'CatalogModel',
    kinds,
    relations: model.listRelations(),
    ...model.getMetadata(),
  };
}
