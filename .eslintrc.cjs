const { createConfig } = require('@backstage/cli/config/eslint-factory');

module.exports = {
  root: true,
  ...createConfig(__dirname, {
    ignorePatterns: [
      'target',
      'js/wasm',
      'node_modules',
      'tests/cases',
      'examples/templates',
    ],
    parserOptions: { ecmaVersion: 2022 },
    rules: {
      // programs for the terminal
      'no-console': 'off',
      'jest/expect-expect': 'off',
    },
  }),
};
