import { parseEntityRef } from '@backstage/catalog-model';
import type { ScmIntegrations } from '@backstage/integration';
import { parseRepoUrl } from '@backstage/plugin-scaffolder-node';
import type { HostFunction } from 'goldenpath';
import { get } from 'lodash';

/**
 * The filters that Backstage adds to Nunjucks.
 *
 * @remarks
 *
 * Filters of other modules cannot be had: `scaffolderTemplatingExtensionPoint`
 * takes filters, and only Backstage's own actions are given them.
 */
export function createDefaultFilters(
  integrations: ScmIntegrations,
): Record<string, HostFunction> {
  return {
    parseEntityRef,
    parseRepoUrl: (url: string) => parseRepoUrl(url, integrations),
    pick: get,
    projectSlug: (url: string) => {
      const { owner, repo } = parseRepoUrl(url, integrations);
      return `${owner}/${repo}`;
    },
  };
}
