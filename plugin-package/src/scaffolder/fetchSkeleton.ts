import type { UrlReaderService } from '@backstage/backend-plugin-api';
import type { ScmIntegrations } from '@backstage/integration';
import type { ActionContext } from '@backstage/plugin-scaffolder-node';
import type { TemplateAnswers } from 'goldenpath';
import { assertScmUserCredentials } from './assertScmUserCredentials';
import { skeletonFolder } from './skeletonFolder';

type TemplateInfo = ActionContext<any>['templateInfo'];

/** Fetches a skeleton, with the care of `fetch:template`, and gives its folder. */
export async function fetchSkeleton(
  ctx: Pick<ActionContext<any>, 'templateInfo' | 'createTemporaryDirectory'>,
  options: {
    reader: UrlReaderService;
    integrations: ScmIntegrations;
    requireScmUserCredentials?: boolean;
    url: string;
    token?: string;
  },
): Promise<string> {
  const baseUrl = ctx.templateInfo?.baseUrl;
  assertScmUserCredentials({ ...options, baseUrl });
  return skeletonFolder({
    ...options,
    baseUrl,
    createTemporaryDirectory: () => ctx.createTemporaryDirectory(),
  });
}

/** Where a skeleton is from, for the answers. */
export function origin(
  templateInfo: TemplateInfo,
  fetchUrl: string,
): TemplateAnswers['template'] {
  const { entityRef: ref, baseUrl } = templateInfo ?? {};
  const url = absolute(fetchUrl, baseUrl);
  return { ref, url, commit: url && /\b[0-9a-f]{40}\b/.exec(url)?.[0] };
}

/** Without a place on the machine, which means nothing to others. */
function absolute(url: string, baseUrl?: string): string | undefined {
  const base = baseUrl && !baseUrl.startsWith('file:') ? baseUrl : undefined;
  if (!URL.canParse(url, base)) return undefined;
  const { href, protocol } = new URL(url, base);
  return protocol === 'file:' ? undefined : href;
}
