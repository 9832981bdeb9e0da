import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';

/** Milliseconds to wait before each look for what an event announced. */
const DELAYS = [500, 1000, 2000, 4000];

/** Looks take at most a fifth of the time. */
const REST = 4;

/**
 * Reads users and groups: when told to, or soon after an event announced a change.
 *
 * @remarks
 *
 * The catalogue shows a change only some time after its event. So it is looked for again
 * until something new was there and nothing more came, or no time is left.
 */
export class DirectoryRefresh {
  readonly #read: () => Promise<boolean>;
  readonly #logger: LoggerService;
  #reading: Promise<unknown> = Promise.resolve();
  /** How long reading took last. */
  #took = 0;
  #timer?: NodeJS.Timeout;
  #due = Infinity;
  /** The looks since the last event. */
  #looks = { count: 0, foundNews: false };
  #isStopped = false;

  constructor(context: {
    /** Reads, and says whether anything is new. */
    read: () => Promise<boolean>;
    logger: LoggerService;
  }) {
    this.#read = context.read;
    this.#logger = context.logger;
  }

  /** Reads once, when what is being read is read. */
  now(): Promise<boolean> {
    const reading = this.#reading.then(async () => {
      const start = Date.now();
      const isNews = await this.#read();
      this.#took = Date.now() - start;
      return isNews;
    });
    this.#reading = reading.catch(() => {});
    return reading;
  }

  /** Reads soon, and until the change is there. */
  soon() {
    this.#looks = { count: 0, foundNews: false };
    this.#schedule();
  }

  /** No look follows. */
  stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule() {
    const wait = Math.max(DELAYS[this.#looks.count], REST * this.#took);
    const due = Date.now() + wait;
    // many events do not put off the look that is already due
    if (this.#isStopped || due >= this.#due) {
      return;
    }
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#look(), wait);
    this.#timer.unref();
  }

  async #look() {
    this.#due = Infinity;
    const looks = this.#looks;
    looks.count += 1;
    const isNews = await this.now().catch(error => {
      this.#logger.warn(
        'users and groups could not be read after they changed',
        toError(error),
      );
      return false;
    });
    const isSettled = looks.foundNews && !isNews;
    looks.foundNews ||= isNews;
    // another event has its own looks
    if (looks === this.#looks && !isSettled && looks.count < DELAYS.length) {
      this.#schedule();
    }
  }
}
