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
