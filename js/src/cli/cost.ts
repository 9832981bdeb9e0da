import { estimateCost } from '../cost';
import type { CostLine, Estimate, SourceFile } from '../types';
import { type Command, oneOf, read } from './command';
import { readSource } from './files';
import { Unusable, exit, print, printDiagnostics, printJson } from './terminal';

const amounts = ['cpu', 'memory', 'storage', 'gpu', 'replicas'] as const;

export const cost: Command = {
  usage: 'cost [FILE | --hours HOURS --cpu CORES ...]',
  summary: 'Price resources for a time, before anybody creates them',
  help: `FILE lists \`resources\`, each with cpu, memory, storage, gpu, loadBalancers, replicas, spot, and says
the \`hours\`. For one resource the options say the same.

Options:
  --hours HOURS      How long it runs: hours, or as 7d
  --cpu CORES        Cores: 4, or 500m
  --memory GIB       Memory in GiB: 8, or as 512Mi
  --storage GIB      Disk in GiB: 20, or as 20Gi
  --gpu N            Graphics cards
  --replicas N       How many run. Default: 1
  --prices FILE      A price sheet in OpenCost's format. Default: OpenCost's own prices, in USD
  --format FORMAT    text (the default): the total, and with FILE its lines; or json

Examples:
  goldenpath cost --cpu 4 --memory 8 --storage 20 --hours 168
  goldenpath cost resources.yaml --prices prices.json --format json

Ends with 0 if all has a price, 1 if something has none or is wrong, 2 if a file cannot be read.`,

  async run(args) {
    const { values, positionals } = read(args, {
      hours: { type: 'string' },
      cpu: { type: 'string' },
      memory: { type: 'string' },
      storage: { type: 'string' },
      gpu: { type: 'string' },
      replicas: { type: 'string' },
      prices: { type: 'string' },
      format: { type: 'string', default: 'text' },
    });
    const format = oneOf('format', ['text', 'json'], values.format);
    const [path, second] = positionals;
    if (second !== undefined) throw new Unusable('only one file is priced');
    const given = amounts.filter(option => values[option] !== undefined);
    if (path !== undefined && (given.length > 0 || values.hours)) {
      throw new Unusable('the file says all: leave the other options out');
    }
    if (path === undefined && given.length === 0) {
      throw new Unusable(
        'nothing to price: name a file, or say --cpu, --memory',
      );
    }
    const file: SourceFile =
      path === undefined
        ? {
            name: 'the options',
            content: JSON.stringify({
              hours: values.hours,
              resources: [
                Object.fromEntries(
                  given.map(option => [option, numeral(values[option])]),
                ),
              ],
            }),
          }
        : await readSource(path);
    const prices =
      values.prices === undefined ? undefined : await readSource(values.prices);

    const { estimate, diagnostics } = estimateCost(file, prices);
    if (format === 'json') {
      printJson(estimate ?? { diagnostics });
    } else if (estimate) {
      if (path !== undefined) print(table(estimate));
      print(money(estimate, estimate.total));
    } else {
      printDiagnostics(diagnostics, prices ? [file, prices] : [file]);
    }
    return estimate ? exit.ok : exit.findings;
  },
};

/** Numbers stay numbers, so that the core tells wrong ones as such. */
function numeral(text: string | undefined): string | number | undefined {
  return text !== undefined && /^-?[0-9.]+$/.test(text) ? Number(text) : text;
}

function table(estimate: Estimate): string {
  return estimate.lines.map(line => row(estimate, line)).join('\n');
}

function row(estimate: Estimate, line: CostLine): string {
  const { resource, item, amount, unit, rate } = line;
  const name = resource === undefined ? item : `${resource} ${item}`;
  return `${name}: ${amount} ${unit} x ${estimate.hours} h x ${rate} = ${money(
    estimate,
    line.cost,
  )}`;
}

function money({ currency }: Estimate, amount: number): string {
  return `${amount.toFixed(6)} ${currency}`;
}
