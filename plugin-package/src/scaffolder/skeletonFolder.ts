import { dirname } from 'node:path';
import {
  type UrlReaderService,
  resolveSafeChildPath,
} from '@backstage/backend-plugin-api';
import type { ScmIntegrations } from '@backstage/integration';
import { fetchContents } from '@backstage/plugin-scaffolder-node';

/** What is behind it is a path as it is, not encoded as in a URL. */
const LOCAL = 'file://';

/**
 * The folder of a skeleton: where it lies, if that is beside a template in a local file, for nobody
 * changes it there; else a temporary one that it is fetched into.
 */
export async function skeletonFolder(options: {
  reader: UrlReaderService;
  integrations: ScmIntegrations;
  url: string;
  baseUrl?: string;
  token?: string;
  createTemporaryDirectory(): Promise<string>;
}): Promise<string> {
  const { reader, integrations, url, baseUrl, token } = options;
  if (baseUrl?.startsWith(LOCAL) && !URL.canParse(url)) {
    return resolveSafeChildPath(dirname(baseUrl.slice(LOCAL.length)), url);
  }
  const folder = resolveSafeChildPath(
    await options.createTemporaryDirectory(),
    'skeleton',
  );
  await fetchContents({
    reader,
    integrations,
    baseUrl,
    fetchUrl: url,
    outputPath: folder,
    token,
  });
  return folder;
}
