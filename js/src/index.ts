export {
  ANSWERS_FILE,
  type AnswersOptions,
  type TemplateAnswers,
  formatAnswers,
  readAnswers,
} from './answers';
export {
  checkCatalogFile,
  checkEntity,
  entityYaml,
  fixCatalogFile,
  unifiedDiff,
} from './catalog';
export { type FolderReport, checkCatalogFiles } from './catalogFiles';
export { estimateCost } from './cost';
export { formatDiagnostics } from './diagnostics';
export { editFiles } from './edit';
export { editorSchema } from './editor';
export { explainAll, explainCode } from './explain';
export {
  type RhdhCompilation,
  RhdhPolicy,
  compareRhdh,
  compileRhdh,
  exportCedar,
  importRhdh,
} from './exchange';
export { CatalogGraph, catalogGraphFields, diffCatalogs } from './graph';
export { catalogOptions, readKinds } from './kinds';
export { InternalError } from './load';
export { mergeFile } from './merge';
export { planEnvironment, planPerson } from './plan';
export {
  Policy,
  type PolicyCompilation,
  compilePolicy,
  diffPolicies,
  isEnvironment,
} from './policy';
export { readSettings } from './settings';
export { settleFindings } from './settle';
export {
  type Provenance,
  type ProvenanceKey,
  type ProvenanceVerdict,
  type ProvenCommit,
  keyId,
  signProvenance,
  verifyProvenance,
} from './provenance';
export {
  type SkeletonEntry,
  type SkeletonOptions,
  type SkeletonReport,
  renderSkeleton,
} from './skeleton';
export { Context, Renderer, lintTemplate } from './template';
export type * from './types';
export {
  type UpgradeOptions,
  type UpgradeReport,
  type UpgradedFile,
  upgradeSkeleton,
} from './upgrade';
export { withoutSecrets } from './values';
export { verifyFile } from './verify';
export { version } from './version';
