// What the template engines render: a text, a file and a folder, with values as a form gives them.

export const values = {
  name: 'payment-api',
  description: 'Takes payments, "safely"',
  owner: 'team-checkout',
  language: 'java',
  port: 8080,
  public: true,
  replicas: 3,
  tags: ['java', 'spring', 'payments', 'tier one'],
  environments: [
    { name: 'dev', region: 'eu-west-1', replicas: 1, hosts: ['a.dev'] },
    { name: 'test', region: 'eu-west-1', replicas: 2, hosts: ['a.test'] },
    {
      name: 'production',
      region: 'eu-central-1',
      replicas: 6,
      hosts: ['a.example.com', 'b.example.com'],
    },
  ],
  variables: { LOG_LEVEL: 'info', JAVA_OPTS: '-Xmx512m', FEATURE_X: 'off' },
  repo: { host: 'github.com', owner: 'acme', repo: 'payment-api' },
};

export const small = '${{ values.name }}';

const block = at => `  # part ${at} of \${{ values.name }}
  - name: \${{ values.name | lower }}-${at}
    title: \${{ values.name | replace('-', ' ') | title }}
    description: \${{ values.description | dump }}
    owner: \${{ values.owner | default('nobody') }}
    repository: https://\${{ values.repo.host }}/\${{ values.repo.owner }}/\${{ values.repo.repo }}
    visibility: \${{ 'public' if values.public else 'internal' }}
    tags:
{%- for tag in values.tags %}
      - \${{ tag | lower | replace(' ', '-') }}
{%- endfor %}
{%- if values.language === 'java' %}
    build: mvn --batch-mode verify -pl part-${at}
{%- elif values.language === 'node' %}
    build: npm test --workspace part-${at}
{%- else %}
    build: make part-${at}
{%- endif %}
    environments:
{%- for environment in values.environments %}
      - name: \${{ environment.name | upper }}
        index: \${{ loop.index }} of \${{ loop.length }}
        region: \${{ environment.region }}
        replicas: \${{ environment.replicas if environment.replicas > 1 else 1 }}
        hosts: [\${{ environment.hosts | join(', ') }}]
{%- if environment.name === 'production' and not loop.first %}
        approval: required
{%- endif %}{% endfor %}
    variables:
{%- for key, value in values.variables %}
      \${{ key }}: \${{ value | dump }}
{%- endfor %}
`;

/** 226 lines with loops, conditions and filters. */
export const file = [
  '# ${{ values.name | capitalize }}: made from a skeleton\nparts:\n',
  ...Array.from({ length: 7 }, (_, at) => block(at + 1)),
].join('');

const filler = (at, lines) =>
  Array.from(
    { length: lines },
    (_, line) =>
      `export const value${at}x${line} = { id: ${line}, label: 'line ${line} of file ${at}' };\n`,
  ).join('');

const few = at =>
  `// \${{ values.name }} by \${{ values.owner }}, file ${at}
import { start } from './\${{ values.name }}';
${filler(at, 36)}start('\${{ values.name }}', \${{ values.port }});
`;

const medium = at =>
  `# \${{ values.name | title }}, ${at}
{% if values.public %}public{% else %}internal{% endif %}
{% for environment in values.environments %}
  \${{ environment.name }}: \${{ environment.replicas }} in \${{ environment.region | upper }}
{% endfor %}
\${{ values.variables | dump }}
${filler(at, 40)}{% for tag in values.tags %}- \${{ tag | lower }}
{% endfor %}owner: \${{ values.owner | default('nobody') }} \${{ values.description | replace('"', "'") }}
`;

/** 500 files: a tenth without tags, three fifths with few, a quarter with some, the rest as {@link file}. */
export const folder = Array.from({ length: 500 }, (_, at) => {
  const share = at % 20;
  const path = `part-${at % 25}/\${{ values.name }}`;
  if (share < 2)
    return { path: `${path}/plain-${at}.ts`, text: filler(at, 40) };
  if (share < 14) return { path: `${path}/few-${at}.ts`, text: few(at) };
  if (share < 19) return { path: `${path}/some-${at}.md`, text: medium(at) };
  return { path: `${path}/many-${at}.yaml`, text: `# ${at}\n${file}` };
});
