// Hostile values in Markdown, read by markdown-it, and in XML, read by jsdom's strict parser.

/* eslint no-control-regex: off, no-script-url: off -- hostile values are what it is about */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { JSDOM } from 'jsdom';
import MarkdownIt from 'markdown-it';

import { HARMLESS, fuzz, render } from './escape/language.mjs';
import { strings } from './escape/strings.mjs';

const markdown = new MarkdownIt({ html: true, linkify: true });

/** As comments and headings have it: on one line. */
const oneLine = value =>
  value
    .replace(/\r\n/g, '\n')
    .replace(/[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff]/g, ' ');

/** Blanks at the edges of a table's cell are nothing. */
const cells = html =>
  html.replace(/<td>\s+|\s+(?=<\/td>)/g, found => found.trim());

const places = [
  'a ${{ v }} b\n',
  '# ${{ v }}\n\nafter\n',
  '${{ v }}\n\nafter\n',
  'a ${{ v }}\nb\n',
  '- ${{ v }}\n- b ${{ v }} c\n',
  '> ${{ v }}\n',
  '| a | b |\n| - | - |\n| ${{ v }} | c |\n',
  // Markdown sees no end of emphasis behind a blank, so the author's words are at the stars
  'a *b ${{ v }} c* [x${{ v }}y](z) !${{ v }}\n',
  'a <b title="x${{ v }}">c</b> d\n',
  '1. ${{ v }}. x\n',
];

test('values in the text of Markdown are text', () => {
  for (const place of places) {
    const harmless = markdown.render(render('a.md', place, HARMLESS));
    for (const value of strings(11, 800)) {
      const wanted = oneLine(value.toWellFormed());
      const inTag = place.includes('title=');
      // nothing, or nothing but blanks, is no paragraph
      if (wanted.trim() === '' && !inTag) continue;
      const output = render('a.md', place, value);
      const told = `${JSON.stringify(value)} in ${JSON.stringify(
        place,
      )} =>\n${output}`;
      if (output === undefined) {
        assert(inTag && /[\0-\x1f]/.test(value), told);
        continue;
      }
      const html = markdown.render(output);
      if (inTag) {
        const read = new JSDOM(html).window.document.querySelector('b');
        assert.equal(
          read.getAttribute('title'),
          `x${value.toWellFormed()}`,
          told,
        );
        assert.equal(read.textContent, 'c', told);
        continue;
      }
      const text = markdown.utils.escapeHtml(wanted);
      const expected = harmless.split(HARMLESS).join(text);
      assert.equal(cells(html), cells(expected), told);
    }
  }
});

test('values in code of Markdown are code', () => {
  for (const place of [
    '```sh\n${{ v }}\n```\nafter\n',
    '- a\n  ~~~\n  x ${{ v }} y\n  ~~~\n- after\n',
    'a `x ${{ v }} y` b\n',
  ]) {
    const harmless = markdown.render(render('a.md', place, HARMLESS));
    const isBlock = !place.startsWith('a');
    for (const value of strings(13, 800)) {
      const output = render('a.md', place, value);
      const told = `${JSON.stringify(value)} in ${JSON.stringify(
        place,
      )} =>\n${output}`;
      if (output === undefined) {
        assert.match(value, /[`|~]/, told);
        continue;
      }
      const text = isBlock
        ? value.toWellFormed().replace(/\r\n?/g, '\n').replace(/\0/g, '\ufffd')
        : oneLine(value.toWellFormed());
      const expected = harmless
        .split(HARMLESS)
        .join(markdown.utils.escapeHtml(text));
      assert.equal(markdown.render(output), expected, told);
    }
  }
});

test('values in addresses of Markdown stay there', () => {
  const place = 'a [b](https://x.example/${{ v }}) <c>d</c>\n';
  const shape = html => html.replace(/href="[^"]*"/g, 'href');
  const harmless = markdown.render(render('a.md', place, HARMLESS));
  for (const value of strings(17, 1500)) {
    const html = markdown.render(render('a.md', place, value));
    assert.equal(shape(html), shape(harmless), JSON.stringify(value));
  }
  for (const scheme of [
    'javascript:x',
    'JaVaScript:x',
    ' data:x',
    'java\tscript:x',
  ]) {
    assert.equal(render('a.md', '[b](${{ v }})', scheme), undefined);
  }
});

test('values in XML', () => {
  const { DOMParser } = new JSDOM('').window;
  const read = output => {
    const document = new DOMParser().parseFromString(output, 'text/xml');
    const error = document.querySelector('parsererror');
    if (error) throw new Error(error.textContent);
    const values = [];
    return { shape: visit(document), values };

    function visit(node) {
      if (node.nodeName === 'v') {
        values.push(node.textContent);
        return 'v';
      }
      const attributes = [...(node.attributes ?? [])].map(({ name, value }) => {
        if (name !== 'v') return [name, value];
        values.push(value);
        return name;
      });
      const isComment = node.nodeName === '#comment';
      return [
        node.nodeName,
        attributes,
        isComment ? '' : node.nodeValue,
        [...node.childNodes].map(visit),
      ];
    }
  };
  fuzz({
    file: 'pom.xml',
    read,
    count: 600,
    templates: [
      { text: '<a b="1" v="${{ v }}"><c v=\'${{ v }}\'/><v>${{ v }}</v>d</a>' },
      { text: '<a><v><![CDATA[${{ v }}]]></v><b/></a>' },
      {
        text: '<a><!-- ${{ v }} --><!--${{ v }}--><v>w</v></a>',
        says: () => 'w',
      },
    ].map(template => ({
      // without references, XML has one kind of line break
      says: template.text.includes('CDATA')
        ? value => value.replace(/\r\n?/g, '\n')
        : undefined,
      ...template,
      refuses: value => /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(value),
    })),
  });
});
