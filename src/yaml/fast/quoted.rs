//! Texts in quotes that are on one line and have common escapes.

use std::borrow::Cow;

use super::Reader;
use super::scalar::{MAX_KEY, Scalar};
use crate::source::Span;
use crate::yaml::arena::Content;
use crate::yaml::document::Style;

impl<'s> Reader<'s> {
    pub(super) fn quoted(&mut self) -> Option<Scalar<'s>> {
        let start = self.at;
        let quote = self.byte()?;
        let mut text = Cow::Borrowed("");
        // What is not in `text` yet.
        let mut since = start + 1;
        let mut at = since;
        let end = loop {
            let byte = self.byte_at(at)?;
            let escaped = match byte {
                b'\n' => return None,
                b'\'' if quote == b'\'' && self.byte_at(at + 1) == Some(b'\'') => '\'',
                b'\\' if quote == b'"' => match self.byte_at(at + 1)? {
                    b'n' => '\n',
                    b't' => '\t',
                    b'"' => '"',
                    b'\\' => '\\',
                    b'/' => '/',
                    _ => return None,
                },
                _ if byte == quote => break at,
                _ => {
                    at += 1;
                    continue;
                }
            };
            let text = text.to_mut();
            text.push_str(self.text.get(since..at)?);
            text.push(escaped);
            at += 2;
            since = at;
        };
        let last = self.text.get(since..end)?;
        match &mut text {
            Cow::Borrowed(_) => text = Cow::Borrowed(last),
            Cow::Owned(text) => text.push_str(last),
        }
        self.at = end + 1;
        // A key as long as that is refused.
        (end - start <= MAX_KEY || !self.is_followed_by_colon()).then_some(Scalar {
            content: Content::Text(text),
            style: Style::Quoted,
            span: Span::new(start, end + 1),
        })
    }

    fn is_followed_by_colon(&self) -> bool {
        let next = self.rest().iter().find(|&&byte| byte != b' ');
        next == Some(&b':')
    }
}
