import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { EventsService } from '@backstage/plugin-events-node';
import { GOLDENPATH_DIRECTORY_TOPIC } from '../directoryChanged';

/** Changes within so many milliseconds are one event, as a first ingestion has very many. */
const WINDOW = 250;

/** Tells other plugins of changed users and groups. That it cannot is logged once, and stops nothing. */
export class DirectoryChanges {
  readonly #events: Pick<EventsService, 'publish'>;
  readonly #logger: LoggerService;
  readonly #entityRefs = new Set<string>();
  #hasFailed = false;

  constructor(context: {
    events: Pick<EventsService, 'publish'>;
    logger: LoggerService;
  }) {
    this.#events = context.events;
    this.#logger = context.logger;
  }

  /** Notes a change, and does not wait until it is told. */
  note(entityRef: string) {
    if (this.#entityRefs.size === 0) {
      setTimeout(() => this.#publish(), WINDOW).unref();
    }
    this.#entityRefs.add(entityRef);
  }

  async #publish() {
    const entityRefs = [...this.#entityRefs];
    this.#entityRefs.clear();
    try {
      await this.#events.publish({
        topic: GOLDENPATH_DIRECTORY_TOPIC,
        eventPayload: { entityRefs },
      });
    } catch (error) {
      if (!this.#hasFailed) {
        this.#hasFailed = true;
        this.#logger.warn(
          'changed users and groups are not told to other plugins, which read them later; this is logged once',
          toError(error),
        );
      }
    }
  }
}
