import type { Diagnostic, JsonValue } from './common';

/** What resources cost for a time, or all that is in the way of saying so. */
export interface CostReport {
  diagnostics: Diagnostic[];
  /** Absent if there is an error. */
  estimate?: Estimate;
}

/** Amount × hours × price of an hour, as OpenCost counts. */
export interface Estimate {
  /** ISO 4217. */
  currency: string;
  /** Whose prices. */
  prices: string;
  hours: number;
  total: number;
  perHour: number;
  lines: CostLine[];
}

export interface CostLine {
  /** The resource's name, if it has one. */
  resource?: string;
  item: 'cpu' | 'memory' | 'storage' | 'gpu' | 'loadBalancers';
  /** Of all replicas. */
  amount: number;
  unit: 'core' | 'GiB' | 'card' | 'load balancer';
  /** The price of one for an hour. */
  rate: number;
  cost: number;
}

/** A change of one file that several people and programs write. */
export interface Edit {
  /** The file's path; one that does not exist is made. */
  file: string;
  /** How the file is written. Default: what its name says. */
  language?: 'yaml' | 'json' | 'hcl' | 'codeowners';
  /** `remove` takes away what is there; with a value, that item of the list there. */
  op: 'setIfAbsent' | 'set' | 'remove' | 'appendUnique';
  /**
   * Where: a JSON pointer, in which `name=orders` is the item of a list with that member. In CODEOWNERS a
   * pattern, in Terraform a block's type and labels before the attribute.
   */
  path: string;
  /** What to put there, or which item to remove. */
  value?: JsonValue;
  /** The member by which an item is known; the whole item, if absent. */
  key?: string;
}

/** What edits made of files. */
export interface Edited {
  /** Their new texts, of those that changed, by path. */
  files: Record<string, string>;
  /** The files that already were as they should be. */
  unchanged: string[];
  /** All changes as a unified diff. */
  diff: string;
  /** What could not be done; then no file counts as changed. */
  diagnostics: Diagnostic[];
}

/** The plan of a staging environment, or all that is in its way. */
export interface EnvironmentReport {
  diagnostics: Diagnostic[];
  /** Absent, as all below, if there is an error. */
  environment?: PlannedEnvironment;
  /** What it costs for its lifetime. */
  estimate?: Estimate;
  /** The files of the pull request, by path; deleting them is the teardown. */
  files?: Record<string, string>;
}

export interface PlannedEnvironment {
  /** Its name, and that of its namespace: the same for the same owner and branch. */
  id: string;
  owner: string;
  requester: string;
  branch: string;
  /** In UTC, as the others. */
  createdAt: string;
  expiresAt: string;
  /** The latest time that it may be extended to. */
  maxExpiresAt: string;
  size: 'S' | 'M' | 'L';
  services: PlannedService[];
  /** What is used where it is, not started again. */
  shared: string[];
}

export interface PlannedService {
  ref: string;
  name: string;
  host: string;
  /** By its digest. */
  image: string;
  /** Of the branch, or of the main branch since there is no other. */
  source: 'branch' | 'fallback';
  port: number;
}

/** What a person may use from now on and not any more, or all that is in the way of saying so. */
export interface PersonReport {
  diagnostics: Diagnostic[];
  /** Absent, as all below, if there is an error. */
  change?: 'joins' | 'moves' | 'leaves' | 'none';
  grants?: Grant[];
  revokes?: Grant[];
  /** The files of the pull request, by path; null of those to delete. */
  files?: Record<string, string | null>;
  /** What no file does: calls that may be repeated. */
  intents?: Intent[];
}

export interface Grant {
  system:
    | 'github-team'
    | 'entra-group'
    | 'slack-channel'
    | 'slack-user-group'
    | 'on-call'
    | 'sandbox';
  /** A team, a group, a channel, a schedule, a namespace. */
  target: string;
  /** Who, as that system knows them. */
  account: string;
}

export interface Intent extends Grant {
  /** The same for the same call. */
  key: string;
  action: 'add' | 'remove';
}
