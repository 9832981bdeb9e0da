import type { Finding } from './AuditedEntities';

/** How a finding writes the ref of an entity. */
const MENTION = /`([^`\s:/]+:[^`\s/]+\/[^`\s/]+)`/g;

/** The refs that a finding's texts name. */
export function mentionsOf({ message, why, help }: Finding): string[] {
  return [message, why, help].flatMap(text =>
    [...(text ?? '').matchAll(MENTION)].map(([, ref]) => ref),
  );
}

/** A finding that does not name some entities, since not everybody may know that they are there. */
export function withoutMentions(
  { message, why, help, ...finding }: Finding,
  isSecret: (entityRef: string) => boolean,
): Finding {
  const mask = (text: string) =>
    text.replace(MENTION, (mention, ref) =>
      isSecret(ref) ? 'an entity that you may not read' : mention,
    );
  return {
    ...finding,
    message: mask(message),
    why: why && mask(why),
    help: help && mask(help),
  };
}
