import type {
  Diagnostic,
  JsonObject,
  Limits,
  Place,
  SourceFile,
} from './common';

/** A synchronous function of the host, called by a template as a filter or a global. */
export type HostFunction = (...args: any[]) => unknown;

/** Gives the content of a path, relative to the skeleton, or undefined if there is no such file. */
export type TemplateLoader = (path: string) => string | Uint8Array | undefined;

/**
 * Delimiters other than the usual ones, as the `tags` of Nunjucks; those left out stay as they are. Of two
 * that begin alike the longer one is looked for first, so `<%`, `<%=` and `<%#` go together.
 */
export interface TemplateTags {
  /** Default `{%`. */
  blockStart?: string;
  /** Default `%}`. */
  blockEnd?: string;
  /** Default `${{`, with `cookiecutterCompat` `{{`. */
  variableStart?: string;
  /** Default `}}`. */
  variableEnd?: string;
  /** Default `{#`. */
  commentStart?: string;
  /** Default `#}`. */
  commentEnd?: string;
}

export interface RenderOptions {
  /** `{{ }}` instead of `${{ }}`, and the Jinja compatibility of Nunjucks. */
  cookiecutterCompat?: boolean;
  tags?: TemplateTags;
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
