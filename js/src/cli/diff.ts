import { hasErrors } from '../diagnostics';
import { diffCatalogs } from '../graph';
import { type Command, oneOf, read } from './command';
import { diffMarkdown, diffText } from './diffReport';
import { readSource } from './files';
import { catalogFilesOf, commitOf, forkOf } from './revision';
import { refused } from './settings';
import { Unusable, exit, print, printDiagnostics, printJson } from './terminal';

export const diff: Command = {
  usage: 'diff BASE [HEAD]',
  summary: 'Say what a change does to the catalogue: its blast radius',
  help: `BASE and HEAD are revisions of the git repository of the current folder, HEAD being the default for the
second. As in a pull request, it is compared with the commit where HEAD left BASE.

Says which entities are added, removed, given to another owner or changed, and which relations start or stop
to lead nowhere.

Options:
  --snapshot FILE                  What the catalogue has besides, by \`goldenpath snapshot\`: then also
                                   relations from and to what is elsewhere
  --format pretty|json|markdown    Default: pretty; markdown is for a comment

Examples:
  goldenpath diff origin/main
  goldenpath diff origin/main HEAD --snapshot catalog.snapshot.json --format markdown > comment.md

Ends with 0 if it could be said, 1 if a relation starts to lead nowhere or a file of HEAD cannot be read, 2
if a revision or the snapshot cannot be read.`,

  async run(args) {
    const { values, positionals } = read(args, {
      snapshot: { type: 'string' },
      format: { type: 'string', default: 'pretty' },
    });
    const formats = ['pretty', 'json', 'markdown'] as const;
    const format = oneOf('format', formats, values.format);
    const [baseName, headName = 'HEAD', ...more] = positionals;
    if (baseName === undefined || more.length > 0) {
      throw new Unusable(
        'name one or two revisions: the old one and the new one',
      );
    }
    const snapshot =
      values.snapshot === undefined
        ? undefined
        : await readSource(values.snapshot);
    const head = await commitOf(headName);
    const base = await forkOf(await commitOf(baseName), head);
    const after = await catalogFilesOf(head);
    const before = (await catalogFilesOf(base)).map(file => ({
      ...file,
      // as git says it
      name: `${base.slice(0, 12)}:${file.name}`,
    }));

    const found = diffCatalogs(before, after, snapshot);
    if ('refused' in found) {
      const refusal = { json: format === 'json' };
      return refused(found.refused, snapshot!, refusal);
    }
    if (format === 'json') {
      printJson({ base, head, ...found });
    } else if (format === 'markdown') {
      print(diffMarkdown(found));
    } else {
      printDiagnostics(found.diagnostics, [...before, ...after]);
      print(diffText(found));
    }
    return found.dangling.length > 0 || hasErrors(found.diagnostics)
      ? exit.findings
      : exit.ok;
  },
};
