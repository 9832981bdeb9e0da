import type {
  Diagnostic,
  JsonObject,
  JsonValue,
  Limits,
  SourceFile,
} from './common';
import type { Directory, PermissionInfo, Reason } from './decisions';

/** The files of Red Hat's RBAC plugin, `@backstage-community/plugin-rbac-backend`. */
export interface RhdhFiles {
  /** `permission.rbac.policies-csv-file` */
  csv: SourceFile;
  /** `permission.rbac.conditionalPoliciesFile` */
  conditions?: SourceFile;
}

export interface RhdhOptions {
  /** Permissions beyond those of the catalog, the scaffolder and goldenpath itself, which are known. */
  permissions?: PermissionInfo[];
  /** `permission.rbac.policyDecisionPrecedence`. Default `conditional`. */
  precedence?: 'conditional' | 'basic';
  limits?: Partial<Limits>;
}

export interface ImportedPolicy {
  /** The access policy, its rules with the lines they came from; nothing if there is an error. */
  files: Array<{ name: string; content: string }>;
  /** Problems at their places in the plugin's files. A line that the plugin would skip is an error. */
  diagnostics: Diagnostic[];
}

/** A rule of Red Hat's plugin by which it decides otherwise. */
export type MigrationCause =
  | 'name-beats-type'
  | 'conditions-first'
  | 'lines-first'
  | 'direct-lines-ignored'
  | 'direct-lines-by-type'
  | 'groups-in-cycle'
  | 'conditions-collide'
  | 'case-matters';

export interface MigrationReport {
  /** One for each class of users and permission whose decision changes. */
  changes: Array<{
    permission: string;
    /** The users, sorted. */
    users: string[];
    /** The roles that the plugin sees in them. */
    roles: string[];
    before: 'ALLOW' | 'DENY' | 'CONDITIONAL';
    after: 'ALLOW' | 'DENY' | 'CONDITIONAL';
    causes: MigrationCause[];
    /** The lines that are weighed otherwise. */
    lines: Reason[];
  }>;
  /** Problems of the files; nothing is compared if one is an error. */
  diagnostics: Diagnostic[];
  /** The same for people. */
  text: string;
}

/** The state of a Backstage that a policy is exported with. */
export interface CedarSnapshot {
  directory?: Directory;
  /** Its entities, with their relations. */
  entities?: JsonObject[];
  /** Other resources, as Backstage hands them to permission rules. */
  resources?: Array<{ id: string; resource: JsonValue }>;
  /** The time, in RFC 3339. */
  now?: string;
  /** Minutes that the clocks of time zones are ahead of UTC then. */
  zoneOffsets?: Record<string, number>;
  /** What the host says of requests. */
  context?: JsonObject;
}

export interface CedarExport {
  /** The policies, as Cedar's text. */
  policies: string;
  /** Users, groups, roles and resources, as Cedar's JSON. */
  entities: JsonObject[];
  /** The schema of both, as Cedar's text. */
  schema: string;
}
