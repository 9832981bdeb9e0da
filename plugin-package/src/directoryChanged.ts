/**
 * The topic of events that users or groups of the catalogue have changed; their payload has
 * the `entityRefs`. It may be some seconds until the catalogue answers with the change.
 *
 * @public
 */
export const GOLDENPATH_DIRECTORY_TOPIC = 'goldenpath.catalog.changed';
