import {
  type CatalogModel,
  type CatalogModelSource,
  compileCatalogModel,
  defaultCatalogEntityModel,
} from '@backstage/catalog-model/alpha';

/**
 * The declarative model of the catalogue that runs in the same backend.
 *
 * @remarks
 *
 * The catalogue does not hand it out, but for a text in Markdown. What it is made of are the sources that
 * modules have added to the catalogue's extension point, where they can be read as the catalogue does.
 */
export class CatalogModelHolder {
  #sources: () => CatalogModelSource[] = () => [];
  #model: Promise<CatalogModel> | undefined;

  /** Follows the extension point of a catalogue: modules may add sources later than now. */
  follow(extensionPoint: object) {
    this.#sources = () => sourcesOf(extensionPoint);
  }

  /** The compiled model: of the built-in kinds, if the catalogue has no other. */
  async model(): Promise<CatalogModel> {
    this.#model ??= compile(this.#sources());
    try {
      return await this.#model;
    } catch (error) {
      // a source may answer the next time
      this.#model = undefined;
      throw error;
    }
  }
}

/** The interface of the extension point can only add them; what implements it has them to read. */
function sourcesOf(extensionPoint: object): CatalogModelSource[] {
  const { modelSources } = extensionPoint as {
    modelSources?: CatalogModelSource[];
  };
  return Array.isArray(modelSources) ? modelSources : [];
}

async function compile(sources: CatalogModelSource[]): Promise<CatalogModel> {
  if (sources.length === 0) {
    return compileCatalogModel([defaultCatalogEntityModel]);
  }
  const layers = await Promise.all(sources.map(firstLayersOf));
  return compileCatalogModel(layers.flat());
}

/** A source may go on for ever; like the catalogue, take what it says first. */
async function firstLayersOf(source: CatalogModelSource) {
  const iterator = source.read({ signal: new AbortController().signal });
  try {
    const { value } = await iterator.next();
    return (value?.data ?? []).map(({ layer }) => layer);
  } finally {
    await iterator.return(undefined);
  }
}
