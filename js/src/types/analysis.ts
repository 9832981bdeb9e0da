import type { Diagnostic, JsonObject, Place } from './common';
import type {
  Decision,
  DecisionRequest,
  Directory,
  PermissionAction,
  PermissionCriteria,
} from './decisions';

/** A rule that decides, apart from whom. */
export interface RuleAt {
  /** The rule's id. */
  rule: string;
  effect: 'allow' | 'deny';
  /** Its condition in words. */
  when?: string;
  at: Place;
}

/** A decision and what it rests on. */
export interface Explanation {
  decision: Decision;
  /** The rules that decided. */
  matched: Array<{
    rule: string;
    effect: 'allow' | 'deny';
    at: Place;
    /** How it reaches the user: the user, groups upwards, roles by inheritance. */
    path: string[];
    /** Its condition in parts, of which all have to hold. */
    conditions: Array<{ text: string; holds: boolean | 'unknown' }>;
  }>;
  /** On a refusal: what would have to be otherwise, at the least. */
  nearestMiss?: { rule: string; at: Place; missing: string[] };
  /** The users and groups it knew; `asOf` as the directory says it. */
  directory: { asOf?: string; users: number; groups: number };
  /** The same for people. */
  text: string;
}

/** All users that may use a permission, by the rules through which. */
export interface WhoCan {
  answers: Array<{
    result: 'ALLOW' | 'CONDITIONAL';
    /** The rules that decide; of many, the first. */
    rules: RuleAt[];
    /** Groups of which every member, and every member of the groups below, has this answer. */
    groups: string[];
    /** The users, sorted; those of `groups` too. */
    users: string[];
  }>;
  /** How many known users are denied. */
  denied: number;
  /** What a signed-in user gets whom neither the directory nor a binding knows. */
  others: 'ALLOW' | 'CONDITIONAL' | 'DENY';
  /** The same for people. */
  text: string;
}

/** The answer for each permission that a policy was compiled with. */
export interface WhatCan {
  permissions: Array<{
    name: string;
    result: 'ALLOW' | 'CONDITIONAL' | 'DENY';
    conditions?: PermissionCriteria;
    rules: RuleAt[];
  }>;
  /** The same for people. */
  text: string;
}

/**
 * What plugins answer at `/.well-known/backstage/permissions/metadata`, kept in a file so that a policy
 * can be checked without them.
 */
export interface PolicyLock {
  plugins: Array<{
    /** The plugin's id. */
    id: string;
    permissions?: Array<{
      name: string;
      attributes?: { action?: PermissionAction };
      resourceType?: string;
    }>;
    rules?: Array<{
      name: string;
      resourceType: string;
      paramsSchema?: JsonObject;
    }>;
  }>;
}

export interface PolicyLintOptions
  extends Pick<DecisionRequest, 'now' | 'zoneOffsets' | 'context'> {
  permissions?: PolicyLock;
  /** As the policy was compiled, if absent. */
  budgetBytes?: number;
}

/** The state of a Backstage that two policies are compared on, at one moment. */
export interface PolicySnapshot
  extends Pick<DecisionRequest, 'now' | 'zoneOffsets' | 'context'> {
  directory?: Directory;
  /** Its entities, with their relations. */
  entities?: JsonObject[];
}

/** One permission, the users for whom it changes, and why. */
export interface PolicyChange {
  permission: string;
  /** The users, sorted. */
  users: string[];
  /** Whether it changes for signed-in users too whom nobody knows. */
  others: boolean;
  /** One resource on which it does: an entity's ref, or what is so of it. */
  example?: { entity: string } | { where: string[] };
  /** The rules that make the difference, in the old policy or the new. */
  rules: Array<{
    rule: string;
    effect: 'allow' | 'deny';
    side: 'old' | 'new';
    at: Place;
  }>;
}

/** What one policy allows and another does not. */
export interface PolicyDiff {
  gained: PolicyChange[];
  lost: PolicyChange[];
  /** The rules and bindings that depend on what is not known of the moment: more may change. */
  undecided: Array<{ what: string; side: 'old' | 'new'; at: Place }>;
  /** The errors of a policy that does not compile; nothing is compared then. */
  diagnostics: Diagnostic[];
  /** The same for people. */
  text: string;
}
