import type { Report } from './report';

export type { FileFindings, Report } from './report';

type Reporter = (report: Report) => string;

/** The formats for other programs, by name. Only the one that is asked for is loaded. */
export const reporters = {
  sarif: report => load<typeof import('./sarif')>('./sarif').sarif(report),
  github: report => load<typeof import('./github')>('./github').github(report),
  gitlab: report => load<typeof import('./gitlab')>('./gitlab').gitlab(report),
  junit: report => load<typeof import('./junit')>('./junit').junit(report),
  markdown: report =>
    load<typeof import('./markdown')>('./markdown').markdown(report),
} satisfies Record<string, Reporter>;

function load<T>(path: string): T {
  return require(path);
}
