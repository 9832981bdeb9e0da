import { InputError } from '@backstage/errors';
import type { ScmIntegrations } from '@backstage/integration';

const TYPES_WITH_USER_TOKENS = ['github', 'gitlab'];

/** Holds fetching to `scaffolder.requireScmUserCredentials`, as the actions of Backstage are. */
export function assertScmUserCredentials(options: {
  integrations: ScmIntegrations;
  requireScmUserCredentials?: boolean;
  url: string;
  baseUrl?: string;
  token?: string;
}) {
  if (!options.requireScmUserCredentials || options.token) {
    return;
  }
  const source = [options.url, options.baseUrl].find(
    url => url !== undefined && URL.canParse(url),
  );
  const integration = source && options.integrations.byUrl(source);
  if (integration && TYPES_WITH_USER_TOKENS.includes(integration.type)) {
    throw new InputError(
      `\`token\` is missing for ${integration.title}, and scaffolder.requireScmUserCredentials asks for the user's own credentials`,
    );
  }
}
