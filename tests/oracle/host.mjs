// The functions that cases may use; tests/it/template.rs has the same.

export const filters = {
  shout: value =>
    typeof value === 'string' ? `${value.toUpperCase()}!` : undefined,
  fail: () => {
    throw new Error('no luck');
  },
};

export const globals = {
  twice: value => [value, value],
  fail: filters.fail,
  answer: 42,
};
