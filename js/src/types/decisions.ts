import type { JsonObject, JsonValue, Limits, Place } from './common';

export type PermissionAction = 'create' | 'read' | 'update' | 'delete';

/** A permission as plugins declare it. */
export interface PermissionInfo {
  name: string;
  action?: PermissionAction;
  /** Set for permissions on a resource, such as `catalog-entity`. */
  resourceType?: string;
  /** The plugin that applies conditions to the resource; known for the catalog, the scaffolder and goldenpath. */
  pluginId?: string;
}

export interface PolicyOptions {
  /** Permissions beyond those of the catalog, the scaffolder and goldenpath itself, which are known. */
  permissions?: PermissionInfo[];
  /**
   * How many bytes the conditions of one decision should have at most; Backstage repeats them per item.
   * Longer ones are made shorter where that does not change their meaning. Default 2048.
   */
  budgetBytes?: number;
  limits?: Partial<Limits>;
}

/** The users and groups of the catalogue: whom bindings reach, and what ownership means. */
export interface Directory {
  /** When it was read, as explanations shall show it. */
  asOf?: string;
  groups: Array<{ ref: string; parent?: string }>;
  users: Array<{ ref: string; memberOf: string[] }>;
}

export interface DecisionRequest {
  /** As its plugin declares it; what is left out of one that the policy knows is as it knows it. */
  permission: PermissionInfo;
  /** Who asks; nobody if absent. */
  subject?: {
    userEntityRef: string;
    /** Claims of the Backstage token, added to what the directory knows. */
    ownershipEntityRefs?: string[];
  };
  /**
   * What it is asked for, if known: an entity (`catalog-entity`), `{action, input}`
   * (`scaffolder-action`), a step or parameter page (`scaffolder-template`), a task (`scaffolder-task`).
   */
  resource?: JsonValue;
  /** The time, in RFC 3339: the core has no clock. Without it, what depends on the time is unknown. */
  now?: string;
  /**
   * How many minutes the clocks of the policy's time zones are ahead of UTC at `now`. `Policy` fills it in
   * from `Intl`, unless it is given.
   */
  zoneOffsets?: Record<string, number>;
  /**
   * What the host says of the request, for conditions on the context: `input`, for example.
   * `breakGlass` declares an emergency; `since` is a time in RFC 3339.
   */
  context?: JsonObject;
}

/** One rule that took part in a decision. */
export interface Reason {
  /** The rule's id. */
  rule: string;
  effect: 'allow' | 'deny';
  /** One sentence: whom it reached through which role, and under which condition. */
  message: string;
  at: Place;
}

/** Backstage's criteria tree; arrays are never empty. */
export type PermissionCriteria =
  | { anyOf: PermissionCriteria[] }
  | { allOf: PermissionCriteria[] }
  | { not: PermissionCriteria }
  | { rule: string; resourceType: string; params?: JsonObject };

/** `more`: of many reasons only the first are given; `Policy#explain` has all. */
export type Decision =
  | { result: 'ALLOW' | 'DENY'; reasons: Reason[]; more?: true }
  | {
      result: 'CONDITIONAL';
      pluginId: string;
      resourceType: string;
      conditions: PermissionCriteria;
      reasons: Reason[];
      more?: true;
    };
