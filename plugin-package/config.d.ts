import type { SchedulerServiceTaskScheduleDefinitionConfig } from '@backstage/backend-plugin-api';

export interface Config {
  /** Golden paths: checked entities, permissions from files, rendered templates. */
  goldenpath?: {
    /** How entities are checked at ingestion. */
    catalog?: {
      /**
       * Whether catalogue files are read by our parser, which knows the line and column of each
       * problem. Backstage takes one entity data parser only: `false` leaves it to another.
       * Defaults to true.
       * @visibility backend
       */
      parser?: boolean;
      /**
       * What to make of `spec` fields that the kind does not have, which Backstage ignores.
       * Defaults to `warning`, which is logged and blocks nothing.
       * @visibility backend
       */
      unknownFields?: 'error' | 'warning' | 'info' | 'off';
      /**
       * What findings weigh, by their code, where it is not the usual: one weight, or one for each
       * of some kinds, `*` being any other. Only an `error` refuses an entity.
       * @visibility backend
       */
      rules?: {
        [code: string]:
          | 'error'
          | 'warning'
          | 'info'
          | 'off'
          | { [kind: string]: 'error' | 'warning' | 'info' | 'off' };
      };
      /**
       * The plugins that the portal has, such as `sentry` or `argocd`: an entity that lacks the
       * annotation that one of them needs is warned of.
       * @visibility backend
       */
      plugins?: string[];
      /**
       * Annotations that plugins of your own read, `*` standing for any run of characters.
       * @visibility backend
       */
      knownAnnotations?: string[];
      /**
       * Kinds of your own: paths or globs of files with JSON Schemas, relative to the working directory
       * of the backend, or definitions. No other processor has to know them.
       * @visibility backend
       */
      kinds?: Array<
        | string
        | {
            apiVersion: string | string[];
            kind: string;
            specType?: string;
            schema: object;
            relationFields?: Array<{ path: string; defaultKind?: string }>;
          }
      >;
      /**
       * A file with the kinds of a Backstage, in place of the built-in ones, as `goldenpath model pull`
       * writes it.
       * @visibility backend
       */
      model?: string;
      /**
       * Rules of your organisation, as under `catalog.organisation` of `goldenpath.yaml`. What only a
       * repository knows (whether a file exists) is never missed here.
       * @visibility backend
       */
      organisation?: Array<{
        /** The findings have the code `organisation/<name>`. */
        name: string;
        /** The entities that the rule is for: `kind`, `type`, `lifecycle`, `tags`, `not`. */
        for?: { [what: string]: unknown };
        /** What must be there. */
        require?: { [what: string]: unknown };
        /** What fields may be, if they are there, by their path. */
        allow?: { [path: string]: unknown };
        /** How much a finding weighs, once it is due. Defaults to `error`, which refuses. */
        severity?: 'error' | 'warning' | 'info';
        /** What is wrong, in your words. */
        message?: string;
        /** What to do, in your words. */
        help?: string;
        /** Where it is explained. */
        docs?: string;
        /** The day on which the rule begins. */
        since?: string;
        /** The last day on which it is only a warning. */
        dueBy?: string;
      }>;
      /**
       * How far entities are by these rules.
       * @visibility backend
       */
      scorecard?: {
        /** The first to reach first. */
        levels: Array<{ name: string; rules: string[] }>;
      };
      /**
       * Templates that must begin with `goldenpath:policy:check`. The catalogue refuses one of such
       * a type that does not, or that satisfies not every entry that is for its type.
       */
      governedTemplates?: Array<{
        /**
         * The `spec.type`s it is for, whatever their case; `*` is any.
         * @visibility backend
         */
        types: string[];
        /**
         * The permission that the policy must be asked for. Defaults to any.
         * @visibility backend
         */
        permission?: string;
        /**
         * The ids of the actions that may be used besides, `*` standing for any run of characters.
         * Defaults to any.
         * @visibility backend
         */
        actions?: string[];
        /**
         * Whether such a template may go on while consent is missing, to see to that itself.
         * Defaults to `fail`.
         * @visibility backend
         */
        onNeedsApproval?: 'fail' | 'output';
      }>;
    };
    /**
     * Audits the live catalogue, for `/api/goldenpath/findings`. Without this block it is not.
     */
    audit?: {
      /**
       * How often changes are looked for. Defaults to every 5 minutes.
       * @visibility backend
       */
      frequency?: SchedulerServiceTaskScheduleDefinitionConfig['frequency'];
      /**
       * How long one audit may take. Defaults to 15 minutes.
       * @visibility backend
       */
      timeout?: SchedulerServiceTaskScheduleDefinitionConfig['timeout'];
      /**
       * When the first one begins.
       * @visibility backend
       */
      initialDelay?: SchedulerServiceTaskScheduleDefinitionConfig['initialDelay'];
    };
    /** Permissions from policy files. Without this block the portal keeps the policy it has. */
    policy?: {
      /**
       * Paths and globs of the policy files, relative to the working directory of the backend.
       * Each must match a file. Changes take effect while the backend runs.
       * @visibility backend
       */
      files: string[];
      /** Permissions of other plugins that the policy may name. */
      permissions?: Array<{
        /**
         * The permission's name, such as `kubernetes.proxy`.
         * @visibility backend
         */
        name: string;
        /**
         * The permission's action, if it has one.
         * @visibility backend
         */
        action?: 'create' | 'read' | 'update' | 'delete';
        /**
         * The type of resource that it is asked for, if it is for one.
         * @visibility backend
         */
        resourceType?: string;
        /**
         * The plugin that owns the type of resource; needed for conditions on it.
         * @visibility backend
         */
        pluginId?: string;
      }>;
      /**
       * How many bytes the conditions of one decision should have at most; Backstage repeats them
       * per item. Longer ones are made shorter where that does not change their meaning.
       * Defaults to 2048.
       * @visibility backend
       */
      conditionBytes?: number;
      /**
       * Whether permissions to read are audited too when they are not denied. There are many of
       * them. Defaults to false.
       * @visibility backend
       */
      auditReads?: boolean;
      /**
       * When users and groups are read from the catalogue again, beside when an event says that
       * they have changed. Defaults to every 30 seconds.
       * @visibility backend
       */
      refresh?: SchedulerServiceTaskScheduleDefinitionConfig;
    };
  };
}
