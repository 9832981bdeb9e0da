// Every difference between our verdict and that of Backstage 4.0.0, by name. The test holds the list to
// both sides: what differs must be here, and what is here must differ.
//
// A difference has `of` (file or entity), `ours` (the codes of our errors, none if we accept), `theirs`
// (Backstage's error, undefined if it accepts), `world` (the installation) and the `document`.

export const disagreements = [
  {
    name: 'AiResource needs the declarative model',
    why:
      'Backstage publishes the kind as a layer of the declarative model only. We know it always: a ' +
      'descriptor is written for the installation to come, and the kind is spelt right.',
    worlds: ['builtin'],
    explains: ({ ours, theirs, document }) =>
      accepted(ours) &&
      document.kind === 'AiResource' &&
      theirs.includes('No processor recognized the entity'),
  },
  {
    name: 'API of type mcp-server needs the declarative model',
    why:
      'Without the model it is an API like any other, which must have a definition and may leave out ' +
      'its remotes. We hold it to the shape that Backstage publishes for it.',
    worlds: ['builtin'],
    explains: ({ ours, theirs, document }) =>
      isMcpServer(document) &&
      (accepted(ours)
        ? /property 'definition'|\/spec\/definition must/.test(theirs)
        : theirs === undefined && only(ours, ofShape)),
  },
  {
    name: 'what the model does not look at',
    why:
      '`dependencyOf` is in no schema. The processor of the built-in kinds reads it all the same and ' +
      'fails on what is no reference; the one of the model skips it silently, and the relation is lost.',
    worlds: ['model', 'own'],
    explains: ({ ours, theirs, document }) =>
      theirs === undefined &&
      only(ours, ofShape) &&
      document.spec?.dependencyOf !== undefined,
  },
  {
    name: 'annotations that are false to JavaScript',
    why:
      "Backstage adds two annotations when it reads a file, to what is there or to nothing. So `''`, `0` " +
      'and `false` are gone before anybody looks at them; on any other way in they are refused.',
    explains: ({ ours, theirs, document }) =>
      theirs === undefined &&
      only(ours, ofShape) &&
      ['', 0, false].includes(document.metadata.annotations),
  },
  {
    name: 'placeholders are not read by the check of one file',
    why:
      'The engine judges a text without its neighbours: whatever `$text`, `$json` or `$yaml` stands ' +
      'for may be right. Here every other file contains a System.',
    explains: ({ ours, theirs, document }) =>
      accepted(ours) &&
      hasPlaceholder(document) &&
      (/"name":"other"|must be (array|string|boolean|object)|must have required property|must be equal to one of the allowed values/.test(
        theirs,
      ) ||
        /could not form a URL|expected a string value parameter/.test(theirs)),
  },
  {
    name: 'types of locations are for the installation to allow',
    why:
      'From a file in a repository, Backstage reads locations of type `url` unless it is told ' +
      'otherwise (`catalogLocationsExtensionPoint`). From a file on its disk, also of type `file`.',
    explains: ({ ours, theirs, document }) =>
      accepted(ours) &&
      document.kind === 'Location' &&
      theirs.includes('must be of an allowed type ["url"]'),
  },
];

const ofShape = [
  'catalog/missing-field',
  'catalog/wrong-type',
  'catalog/empty-value',
  'catalog/too-few-items',
];

function accepted(codes) {
  return codes.length === 0;
}

function only(codes, allowed) {
  return codes.length > 0 && codes.every(code => allowed.includes(code));
}

function isMcpServer({ kind, spec }) {
  return kind === 'API' && spec?.type === 'mcp-server';
}

function hasPlaceholder(value) {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const names = Object.keys(value);
  const isOne =
    names.length === 1 &&
    /^\$(text|json|yaml|openapi|asyncapi)$/.test(names[0]);
  return isOne || Object.values(value).some(hasPlaceholder);
}
