import {
  ANNOTATION_LOCATION,
  type Entity,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { AlphaEntity } from '@backstage/catalog-model/alpha';
import {
  type CatalogOptions,
  type CatalogReport,
  type Diagnostic,
  checkEntity,
  settleFindings,
} from 'goldenpath';
import { diagnosticsOf } from '../catalog/diagnosticsOf';
import type { AuditedEntity, Finding } from './AuditedEntities';

/** The errors that processing has left on an entity. */
const PROCESSING = 'backstage.io/catalog-processing';

/** Judges an entity of the live catalogue by what it is alone, and by what there is besides. */
export function judge(
  entity: AlphaEntity,
  options: CatalogOptions,
  isThere: (entityRef: string) => boolean,
): Omit<AuditedEntity, 'between'> {
  const entityRef = stringifyEntityRef(entity);
  const alone = checkEntity(entityRef, asWritten(entity), options);
  const needs = needsOf(alone);
  const lacks = needs.filter(ref => !isThere(ref));
  // what is there is no finding without being asked about
  const report =
    lacks.length > 0 ? settle(entityRef, alone, options, isThere) : alone;
  return {
    entityRef,
    etag: etagOf(entity),
    owner: entity.relations?.find(({ type }) => type === RELATION_OWNED_BY)
      ?.targetRef,
    location: entity.metadata.annotations?.[ANNOTATION_LOCATION],
    score: report.documents[0]?.score,
    needs,
    lacks,
    own: [...refusalsOf(entity), ...diagnosticsOf(report).map(toFinding)],
  };
}

/** The entities that a report depends on. */
function needsOf({ documents }: CatalogReport): string[] {
  return documents
    .flatMap(({ pending = [] }) => pending)
    .flatMap(({ needs }) => ('entity' in needs ? needs.entity : []));
}

function settle(
  file: string,
  report: CatalogReport,
  options: CatalogOptions,
  isThere: (entityRef: string) => boolean,
): CatalogReport {
  const known = needsOf(report).filter(isThere);
  const { files } = settleFindings([{ file, ...report }], { known }, options);
  return files[0];
}

/** It changes with everything of an entity, its relations and errors too. */
export function etagOf({ metadata }: Entity): string {
  return metadata.etag ?? '';
}

/** Without what the catalogue has added, which no file may have. */
export function asWritten({
  relations: _,
  status: __,
  ...entity
}: AlphaEntity) {
  const { uid, etag, generation, ...metadata } = entity.metadata;
  return { ...entity, metadata };
}

/** The catalogue has an older version then, which says nothing of the file. */
function refusalsOf({ status }: AlphaEntity): Finding[] {
  const errors = (status?.items ?? []).filter(
    ({ type, level }) => type === PROCESSING && level === 'error',
  );
  return errors.map(({ message }) => ({
    code: 'catalog/refused-update',
    severity: 'error',
    message: 'its newest version is refused',
    why: message.split('\n', 1)[0],
    help: 'correct the file; until then the catalogue has the last version that was accepted',
  }));
}

/** Without its place, which is in a text that nobody has. */
export function toFinding(diagnostic: Diagnostic): Finding {
  const { code, severity, message, why, help, pointer } = diagnostic;
  return { code, severity, message, why, help, pointer };
}
