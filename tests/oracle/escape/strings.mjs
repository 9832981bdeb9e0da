// Hostile strings, the same at each run.

/* eslint no-script-url: off -- hostile values are what it is about */

import { Random } from '../random.mjs';

/** What ends, begins or changes something in some language. */
const shards = [
  ...'\'"`\\$%&|;<>(){}[]*?!#~^=+-_,.:@/ \n\t\r',
  ...['\n\n', '\r\n', '\n  ', '\n- ', '\n---\n', '\n...\n', '\n# ', ': ', ' #'],
  ...['${', '${{', '}}', '%{', '$(', '$((', '))', '`id`', '$HOME', "'\\''"],
  ...[
    '<<EOF',
    '\nEOF\n',
    '\nEOF',
    'EOF',
    '/*',
    '*/',
    '//',
    '<!--',
    '-->',
    '--',
  ],
  ...['<![CDATA[', ']]>', '<a b="c">', '</a>', '&amp;', '&#10;', '<?x?>'],
  ...[
    '\n```\n',
    '```',
    '~~~',
    '\n    ',
    '](',
    '![',
    '\n=== \n',
    '\n\n# ',
    '| a |',
  ],
  ...['\nRUN id', '\\\n', '\nadmin: true', '", "admin": "', "', 'admin': '"],
  ...[
    'true',
    'null',
    '~',
    'yes',
    '1',
    '0x1',
    '1.10',
    '1e5',
    '12:30',
    '2001-01-01',
  ],
  ...['if', 'then', '&a', '*a', '!x', '<<', '|-', '>', '? ', '- ', '%YAML'],
  ...[
    'https://a.example/?b=c#d',
    'www.a.example',
    'a@b.example',
    'javascript:x',
  ],
  ...[
    '\u0000',
    '\u0007',
    '\u001b',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\ufeff',
  ],
  ...['é', '日本', '😀', '\ud83d', '\\u0022', '\\x22', '\\n', '{{', '{%', '#}'],
];

const words = ['a', 'b', 'payment', 'service', 'x1', 'Team', '7', '-v', '..'];

/** So many strings, those of the list among them. */
export function* strings(seed, count) {
  const random = new Random(seed);
  yield '';
  yield* shards;
  for (let made = 0; made < count; made++) {
    yield random
      .list(6, () => random.pick(random.chance(0.3) ? words : shards))
      .join('');
  }
}
