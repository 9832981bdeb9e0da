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

/** What a rendered file is verified as, by its name; files with other names are not looked at. */
export type Verification =
  | 'yaml'
  | 'json'
  | 'hcl'
  | 'workflow'
  | 'entity'
  | 'kubernetes';
