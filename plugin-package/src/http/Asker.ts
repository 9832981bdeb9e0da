import type {
  AuthService,
  BackstageCredentials,
  HttpAuthService,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import type { Request } from 'express';
import type { DecisionRequest } from 'goldenpath';
import { goldenpathPolicyReadPermission } from '../environment';

export type Subject = NonNullable<DecisionRequest['subject']>;

/** Knows who asks, and about whom they may. */
export class Asker {
  readonly #services: {
    auth: AuthService;
    httpAuth: HttpAuthService;
    permissions: PermissionsService;
    userInfo: UserInfoService;
  };

  constructor(services: {
    auth: AuthService;
    httpAuth: HttpAuthService;
    permissions: PermissionsService;
    userInfo: UserInfoService;
  }) {
    this.#services = services;
  }

  /** Who asks. */
  credentialsOf(request: Request): Promise<BackstageCredentials> {
    return this.#services.httpAuth.credentials(request, {
      allow: ['user', 'service'],
    });
  }

  /** Whether they are the subject. */
  async isSelf(request: Request, subject: Subject): Promise<boolean> {
    const credentials = await this.credentialsOf(request);
    return (
      this.#services.auth.isPrincipal(credentials, 'user') &&
      credentials.principal.userEntityRef === subject.userEntityRef
    );
  }

  /** Rejects unless they may read the policy as a whole. */
  async mayReadPolicy(request: Request): Promise<void> {
    await this.#mayReadPolicy(await this.credentialsOf(request));
  }

  /**
   * Whom a request is about, if they may ask about all of them: the user who asks
   * in place of nobody, and with the claims of their token, not with others.
   */
  async subjectsOf(
    request: Request,
    named: Array<Subject | undefined>,
  ): Promise<Subject[]> {
    const credentials = await this.credentialsOf(request);
    const self = await this.#selfOf(credentials);
    const subjects = named.map(subject =>
      !subject || subject.userEntityRef === self?.userEntityRef
        ? self
        : subject,
    );
    if (subjects.some(subject => subject !== self)) {
      await this.#mayReadPolicy(credentials);
    }
    return subjects.map(subject => {
      if (!subject) {
        throw new InputError('a service has to name a `subject`');
      }
      return subject;
    });
  }

  async #selfOf(
    credentials: BackstageCredentials,
  ): Promise<Subject | undefined> {
    const { auth, userInfo } = this.#services;
    if (!auth.isPrincipal(credentials, 'user')) {
      return undefined;
    }
    const { userEntityRef, ownershipEntityRefs } = await userInfo.getUserInfo(
      credentials,
    );
    return { userEntityRef, ownershipEntityRefs };
  }

  /** Backstage lets services, unless their token is restricted. */
  async #mayReadPolicy(credentials: BackstageCredentials) {
    const [{ result }] = await this.#services.permissions.authorize(
      [{ permission: goldenpathPolicyReadPermission }],
      { credentials },
    );
    if (result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `to ask about others than yourself needs the permission \`${goldenpathPolicyReadPermission.name}\``,
      );
    }
  }
}
