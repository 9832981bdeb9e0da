import type { Diagnostic, Place, Severity } from './common';

/** A text, with `*` for any run of characters, or a regular expression as `/…/` or `/…/i`. */
export type Pattern = string;

/** One or several, of which one must match. */
export type Patterns = Pattern | Pattern[];

/** `true` for any value, `false` for none, or what it may be; of a list, every item. */
export type Expectation =
  | boolean
  | number
  | Pattern
  | Array<boolean | number | Pattern>;

/** The way to a field: `spec.lifecycle`, `metadata.annotations["a.b/c"]`, or a JSON pointer. */
export type FieldPath = string;

/** What an organisation asks of its entities. Its findings have the code `organisation/<name>`. */
export interface OrganisationRule {
  /** Lower-case letters, digits and `-`. */
  name: string;
  /** The entities it is for; all if absent. */
  for?: EntitySelector & { not?: EntitySelector };
  /** What must be there. */
  require?: Requirements;
  /** What fields may be, if they are there. */
  allow?: Record<FieldPath, Expectation>;
  /** How much a finding weighs, once it is due. Default `error`. */
  severity?: Severity;
  /** What is wrong, in your words. */
  message?: string;
  /** What to do, in your words. */
  help?: string;
  /** Where it is explained. */
  docs?: string;
  /** When it begins: a day, from its start in Greenwich, or a time with a zone. */
  since?: string;
  /** Until when it is a warning: a day, up to its end in Greenwich, or a time with a zone. */
  dueBy?: string;
}

/** Entities that match in all that is given. */
export interface EntitySelector {
  kind?: Patterns;
  /** `spec.type` */
  type?: Patterns;
  /** `spec.lifecycle` */
  lifecycle?: Patterns;
  /** Tags, of which the entity has one. */
  tags?: Patterns;
}

export interface Requirements {
  /** By key, in which `*` stands for any run of characters. */
  annotations?: Record<string, Expectation>;
  labels?: Record<string, Expectation>;
  /** Each must be there; of a list within, one. */
  tags?: Patterns[];
  links?: Array<{
    url?: Patterns;
    title?: Patterns;
    icon?: Patterns;
    type?: Patterns;
  }>;
  fields?: Record<FieldPath, Expectation>;
  /** The kinds of which the owner must be. It must exist, where all entities are known. */
  owner?: string | string[];
  /** The annotation of TechDocs, and where files are known, `mkdocs.yml` in the folder it names. */
  techdocs?: boolean;
  /** Whom to call: one of the usual annotations, or of your own, or a link of the type `on-call`. */
  onCall?: boolean | string | string[];
  /** How good the service must be: an annotation of yours, or a link of the type `slo`. */
  slo?: boolean | string | string[];
  /** What to do when it breaks: an annotation of yours, or a link of the type `runbook`. */
  runbook?: boolean | string | string[];
}

/** Levels, the first to reach first. */
export interface Scorecard {
  levels: Array<{ name: string; rules: string[] }>;
}

/** How an entity does by a rule; `unknown` depends on what is not known here. */
export type Outcome = 'passed' | 'failed' | 'unknown';

/** How far an entity is. A rule whose finding is ignored or in a baseline has not passed. */
export interface Score {
  /** The highest level that is reached with all before it. */
  level?: string;
  /** The level after that, if there is one. */
  next?: string;
  /** The rules that keep it from there. */
  missing: string[];
  /** The rules of the levels reached that could not be judged here. */
  unknown: string[];
}

/** A finding that is one only if something is not there: {@link settleFindings} decides it. */
export interface PendingFinding {
  rule: string;
  needs: { entity: string } | { files: string[] };
  /** Absent before the rule begins. */
  diagnostic?: Diagnostic;
}

/** A comment `# goldenpath-ignore CODE, RULE: reason`. */
export interface IgnoreComment {
  codes: string[];
  reason: string;
  at: Place;
  /** The line that it is for. */
  line: number;
  /** The document that it is for as a whole, from 0. */
  document?: number;
  /** The codes that have set nothing aside yet, and still may. */
  open?: string[];
}

/** A finding that a comment sets aside. */
export interface IgnoredFinding extends Diagnostic {
  reason: string;
}
