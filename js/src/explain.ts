import { call } from './load';
import type { CodeExplanation, Explained } from './types';

/** What a code of a diagnostic means; of none that there is, the one that is likely meant. */
export function explainCode(code: string): Explained {
  return call('explainCode', ({ core }) => JSON.parse(core.explainCode(code)));
}

/** All codes with their explanations, area by area. */
export function explainAll(): CodeExplanation[] {
  return call('explainAll', ({ core }) => JSON.parse(core.explainAll()));
}
