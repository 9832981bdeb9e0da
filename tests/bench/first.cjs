// Prints the milliseconds of the first rendering in a process, loading the engine included.
const start = performance.now();
const { Renderer } = require('../../js/dist/index.js');
new Renderer().renderText(
  { name: 'a', content: '${{ values.name }}' },
  { values: { name: 'a' } },
);
console.log(performance.now() - start);
