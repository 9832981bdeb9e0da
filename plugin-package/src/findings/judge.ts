import {
  ANNOTATION_LOCATION,
  type Entity,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { AlphaEntity } from '@backstage/catalog-model/alpha';
import { type CatalogOptions, type Diagnostic, checkEntity } from 'goldenpath';
import { diagnosticsOf } from '../catalog/diagnosticsOf';
import type { AuditedEntity, Finding } from './AuditedEntities';

/** The errors that processing has left on an entity. */
const PROCESSING = 'backstage.io/catalog-processing';

/** Judges an entity of the live catalogue by what it is alone. */
export function judge(
  entity: AlphaEntity,
  options: CatalogOptions,
): Omit<AuditedEntity, 'between'> {
  const entityRef = stringifyEntityRef(entity);
  const report = checkEntity(entityRef, asWritten(entity), options);
  return {
    entityRef,
    etag: etagOf(entity),
    owner: entity.relations?.find(({ type }) => type === RELATION_OWNED_BY)
      ?.targetRef,
    location: entity.metadata.annotations?.[ANNOTATION_LOCATION],
    own: [...refusalsOf(entity), ...diagnosticsOf(report).map(toFinding)],
  };
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
