import { github } from './github';
import { gitlab } from './gitlab';
import { junit } from './junit';
import { markdown } from './markdown';
import type { Report } from './report';
import { sarif } from './sarif';

export type { FileFindings, Report } from './report';

/** The formats for other programs, by name. */
export const reporters = {
  sarif,
  github,
  gitlab,
  junit,
  markdown,
} satisfies Record<string, (report: Report) => string>;
