//! Where texts change hands: JavaScript writes a template into the core's memory, and reads the output
//! there. For small templates, the copies of strings at the border cost as much as the rendering.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::ApiError;
use super::template::{Answer, Renderer};
use crate::template::Context;

/// The desk of one renderer. The host may render within its functions, so nothing on it is borrowed while
/// a rendering runs.
#[derive(Default)]
pub struct Desk {
    names: RefCell<Option<Rc<Names>>>,
    text: Cell<Vec<u8>>,
    answer: RefCell<Option<Answer>>,
}

/// What a text is called, and its path in the target if that is another.
struct Names {
    name: String,
    target: Option<String>,
}

/// Larger texts leave no room behind.
const MAX_KEPT: usize = 1 << 20;

impl Desk {
    /// Names the texts that follow.
    pub fn name(&self, name: String, target: Option<String>) {
        self.names.replace(Some(Rc::new(Names { name, target })));
    }

    /// The address of room for so many bytes.
    pub fn room(&self, bytes: usize) -> usize {
        let mut text = self.text.take();
        if text.len() < bytes {
            text.resize(bytes, 0);
        }
        let address = text.as_mut_ptr().expose_provenance();
        self.text.set(text);
        address
    }

    /// Renders the text that was written into the room. The length of its output, if there is nothing to
    /// say of it; else the answer is JSON.
    pub fn render(
        &self,
        renderer: &Renderer,
        length: usize,
        context: &Context,
    ) -> Result<Option<usize>, ApiError> {
        let names = self.names.borrow().clone();
        let (name, target) = names
            .as_deref()
            .map_or(("", None), |names| (&*names.name, names.target.as_deref()));
        let text = self.text.take();
        let written = text.get(..length).unwrap_or_default();
        let answer = renderer.render_text(name, written, context, target)?;
        if text.len() <= MAX_KEPT {
            self.text.set(text);
        }
        let length = match &answer {
            Answer::Plain(output) => Some(output.len()),
            Answer::Json(_) => None,
        };
        self.answer.replace(Some(answer));
        Ok(length)
    }

    /// The address of the output, until the next rendering.
    pub fn output(&self) -> usize {
        match &*self.answer.borrow() {
            Some(Answer::Plain(output)) => output.as_ptr().expose_provenance(),
            _ => 0,
        }
    }

    /// The answer as it is.
    pub fn answer(&self) -> Option<Answer> {
        self.answer.take()
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Desk};
    use crate::api::template::Renderer;
    use crate::template::{Context, Host, Record, Value};

    #[test]
    fn an_answer_is_an_output_or_json() {
        let renderer = Renderer::new("{}", Host::default()).expect("options");
        let context = Context::new(&Record::new([("a".into(), Value::text("é"))]));
        let desk = Desk::default();
        let put = |text: &[u8]| {
            assert_ne!(desk.room(text.len()), 0);
            let mut room = desk.text.take();
            room.get_mut(..text.len())
                .expect("room")
                .copy_from_slice(text);
            desk.text.set(room);
            desk.render(&renderer, text.len(), &context)
                .expect("an answer")
        };
        assert_eq!(put(b"[${{ a }}]"), Some(4));
        assert_ne!(desk.output(), 0);
        assert!(matches!(desk.answer(), Some(Answer::Plain(output)) if output == "[é]"));
        desk.name("b.txt".to_owned(), None);
        assert_eq!(put(b"${{"), None);
        assert_eq!(desk.output(), 0);
        let Some(Answer::Json(json)) = desk.answer() else {
            panic!("no JSON");
        };
        assert!(json.contains(r#""file":"b.txt""#), "{json}");
    }
}
