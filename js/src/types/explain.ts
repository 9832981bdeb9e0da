import type { JsonValue } from './common';

/** What a code of a diagnostic means. */
export interface CodeExplanation {
  /** `area/kebab-name`; `organisation/*` is any rule of an organisation. */
  code: string;
  what: string;
  why: string;
  /** An example. */
  wrong: string;
  /** The example put right. */
  right: string;
  /** What to do. */
  fix: string;
  /** The place in the documentation: a file of this package, and the heading in it. */
  documentation: string;
}

export type Explained =
  /** With all of it as text. */
  | { explanation: CodeExplanation; text: string; meant?: undefined }
  /** There is no such code. */
  | { explanation?: undefined; meant?: string };

export type EditorSchema =
  | { schema: JsonValue; meant?: undefined }
  /** There is no such kind. */
  | { schema?: undefined; meant?: string };
