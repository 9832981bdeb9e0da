/** How much a diagnostic weighs: an `error` refuses the input. */
export type Severity = 'error' | 'warning' | 'info';

/** A point in a text. */
export interface Position {
  /** Line, from 1. */
  line: number;
  /** Column in UTF-16 code units, from 1. */
  column: number;
  /** Offset in bytes of the UTF-8 text, from 0. */
  offset: number;
}

/** A range in a named file. */
export interface Place {
  file: string;
  start: Position;
  end: Position;
}

/** One problem: what, why, what to do, and where. */
export interface Diagnostic extends Place {
  /** Stable name, `area/kebab-name`. */
  code: string;
  severity: Severity;
  /** What is wrong. */
  message: string;
  /** Why it matters, or which rule says so. */
  why?: string;
  /** What to write or do instead. */
  help?: string;
  /** The value's place as a JSON pointer within its document. */
  pointer?: string;
  /** Other places that explain it. */
  related?: Array<Place & { message: string }>;
  /** A change that is certain to be right. */
  fix?: Place & { title: string; newText: string };
}

/** A file's name, as diagnostics shall show it, and its content. */
export interface SourceFile {
  name: string;
  /** Bytes are decoded, and refused unless UTF-8, by the core. */
  content: string | Uint8Array;
}

/** Upper bounds on hostile or broken input; each has a default. */
export interface Limits {
  /** Bytes of one source text. */
  sourceBytes: number;
  /** Levels of nesting. */
  depth: number;
  /** Nodes of one file or template. */
  nodes: number;
  /** Copies that the aliases of a YAML document may make of one anchor. */
  aliases: number;
  /** Steps of one template rendering. */
  fuel: number;
  /** Calls that one template rendering may make of your filters and functions. */
  callbacks: number;
  /** Bytes of one rendered text. */
  outputBytes: number;
}

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | JsonValue[]
  | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

/** How much a finding weighs; only an error refuses. */
export type Weight = Severity | 'off';

export interface CatalogOptions {
  /** What to say of `spec` fields that the kind does not have; Backstage ignores them. Default `warning`. */
  unknownFields?: Weight;
  /** What templates must be like; one must satisfy every entry that is for its type. Default: nothing special. */
  governedTemplates?: GovernedTemplates[];
  /**
   * What findings weigh, by their code, where it is not the usual: one weight, or one for each of some
   * kinds, `*` being any other.
   */
  rules?: Record<string, Weight | Record<string, Weight>>;
  limits?: Partial<Limits>;
}

/**
 * Templates that must begin with `goldenpath:policy:check`, which may not be left out, nor go on after
 * a no.
 */
export interface GovernedTemplates {
  /** The `spec.type`s it is for, whatever their case; `*` is any. */
  types: string[];
  /** The permission that the policy must be asked for; any if absent. */
  permission?: string;
  /** The actions that may be used besides, `*` standing for any run of characters; any if absent. */
  actions?: string[];
  /** Whether a template may go on while consent is missing, to see to that itself. Default `fail`. */
  onNeedsApproval?: 'fail' | 'output';
}

export interface CatalogReport {
  /** Problems of the file itself: not UTF-8, unreadable YAML, a limit. */
  diagnostics: Diagnostic[];
  /** Its documents in order; null documents are left out, as Backstage does. */
  documents: CatalogDocument[];
}

export interface CatalogDocument {
  /** The document as Backstage would read it. */
  entity: JsonValue;
  /** `kind:namespace/name` in lower case, if kind and name are there. */
  entityRef?: string;
  /** Whether it is an object with apiVersion, kind and metadata.name: else Backstage refuses the whole file. */
  hasEnvelope: boolean;
  start: Position;
  /** All its problems, in order of position. */
  diagnostics: Diagnostic[];
}

/** What `goldenpath.yaml` says. */
export interface Settings {
  /** How catalogue files are checked. */
  catalog?: Omit<CatalogOptions, 'limits'>;
}

export interface SettingsReading {
  diagnostics: Diagnostic[];
  /** Absent if there is an error. */
  settings?: Settings;
}

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

/** A synchronous function of the host, called by a template as a filter or a global. */
export type HostFunction = (...args: any[]) => unknown;

/** Gives the content of a path, relative to the skeleton, or undefined if there is no such file. */
export type TemplateLoader = (path: string) => string | Uint8Array | undefined;

export interface RenderOptions {
  /** `{{ }}` instead of `${{ }}`, and the Jinja compatibility of Nunjucks. */
  cookiecutterCompat?: boolean;
  trimBlocks?: boolean;
  lstripBlocks?: boolean;
  /** Makes the use of an undefined name an error. Default false, as Nunjucks. */
  strict?: boolean;
  /**
   * `auto`: the language of a file is known by its name, and a value cannot change the structure of what it
   * is written into: it is escaped there, or refused. Default `off`, as Nunjucks.
   */
  escape?: 'auto' | 'off';
  /**
   * Paths of secret values in the context (`secrets`, `environment.secrets`), names joined by dots. Texts
   * there and texts made of them are masked in diagnostics and told as `secrets` of the result.
   */
  secrets?: string[];
  /** Whether it is noted which branches are taken, for {@link Renderer.branches}. */
  coverage?: boolean;
  filters?: Record<string, HostFunction>;
  globals?: Record<string, unknown>;
  /**
   * The files that `include`, `import` and `extends` may ask for: their contents by path, or a function
   * that gives the content of a path, or undefined. Paths are relative, with `/` and without `..`; `./`
   * and `../` count from the name of the file that asks. Each file is asked for and parsed once.
   */
  templates?: Record<string, string | Uint8Array> | TemplateLoader;
  limits?: Partial<Limits>;
}

/** A condition of a template, or the list of a loop, and how it came out in all renderings so far. */
export interface TemplateBranch extends Place {
  /** Of a loop: whether its body ran. */
  wasTrue: boolean;
  /** Of a loop: whether there was nothing to loop over. */
  wasFalse: boolean;
}

export interface RenderResult {
  /** The rendered text; absent if there is an error. */
  output?: string;
  diagnostics: Diagnostic[];
  /**
   * The secret texts that the rendering used, and what it made of them, the longest first: mask them
   * where the output is logged. Absent if there are none. Numbers and truth values computed from a
   * secret are not among them, nor what a secret only decides.
   */
  secrets?: string[];
}

/** What becomes of a text that is a single expression. */
export interface RenderValueOptions {
  /** Names the value in diagnostics. Default `value`. */
  name?: string;
  /**
   * `backstage`, the default, is the scaffolder's up to 3.x: a text that is a single tag is read as
   * JSON after `dump`, and what is empty is undefined. `native` gives the value of a single expression
   * and leaves all other texts text.
   */
  typing?: 'backstage' | 'native';
}

export interface RenderedValue {
  /** A JSON value; absent if it is undefined or there is an error. */
  value?: unknown;
  /** Each names its text by a JSON pointer behind the value's name. */
  diagnostics: Diagnostic[];
  /** The texts that the diagnostics are about. */
  sources: SourceFile[];
  /** As of {@link RenderResult}. */
  secrets?: string[];
}

export interface RenderedPath {
  /** The rendered path, relative, with `/`; absent if the entry is left out or there is an error. */
  path?: string;
  diagnostics: Diagnostic[];
  /** As of {@link RenderResult}. */
  secrets?: string[];
}

// Policy analysis

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

// Policy engine

/** A decision request whose answer may be: if others consent. */
export interface CheckRequest extends DecisionRequest {
  /** What exactly is consented to: a vote for another digest is void. */
  digest?: string;
  /** Who began it, as a user ref; the subject, if absent. */
  requester?: string;
  /** What people said so far; of each the last word counts. */
  votes?: Vote[];
}

/** What somebody said of a request. */
export interface Vote {
  /** Their user ref. */
  by: string;
  /** When, in RFC 3339. */
  at: string;
  /** Of what. */
  digest?: string;
  /** Whether they consent. */
  approve: boolean;
}

/** The answer to a check. */
export interface CheckResult {
  outcome: 'allow' | 'deny' | 'needs-approval';
  /** What the rules say. A conditional decision is denied: a check needs the resource. */
  decision: Decision;
  /** The approval that is in the way, or the first of those that were given. */
  approval?: ApprovalState;
  /** All approvals that apply; each is needed. */
  approvals: ApprovalState[];
  /** What the host has to do if it goes on. */
  obligations: Obligation[];
}

/** How far an approval is. */
export interface ApprovalState {
  id: string;
  at: Place;
  /**
   * `rejected`: somebody who may consent refused. `void`: there were enough votes, but for another digest.
   * `expired`: there were enough votes, but too long ago, or it is not known when.
   */
  state: 'pending' | 'approved' | 'rejected' | 'expired' | 'void';
  digest?: string;
  /** When the first of the votes that count ceases to. */
  expiresAt?: string;
  stages: Array<{
    /** So many have to consent. */
    count: number;
    /** Of these: groups, users, `owners-of-resource`. */
    from: string[];
    /** Who did; each counts in one stage only. */
    given: string[];
    missing: number;
    /** Who else can, sorted; the first hundred. */
    candidates: string[];
    /** How many more there are. */
    more?: number;
  }>;
}

/** Tell `to` that somebody uses a role which they have only in an emergency. */
export interface Obligation {
  kind: 'notify';
  to: string[];
  user: string;
  role: string;
  reason: string;
  since: string;
  until: string;
  at: Place;
}

export interface PolicyTestOptions {
  /** Entities that tests name by their refs, with their relations. */
  entities?: JsonObject[];
}

/** How one of the tests beside the rules went. */
export interface PolicyTestResult {
  name: string;
  at: Place;
  passed: boolean;
  /** The answer and its reasons. */
  message: string;
  /** The same as a diagnostic `policy/test-failed`, unless it passed. */
  diagnostic?: Diagnostic;
}

// AuthZEN

/** A request of OpenID's AuthZEN Authorization API 1.0. */
export interface AuthzenRequest {
  /** The path below `/access/v1/`. */
  api:
    | 'evaluation'
    | 'evaluations'
    | 'search/subject'
    | 'search/resource'
    | 'search/action';
  /** What was sent. */
  body: JsonValue;
}

/** What such a request asks. */
export interface AuthzenQuestions {
  /** In the order of the request. Of a search for actions: one for each that fits the resource. */
  questions: AuthzenQuestion[];
  /** Whether the answer is a list, even of one. */
  isList: boolean;
  /** When to stop. */
  semantic: 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit';
  /** Which part of the results of a search. */
  page?: { token?: string; limit?: number };
  /**
   * Among which entities to search for resources, as a filter of the catalogue: all of them without
   * one. Absent if they are no entities.
   */
  among?: { filter?: Record<string, string> };
}

/**
 * A decision request, but for the time if it is the present, and `entity`, the ref of the entity to ask
 * it for; or why the answer is no.
 */
export type AuthzenQuestion =
  | { request: DecisionRequest; entity?: string }
  | { refused: { status: number; message: string } };

// Exchange with other engines

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

/** A file of a template's folder. */
export interface TemplateFile {
  /** With `/`, beginning as the template's own path does. */
  name: string;
  /** Absent if the file is not text. */
  content?: string;
}

/** The actions of an instance, as its scaffolder describes them at `/api/scaffolder/v2/actions`. */
export interface TemplateLock {
  actions: Array<{
    id: string;
    /** JSON schemas. */
    schema?: { input?: JsonObject; output?: JsonObject };
  }>;
  /** Filters and globals beside Nunjucks' own; absent if the instance does not say. */
  filters?: string[];
  globals?: string[];
}

export interface TemplateLintOptions {
  /** Without it only goldenpath's own actions are known, and no action is unknown. */
  lock?: TemplateLock;
  limits?: Partial<Limits>;
}

export interface TemplateLintReport {
  diagnostics: Diagnostic[];
  /** Names of files that diagnostics are about, as texts, for {@link formatDiagnostics}. */
  sources: SourceFile[];
}

// Merging

/** The contents of one file; undefined where it does not exist. */
export interface FileVersions {
  /** What the old template made of it. */
  base?: string | Uint8Array;
  /** What is in the repository. */
  ours?: string | Uint8Array;
  /** What the new template makes of it. */
  theirs?: string | Uint8Array;
}

export interface MergeOptions {
  /** The file's path, whose extension says how it is read. */
  path: string;
  /** Writes conflicts into the text; without, the text has ours there. */
  markers?: boolean;
}

export interface FileMerge {
  /** What happened: `merged` is changed by both, `updated` by the template only. */
  action: 'unchanged' | 'added' | 'updated' | 'merged' | 'deleted' | 'conflict';
  /** The content to have in the end. */
  take: 'ours' | 'theirs' | 'text' | 'nothing';
  /** The content, if it is neither ours nor theirs. */
  text?: string;
  /** What could not be decided; some exactly if `action` is `conflict`. */
  conflicts?: MergeConflict[];
}

export interface MergeConflict {
  message: string;
  /** The line of the text, from 1, unless the conflict is about the whole file. */
  line?: number;
}

// Verifying

/** What a rendered file is verified as, by its name; files with other names are not looked at. */
export type Verification =
  | 'yaml'
  | 'json'
  | 'hcl'
  | 'workflow'
  | 'entity'
  | 'kubernetes';
