import type {
  Diagnostic,
  JsonObject,
  JsonValue,
  Limits,
  Position,
  Severity,
  SourceFile,
} from './common';
import type {
  IgnoreComment,
  IgnoredFinding,
  OrganisationRule,
  Outcome,
  PendingFinding,
  Score,
  Scorecard,
} from './organisation';

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
  /** What your organisation asks for. Default: nothing. */
  organisation?: OrganisationRule[];
  /** How far entities are by these rules. Default: nobody is told. */
  scorecard?: Scorecard;
  /** When the check is, for the dates of these rules. Default: now. */
  now?: string;
  /**
   * The plugins that the portal has, by the ids of the table of annotations such as `sentry` or `argocd`:
   * what they need is missed where it belongs. Default: none.
   */
  plugins?: string[];
  /** Annotations that plugins of your own read, `*` standing for any run of characters. Default: none. */
  knownAnnotations?: string[];
  /** Kinds that are added to those that Backstage has: what {@link readKinds} reads. Default: none. */
  kinds?: KindDefinition[];
  /**
   * The kinds of a Backstage, in place of those that it has built in: what {@link readKinds} reads of the
   * file that `goldenpath model pull` writes. `Template` stays, as the scaffolder brings it. Default: none.
   */
  model?: KindDefinition[];
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

/** The working tree that a catalogue file is part of. */
export interface Repository {
  /** The file's path from the root of the repository, with `/`. */
  path: string;
  /** The address of the repository, such as `https://github.com/acme/shop`, if it is known. */
  url?: string;
  /** Reads the file at a path from the root of the repository; the name is for diagnostics. */
  read(path: string): SourceFile | ReadFailure;
}

/** Why a file has no content. */
export interface ReadFailure {
  /** `missing`, `folder`, `outside` (a symbolic link out of the repository), or the system's reason. */
  failure: string;
  /** What is in the folder of a file that is missing, for "did you mean". */
  beside?: string[];
}

/** A catalogue file with the fixes of its problems applied. */
export interface CatalogFixes {
  /** The file as it should be; absent if it should stay as it is. */
  content?: string;
  /** The problems that it no longer has. */
  fixed: Diagnostic[];
}

export interface CatalogReport {
  /** Problems of the file itself: not UTF-8, unreadable YAML, a limit. */
  diagnostics: Diagnostic[];
  /** Those of the file itself that a comment sets aside. */
  ignored?: IgnoredFinding[];
  /** Its comments that set findings aside. */
  ignores?: IgnoreComment[];
  /** Its documents in order; null documents are left out, as Backstage does. */
  documents: CatalogDocument[];
}

export interface CatalogDocument {
  /** The document as Backstage would read it. */
  entity: JsonValue;
  /** `kind:namespace/name` in lower case, if kind and name are there. */
  entityRef?: string;
  /**
   * Whether it is an object with apiVersion, kind and metadata.name, and room for annotations: else
   * Backstage refuses the whole file.
   */
  hasEnvelope: boolean;
  start: Position;
  /** All its problems, in order of position. */
  diagnostics: Diagnostic[];
  /** Those that a comment sets aside. */
  ignored?: IgnoredFinding[];
  /** What depends on more than the file. */
  pending?: PendingFinding[];
  /** How it does by the organisation's rules that are for it, by name. */
  outcomes?: Record<string, Outcome>;
  /** How far it is, if a level asks anything of it. */
  score?: Score;
}

/** The report of a file among others. */
export interface FileReport extends CatalogReport {
  file: string;
}

/** What is known beside the files. */
export interface CatalogFacts {
  /** The references of all entities of the catalogue but those in the files. Without them, nobody is missed. */
  known?: string[];
  /** Of the files that pending findings need, those that exist. Without them, none is missed. */
  present?: string[];
  /** A file of known findings, which are hidden. */
  baseline?: SourceFile;
  /** Whether a new baseline is wanted, which knows all findings of now. */
  updateBaseline?: boolean;
}

/** The last word on files. */
export interface SettledFindings {
  files: FileReport[];
  /** What is wrong with the baseline; an error means that it hides nothing. */
  diagnostics: Diagnostic[];
  /** How many findings the baseline hides. */
  hidden: number;
  /** The new baseline. */
  baseline?: string;
}

/** What `goldenpath.yaml` says. */
export interface Settings {
  /** How catalogue files are checked. */
  catalog?: CatalogSettings;
}

/** Options of a check as they are written down: kinds may be in files. */
export interface CatalogSettings
  extends Omit<CatalogOptions, 'limits' | 'now' | 'kinds' | 'model'> {
  /** Paths or globs of files with JSON Schemas, and definitions. */
  kinds?: Array<string | KindDefinition>;
  /** The path of a file that `goldenpath model pull` has written. */
  model?: string;
}

/** A kind that is not built in, or one of its spec types that has its own shape. */
export interface KindDefinition {
  /** The version, or versions, that have this shape. */
  apiVersion: string | string[];
  /** As written in descriptors. */
  kind: string;
  /** The `spec.type` it is for; any other if absent. */
  specType?: string;
  /** The JSON Schema of the entity, of draft 7 if it does not say which. */
  schema: JsonObject;
  /** The fields that refer to entities. */
  relationFields?: Array<{
    /** With dots: `spec.owner`. */
    path: string;
    /** The kind that is meant if none is written. */
    defaultKind?: string;
  }>;
}

export interface KindsReading {
  diagnostics: Diagnostic[];
  /** Absent if there is an error. */
  kinds?: KindDefinition[];
}

export interface SettingsReading {
  diagnostics: Diagnostic[];
  /** Absent if there is an error. */
  settings?: Settings;
}
