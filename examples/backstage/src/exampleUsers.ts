import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';

const USER_HEADER = 'x-example-user';

/**
 * Signs in whichever user of the catalogue the request names, without a password: for trying things
 * out with curl. Works in development only, and only from this machine.
 */
const authenticator = createProxyAuthenticator({
  defaultProfileTransform: async (result: { user: string }) => ({
    profile: { displayName: result.user },
  }),
  initialize: () => {
    if (process.env.NODE_ENV !== 'development') {
      throw new NotAllowedError(
        'the sign-in provider `example` asks for no password and works only with NODE_ENV=development',
      );
    }
  },
  authenticate: async ({ req }) => {
    const { remoteAddress = '' } = req.socket;
    if (!['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(remoteAddress)) {
      throw new NotAllowedError(
        'the sign-in provider `example` answers this machine only',
      );
    }
    const user = req.header(USER_HEADER);
    if (!user) {
      throw new AuthenticationError(`the header ${USER_HEADER} is missing`);
    }
    return { result: { user } };
  },
});

export default createBackendModule({
  pluginId: 'auth',
  moduleId: 'example-users',
  register(reg) {
    reg.registerInit({
      deps: {
        providers: authProvidersExtensionPoint,
        logger: coreServices.logger,
      },
      async init({ providers, logger }) {
        providers.registerProvider({
          providerId: 'example',
          factory: createProxyAuthProviderFactory({
            authenticator,
            // Ownership comes from the catalogue, as with every real provider.
            signInResolver: ({ result }, context) =>
              context.signInWithCatalogUser({
                entityRef: { kind: 'User', name: result.user },
              }),
          }),
        });
        logger.warn(
          'Users sign in without a password: an example, not for production',
        );
      },
    });
  },
});
