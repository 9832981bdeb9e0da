import {
  KeyObject,
  createHash,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} from 'node:crypto';

/**
 * Who asked for a commit that a bot makes in their place. It is signed over the commit's content and
 * place, not its id, so that it can stand in the commit's message.
 */
export interface Provenance {
  /** What the portal knows the request by. */
  request: string;
  /** The user who asked, by ref. */
  requester: string;
  /** `owner/name` of the repository. */
  repository: string;
  /** The commit's tree, as git names it. */
  tree: string;
  /** The commit's parents. */
  parents: string[];
  /** What was planned, and is consented to. */
  digest?: string;
  /** In RFC 3339. */
  issuedAt: string;
  expiresAt: string;
}

/** The commit that a provenance is found in. */
export interface ProvenCommit {
  repository: string;
  tree: string;
  parents: string[];
}

/** What is proven, or why it is not. */
export type ProvenanceVerdict =
  | { provenance: Provenance; problem?: undefined }
  | { provenance?: undefined; problem: string };

/** The name of the trailer in a commit's message. */
export const PROVENANCE_TRAILER = 'Goldenpath-Provenance';

/** A key in PEM, or as `node:crypto` holds it. The private key can stand for its public one. */
export type ProvenanceKey = string | Buffer | KeyObject;

const TYPE = 'goldenpath-provenance+jws';
const MAX_LENGTH = 8192;

/**
 * The line for a commit's message: a JSON Web Signature (RFC 7515, Ed25519 as in RFC 8037) over the
 * provenance in JSON with sorted keys. `kid` in its header is the thumbprint of the public key
 * (RFC 7638).
 */
export function signProvenance(
  provenance: Provenance,
  key: ProvenanceKey,
): string {
  const wrong = malformed(provenance);
  if (wrong) throw new Error(wrong);
  const privateKey = ed25519(key, createPrivateKey);
  const signed = [headerFor(privateKey), canonical(provenance)]
    .map(encode)
    .join('.');
  const signature = sign(null, Buffer.from(signed), privateKey);
  return `${PROVENANCE_TRAILER}: ${signed}.${signature.toString('base64url')}`;
}

/** Looks for the provenance in a commit's message and verifies it: by whom, of what, and until when. */
export function verifyProvenance(
  message: string,
  commit: ProvenCommit,
  { keys, now }: { keys: ProvenanceKey[]; now: string },
): ProvenanceVerdict {
  const start = `${PROVENANCE_TRAILER}: `;
  const [line, ...more] = message
    .split(/\r?\n/)
    .filter(candidate => candidate.startsWith(start));
  if (line === undefined) {
    return { problem: `the commit has no line \`${PROVENANCE_TRAILER}\`` };
  }
  if (more.length > 0) {
    return { problem: `the commit has several \`${PROVENANCE_TRAILER}\`` };
  }
  const { payload, problem } = signedBy(keys, line.slice(start.length).trim());
  if (payload === undefined) return { problem };
  const provenance = read(payload);
  const wrong =
    malformed(provenance) ??
    mismatch(provenance, commit) ??
    untimely(provenance, now);
  return wrong === undefined ? { provenance } : { problem: wrong };
}

/** The name of a key: the thumbprint of its public half. */
export function keyId(key: ProvenanceKey): string {
  const { crv, kty, x } = publicKey(key).export({ format: 'jwk' });
  return createHash('sha256')
    .update(canonical({ crv, kty, x }))
    .digest('base64url');
}

/** What a key signed, or why it is not believed. */
function signedBy(
  keys: ProvenanceKey[],
  token: string,
):
  | { payload: string; problem?: undefined }
  | { payload?: undefined; problem: string } {
  const parts = token.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || token.length > MAX_LENGTH) {
    return { problem: 'the provenance is malformed' };
  }
  // the header is compared, not read: nothing in it chooses how to verify
  const key = keys.find(candidate => encode(headerFor(candidate)) === header);
  if (!key) return { problem: 'the provenance is not signed with a known key' };
  const isSigned = verify(
    null,
    Buffer.from(`${header}.${payload}`),
    publicKey(key),
    Buffer.from(signature, 'base64url'),
  );
  return isSigned
    ? { payload }
    : { problem: 'the signature of the provenance is wrong' };
}

/** What is not JSON has none of the fields. */
function read(payload: string): Provenance {
  try {
    const text = Buffer.from(payload, 'base64url').toString();
    return Object(JSON.parse(text));
  } catch {
    return {} as Provenance;
  }
}

function headerFor(key: ProvenanceKey): string {
  return canonical({ alg: 'EdDSA', kid: keyId(key), typ: TYPE });
}

const OBJECT_ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

const NAME = /^[\w.:/-]{1,200}$/;

/** How each field is written, and how to say so. */
const forms: Record<keyof Provenance, [pattern: RegExp, form: string]> = {
  request: [NAME, 'up to 200 letters, digits and `_.:/-`'],
  requester: [
    /^user:[\w.-]{1,63}\/[\w.-]{1,63}$/,
    "a user's ref such as `user:default/ann`",
  ],
  repository: [/^[\w.-]+(\/[\w.-]+)+$/, '`owner/name`'],
  tree: [OBJECT_ID, 'a full id of git'],
  parents: [OBJECT_ID, 'a list of full ids of git'],
  digest: [NAME, 'up to 200 letters, digits and `_.:/-`'],
  issuedAt: [TIME, 'a time in RFC 3339'],
  expiresAt: [TIME, 'a time in RFC 3339'],
};

function malformed(provenance: Provenance): string | undefined {
  for (const [name, [pattern, form]] of Object.entries(forms)) {
    const value: unknown = provenance[name as keyof Provenance];
    if (name === 'digest' && value === undefined) continue;
    const texts = name === 'parents' ? value : [value];
    const isRight =
      Array.isArray(texts) &&
      texts.every(text => typeof text === 'string' && pattern.test(text)) &&
      !(pattern === TIME && Number.isNaN(Date.parse(texts[0])));
    if (!isRight) {
      return `\`${name}\` of the provenance is malformed: it is ${form}`;
    }
  }
  return undefined;
}

function mismatch(
  { repository, tree, parents }: Provenance,
  commit: ProvenCommit,
): string | undefined {
  if (repository.toLowerCase() !== commit.repository.toLowerCase()) {
    return `the provenance is for the repository ${repository}`;
  }
  if (tree !== commit.tree || parents.join() !== commit.parents.join()) {
    return 'the provenance is for another commit';
  }
  return undefined;
}

function untimely(
  { issuedAt, expiresAt }: Provenance,
  now: string,
): string | undefined {
  const time = Date.parse(now);
  if (time < Date.parse(issuedAt)) {
    return `the provenance is of the future: it is issued at ${issuedAt}`;
  }
  // no time is in time
  return time < Date.parse(expiresAt)
    ? undefined
    : `the provenance expired at ${expiresAt}`;
}

function publicKey(key: ProvenanceKey): KeyObject {
  const object = ed25519(key, createPublicKey);
  return object.type === 'private' ? createPublicKey(object) : object;
}

/** The key in a PEM text or an object; what cannot be read is not shown. */
function ed25519(
  key: ProvenanceKey,
  create: (key: string | Buffer) => KeyObject,
): KeyObject {
  let object: KeyObject;
  try {
    object = key instanceof KeyObject ? key : create(key);
  } catch {
    const kind = create === createPrivateKey ? 'private key' : 'key';
    throw new Error(`the key is no ${kind} in PEM`);
  }
  if (object.asymmetricKeyType !== 'ed25519') {
    throw new Error('the key is no Ed25519 key');
  }
  return object;
}

/** JSON with its keys sorted, without spaces. */
function canonical(value: object): string {
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted));
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
