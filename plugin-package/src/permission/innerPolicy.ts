import { createExtensionPoint } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import type { PermissionPolicy } from '@backstage/plugin-permission-node';

/**
 * Takes the policy that decides what the policy files do not cover.
 *
 * @public
 */
export interface GoldenpathInnerPolicyExtensionPoint {
  /** Sets the inner policy; there is one at most. */
  setInnerPolicy(policy: PermissionPolicy): void;
}

/**
 * Extends {@link permissionModuleGoldenpath} by an inner policy.
 *
 * @remarks
 *
 * It is asked for the permissions that no rule of the policy files names. An error
 * of it is a denial. Backstage itself takes one policy only, which is ours.
 *
 * @public
 */
export const goldenpathInnerPolicyExtensionPoint =
  createExtensionPoint<GoldenpathInnerPolicyExtensionPoint>({
    id: 'goldenpath.innerPolicy',
  });

/** Keeps the inner policy until ours is made. */
export class InnerPolicySlot implements GoldenpathInnerPolicyExtensionPoint {
  #policy?: PermissionPolicy;

  get policy(): PermissionPolicy | undefined {
    return this.#policy;
  }

  setInnerPolicy(policy: PermissionPolicy) {
    if (this.#policy) {
      throw new ConflictError(
        'goldenpath has an inner policy already, and takes one only; have that one ask yours',
      );
    }
    this.#policy = policy;
  }
}
