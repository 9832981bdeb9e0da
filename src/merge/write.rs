//! How a decision about a member is written into ours.

use super::edit::{Change, Edit, reindent};
use super::member::{Lines, Member};
use super::tree::{Merger, Sides};
use crate::source::Span;
use crate::yaml::{Node, Style};

/// Theirs, behind the member of ours that it follows in theirs, or before all.
pub(super) fn insert(
    merger: &mut Merger,
    sides: &Sides,
    anchor: Option<&Member>,
    theirs: &Member,
) -> Option<()> {
    let [_, ours, theirs_text] = merger.texts;
    let first = sides.ours.first()?;
    let flow = is_flow(sides)?;
    let (at, text) = if flow {
        let open = sides.nodes.0.span().start + 1;
        let gap = ours.get(open..first.start)?;
        let gap = match gap {
            "" => " ",
            gap if gap.trim().is_empty() => gap,
            _ => return None,
        };
        let to = first.start - ours.line_start(first.start);
        let text = member(theirs_text, theirs, to)?;
        match anchor {
            Some(anchor) => (anchor.end, format!(",{gap}{text}")),
            None => (first.start, format!("{text},{gap}")),
        }
    } else {
        let to = first.start - ours.line_start(first.start);
        let text = block(theirs_text, theirs, to, anchor.is_some())?;
        match anchor {
            Some(anchor) => (ours.next_line(anchor.end), text),
            None if ours.is_first(first.start) => (ours.line_start(first.start), text),
            None => (
                first.start,
                format!("{}{:to$}", text.trim_start_matches(' '), ""),
            ),
        }
    };
    let needs_break = !flow && at > 0 && at == ours.len() && !ours.ends_with('\n');
    let text = if needs_break {
        format!("\n{}", text.trim_end_matches('\n'))
    } else {
        text
    };
    put(merger, at, at, &text);
    Some(())
}

/// Takes a member of ours away, with the comments above it that the template wrote.
pub(super) fn delete(
    merger: &mut Merger,
    sides: &Sides,
    index: usize,
    base: &Member,
) -> Option<()> {
    let [base_text, ours, _] = merger.texts;
    let member = sides.ours.get(index)?;
    let before = index.checked_sub(1).and_then(|index| sides.ours.get(index));
    let after = sides.ours.get(index + 1);
    let (start, end) = if sides.nodes.0.style() == Style::Flow {
        match (before, after) {
            (Some(before), _) => (before.end, member.end),
            (None, Some(after)) => (member.start, after.start),
            (None, None) => (member.start, member.end),
        }
    } else if before.is_none() && after.is_none() {
        // an object without members is written otherwise
        return None;
    } else if ours.is_first(member.start) {
        let comments = |text: &str, start| {
            let text = text.get(text.with_comments(start)..text.line_start(start))?;
            Some(text.to_owned())
        };
        let start = if comments(ours, member.start) == comments(base_text, base.start) {
            ours.with_comments(member.start)
        } else {
            ours.line_start(member.start)
        };
        (start, ours.next_line(member.end))
    } else {
        (member.start, after?.start)
    };
    put(merger, start, end, "");
    Some(())
}

/// Theirs instead of ours.
pub(super) fn replace(
    merger: &mut Merger,
    sides: &Sides,
    ours: &Member,
    theirs: &Member,
) -> Option<()> {
    let [_, text, theirs_text] = merger.texts;
    let (from, to) = (ours.value.span().start, theirs.value.span().start);
    let (old, new) = (text.get(from..ours.end), theirs_text.get(to..theirs.end));
    let short = |text: Option<&str>| text.is_some_and(|t| !t.is_empty() && !t.contains('\n'));
    if is_flow(sides)? || (short(old) && short(new)) {
        let column = |text: &str, at| at - text.line_start(at);
        let new = reindent(
            new?,
            column(theirs_text, theirs.start),
            column(text, ours.start),
        )?;
        put(merger, from, ours.end, &new);
    } else {
        let column = ours.start - text.line_start(ours.start);
        let new = member(theirs_text, theirs, column)?;
        put(merger, ours.start, text.line_end(ours.end), &new);
    }
    Some(())
}

/// Both changed a member, or theirs no longer has it.
pub(super) fn conflict(
    merger: &mut Merger,
    sides: &Sides,
    base: Option<&Member>,
    ours: &Member,
    theirs: Option<&Member>,
) -> Option<()> {
    let [base_text, text, theirs_text] = merger.texts;
    if !text.is_first(ours.start) || !owns_its_lines(text, ours) {
        return None;
    }
    let span = Span::new(text.line_start(ours.start), text.next_line(ours.end));
    let column = ours.start - span.start;
    let is_flow = is_flow(sides)?;
    let has_comma = is_flow && text.get(ours.end..)?.trim_start().starts_with(',');
    let lines = |text: &str, side: Option<&Member>| {
        let Some(side) = side else {
            return Some(String::new());
        };
        let comma = if has_comma { "," } else { "" };
        Some(format!(
            "{:column$}{}{comma}\n",
            "",
            member(text, side, column)?
        ))
    };
    let change = Change::Conflict {
        base: lines(base_text, base)?,
        theirs: lines(theirs_text, theirs)?,
    };
    merger.edits.push(Edit { span, change });
    Some(())
}

/// Ours has deleted a member that theirs has changed.
pub(super) fn conflict_of_deleted(
    merger: &mut Merger,
    sides: &Sides,
    anchor: Option<&Member>,
    base: &Member,
    theirs: &Member,
) -> Option<()> {
    let [base_text, text, theirs_text] = merger.texts;
    let first = sides.ours.first()?;
    if is_flow(sides)? || !text.is_first(first.start) {
        return None;
    }
    let column = first.start - text.line_start(first.start);
    let at = match anchor {
        Some(anchor) => text.next_line(anchor.end),
        None => text.line_start(first.start),
    };
    if at == text.len() && !text.ends_with('\n') {
        return None;
    }
    let lines = |text, side| Some(format!("{:column$}{}\n", "", member(text, side, column)?));
    let change = Change::Conflict {
        base: lines(base_text, base)?,
        theirs: lines(theirs_text, theirs)?,
    };
    let span = Span::new(at, at);
    merger.edits.push(Edit { span, change });
    Some(())
}

fn put(merger: &mut Merger, start: usize, end: usize, text: &str) {
    let newline = merger.texts[1].contains("\r\n");
    let text = if newline {
        text.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        text.replace("\r\n", "\n")
    };
    merger.edits.push(Edit {
        span: Span::new(start, end),
        change: Change::Text(text),
    });
}

/// Whether both are in brackets; none if only one is.
fn is_flow(sides: &Sides) -> Option<bool> {
    let flow = |node: Node| node.style() == Style::Flow;
    let (ours, theirs) = sides.nodes;
    (flow(ours) == flow(theirs)).then_some(flow(ours))
}

/// A member from its key or dash to its end, moved to a column.
fn member(text: &str, member: &Member, to: usize) -> Option<String> {
    let column = member.start - text.line_start(member.start);
    reindent(text.get(member.start..member.end)?, column, to)
}

/// The lines of a member in a block, comments included, and the empty line above.
fn block(text: &str, member: &Member, to: usize, with_gap: bool) -> Option<String> {
    let column = member.start - text.line_start(member.start);
    if !text.is_first(member.start) {
        let text = text.get(member.start..text.line_end(member.end))?;
        return Some(format!("{:to$}{}\n", "", reindent(text, column, to)?));
    }
    let start = text.with_comments(member.start);
    let lines = text.get(start..text.line_end(member.end))?;
    let lines = reindent(lines.trim_start_matches(' '), column, to)?;
    let above = text.get(..start)?;
    let gap = if with_gap && (above.ends_with("\n\n") || above.ends_with("\n\r\n")) {
        "\n"
    } else {
        ""
    };
    Some(format!("{gap}{:to$}{lines}\n", ""))
}

/// Whether nothing but a comma or a comment stands behind it in its last line.
fn owns_its_lines(text: &str, member: &Member) -> bool {
    let rest = text.get(member.end..text.line_end(member.end));
    let rest = rest.unwrap_or_default().trim_start();
    let rest = rest.strip_prefix(',').unwrap_or(rest).trim();
    rest.is_empty() || rest.starts_with('#')
}
