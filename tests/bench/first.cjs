// Prints the milliseconds of the import and of the first rendering in a process, which loads the engine.
const start = performance.now();
const { Renderer } = require('../../js/dist/index.js');

const imported = performance.now();
new Renderer().renderText(
  { name: 'a', content: '${{ values.name }}' },
  { values: { name: 'a' } },
);
const rendered = performance.now();
console.log(JSON.stringify([imported - start, rendered - imported]));
